"""The claims of a publication, and their verdicts from a run."""
