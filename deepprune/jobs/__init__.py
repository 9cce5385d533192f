"""Functions that the scripts of the workflow share."""
