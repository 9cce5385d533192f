"""Pruning: criteria and the ladder."""
