"""The row `ours`: a program with egain_pulumi."""
