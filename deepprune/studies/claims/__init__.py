"""Claims of a publication: what is measured for each, and its verdict."""
