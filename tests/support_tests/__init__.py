"""Tests of the harness itself, against the real plugin host and the real CLI."""
