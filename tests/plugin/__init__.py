"""`egain_pulumi/plugin/`."""
