"""The only code that speaks HTTP to eGain: collections and ids, no kinds."""
