"""What `make` runs: the Pulumi CLI on any machine, and the local stack.

All of it runs before `.venv` exists, so it is standard library only. The exception is
`offline/language_host.py`, which `.venv`'s Python runs.
"""
