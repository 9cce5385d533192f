"""What is fetched from elsewhere."""
