"""PLUGIN SIDE: what acts. Runs in Pulumi's plugin host, one process per provider."""
