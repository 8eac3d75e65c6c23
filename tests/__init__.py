"""The tests, as a package: plugin hosts and programs import their providers from it by name."""
