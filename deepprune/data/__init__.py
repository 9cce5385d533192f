"""From a row of the sheet to a data set."""
