"""The options of config.yaml, and which data sets are chosen."""
