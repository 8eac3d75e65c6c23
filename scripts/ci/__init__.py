"""The pipelines of a hub: one module per script, and what they share.

The scripts beside this folder start `run.py`, which sets up what they need. Exit codes are those
of `egain-pulumi`: 0 fine, 1 a finding, 2 could not run, 3 needs an acknowledgement.
"""
