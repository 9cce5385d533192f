"""Kernels as motifs, and their matches with known motifs."""
