"""Every kind's whole life through the real plugin host, against the emulator in its own process."""
