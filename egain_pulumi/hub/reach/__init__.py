"""The rules of reach, and `reach.toml`, which silences them."""
