"""Published studies: their claims, tables, figures and pages."""
