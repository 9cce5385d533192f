"""What networks achieve: measures, comparisons, tables."""
