"""The options of config.yaml, and the choice of data sets."""
