"""The scripts of the pipelines; see docs/ci.md."""
