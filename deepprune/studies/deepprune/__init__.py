"""Luo, Chi and Deng (2019), https://doi.org/10.3389/fgene.2019.01145"""
