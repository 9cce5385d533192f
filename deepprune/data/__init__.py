"""Data sets, and their preparation from a row of the sheet."""
