"""Training of networks on a data set."""
