"""How the paper's text and its authors' code read filters as motifs: options of FilterReading by name."""

# The text has a threshold on the largest activation that a filter could reach, the code on the largest in the test set;
# here, both are the latter. The code takes windows of 19 bp for filters of all widths and layers.
READINGS = {
    "code": {"threshold": 0.5, "every": True, "weighted": True, "width": 19, "trim": 0.5, "flank": 3},
    "text": {"threshold": 0.7, "every": False, "weighted": False},
}
