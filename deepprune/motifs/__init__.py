"""Kernels as motifs, and what these resemble."""
