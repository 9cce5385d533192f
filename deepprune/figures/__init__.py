"""Figures from tables and motifs."""
