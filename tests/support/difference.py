"""The engine's own comparison of old and new inputs, used when a provider says "unknown".

A port of the engine's property diff: mappings by key, lists by index, a secret only as a whole, a
null like a missing key. The paths are Pulumi's (`roles.bot.headers["X-Tenant"]`, `intents[0]`).
"""

from __future__ import annotations

import re
from typing import Any, Literal

from tests.support.values import Secret, Unknown

Kind = Literal["add", "delete", "update"]
Difference = dict[str, Kind]

_INVERSE: dict[Kind, Kind] = {"add": "delete", "delete": "add", "update": "update"}
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_]+\Z")


def path_text(path: tuple[str | int, ...]) -> str:
    """A property path as Pulumi prints it."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.match(part):
            text += f".{part}" if text else part
        else:
            escaped = part.replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


def same(old: Any, new: Any) -> bool:
    """Whether the engine takes two values for equal. A secret never equals a plain value."""
    if isinstance(old, Secret) or isinstance(new, Secret):
        both = isinstance(old, Secret) and isinstance(new, Secret)
        return both and same(old.value, new.value)
    if isinstance(old, dict) and isinstance(new, dict):
        keys = old.keys() | new.keys()
        return all(same(old.get(key), new.get(key)) for key in keys)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        return old is new
    return type(old) is type(new) and bool(old == new)


def compare(old: Any, new: Any, path: tuple[str | int, ...] = ()) -> Difference:
    """Every path at which two values differ, and how."""
    found: Difference = {}
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() | new.keys():
            found |= _entry(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(min(len(old), len(new))):
            found |= _entry(old[index], new[index], (*path, index))
        for index in range(len(old), len(new)):
            found[path_text((*path, index))] = "add"
        for index in range(len(new), len(old)):
            found[path_text((*path, index))] = "delete"
    elif not same(old, new):
        found[path_text(path)] = "update"
    return found


def _entry(old: Any, new: Any, path: tuple[str | int, ...]) -> Difference:
    if old is None and new is None:
        return {}
    if old is None:
        return {path_text(path): "add"}
    if new is None:
        return {path_text(path): "delete"}
    return compare(old, new, path)


def invert(difference: Difference) -> Difference:
    """The way back: what a refresh shows, seen from the server's side."""
    return {path: _INVERSE[kind] for path, kind in difference.items()}


def top_level(difference: Difference) -> set[str]:
    """The first keys of the paths: what the engine calls the changed keys."""
    return {re.split(r"[.\[]", path, maxsplit=1)[0] for path in difference}
