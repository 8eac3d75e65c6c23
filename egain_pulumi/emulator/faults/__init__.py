"""Faults that a test requests: which calls they hit, and what they do."""
