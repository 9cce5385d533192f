"""What networks of few kernels gain by both strands and by a background of word counts."""
