"""Names: the vendor's camelCase, "did you mean", loopback hosts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache

from pydantic.alias_generators import to_camel


def closest(name: str, names: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    # camelCase first: people copy from the vendor's pages.
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    candidates = list(names)
    if snake in candidates:
        return snake
    return next(iter(difflib.get_close_matches(name, candidates, 1)), None)


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this machine: the only ones for which plain http is no concern."""


@cache
def wire_name(field: str) -> str:
    """The vendor's name of a field: `display_name` is `displayName`.

    Only in this direction: a name like `l10nProperties` does not say where its words part.
    """
    return _IRREGULAR.get(field) or to_camel(field)


_IRREGULAR = {"l10n_properties": "l10nProperties"}  # a letter after a digit would be a capital
