"""Claims as data: what is measured for each, and its verdict."""
