"""Which kernels stay, and the way down the ladder."""
