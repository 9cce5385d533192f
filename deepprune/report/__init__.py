"""HTML pages from tables and figures."""
