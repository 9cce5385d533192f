"""Koo & Eddy (2019): which architectures make first-layer filters whole motifs."""
