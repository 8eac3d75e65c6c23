"""`egain_pulumi/schema/`."""
