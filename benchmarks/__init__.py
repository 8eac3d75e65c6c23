"""`make bench`: egain_pulumi beside what one would use instead, in one run, on the emulator."""
