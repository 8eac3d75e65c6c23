"""The emulator, from outside: a real process, real HTTP."""
