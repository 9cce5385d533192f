"""Pages from tables and figures."""
