"""Files fetched from public hosts."""
