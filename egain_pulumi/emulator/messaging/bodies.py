"""Looking into JSON that may have any shape: the console can edit whatever it likes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

Body = dict[str, Any]


def at(value: Any, *steps: str) -> Any:
    """What is below these keys, None where a key is missing or its parent is no object."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def text_at(value: Any, *steps: str) -> str:
    """A text below these keys, "" where there is none."""
    found = at(value, *steps)
    return found if isinstance(found, str) else ""


def objects_at(value: Any, *steps: str) -> list[Body]:
    """The objects of a list below these keys; whatever else the list holds is passed over."""
    found = at(value, *steps)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def shown_url(url: str) -> str:
    """An address for people: without user, query and fragment, each of which may be a secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{host}{port}{parts.path}"
