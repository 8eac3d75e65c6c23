"""Faults on demand: what a client asks for, and how they act."""
