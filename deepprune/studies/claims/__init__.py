"""The claims of a publication, and what a study says of them."""
