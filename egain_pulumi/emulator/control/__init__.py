"""The emulator's own endpoints under `/_emulator/`, and its page."""
