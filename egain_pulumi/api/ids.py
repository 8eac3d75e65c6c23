"""Ids that eGain answers: what may go into a state, a terminal and a URL. Pure."""

from __future__ import annotations

from typing import Any, TypeGuard
from urllib.parse import quote

_LONGEST = 255  # characters; eGain's own are UUIDs
_OF_URLS = frozenset("/?#%")


def is_id(value: Any) -> TypeGuard[str]:
    """Return whether a value can be an id: a short, printable segment of a path.

    Anything else could lead a call to another address, move the cursor of a terminal or hide in a
    line.
    """
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST
        and value.isprintable()
        and not any(character.isspace() or character in _OF_URLS for character in value)
        and value not in (".", "..")
    )


def segment(id: str) -> str:
    """Return an id, quoted as a segment of a path."""
    return quote(id, safe="")
