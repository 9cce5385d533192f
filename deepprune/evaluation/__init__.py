"""The performance of networks: measures, comparisons, tables."""
