"""`egain_pulumi/cli/`."""
