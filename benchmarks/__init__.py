"""`make bench`: egain_pulumi compared with its alternatives, in one run on the emulator."""
