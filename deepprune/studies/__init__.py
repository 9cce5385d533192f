"""Studies: of publications, and this project's own."""
