"""What pipelines run; see docs/ci.md."""
