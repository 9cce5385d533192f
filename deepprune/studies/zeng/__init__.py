"""Zeng et al. (2016): ten architectures on two tasks, and gkm-SVMs."""
