"""`egain-pulumi smoke` and the bot of `examples/bot/`: the real hub, the real bot, the emulator."""
