"""Adoption: names, texts, evidence, plans as tables; the whole way with the real CLI."""
