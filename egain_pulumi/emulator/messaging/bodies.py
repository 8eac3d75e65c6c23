"""Access to JSON of any shape: the control surface can store anything."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]


def at(value: Any, *steps: str) -> Any:
    """Return the value below these keys, None if there is none."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def text_at(value: Any, *steps: str) -> str:
    """Return the text below these keys, "" if there is none."""
    found = at(value, *steps)
    return found if isinstance(found, str) else ""


def objects_at(value: Any, *steps: str) -> list[Body]:
    """Return the objects of the list below these keys, without its other items."""
    found = at(value, *steps)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
