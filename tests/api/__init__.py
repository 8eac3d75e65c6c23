"""`egain_pulumi/api/`."""
