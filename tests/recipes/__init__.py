"""How a hub grows and changes: `examples/second-channel/` and `docs/recipes.md`, on real parts."""
