"""Predictions of trained networks, and what they consist of."""
