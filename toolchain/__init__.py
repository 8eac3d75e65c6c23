"""What `make` runs: the Pulumi CLI on any machine, and the local stack.

Everything here runs before (or without) the virtual environment, so it is standard
library only; `language_host.py` alone is run by the environment's Python.
"""
