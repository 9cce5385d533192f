"""What the scripts of the workflow share."""
