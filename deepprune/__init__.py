"""Few-kernel CNNs of DNA-protein binding: train wide, prune step by step, read the kernels as motifs."""

__version__ = "0.1.0"
