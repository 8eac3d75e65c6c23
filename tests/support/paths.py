"""Property paths as options name them: `a.b`, `a["x-y"]`, `a[0]`, and `*` for any key or index."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from typing import Any

from tests.support.values import Properties, Secret

Path = list[str | int]
_PART = re.compile(r'\.?(?:\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.\[\]]+))')


def parse(text: str) -> Path:
    """The parts of a path."""
    found: Path = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            raise ValueError(f"no property path: {text!r}")
        quoted, index, key = match.groups()
        if quoted is not None:
            found.append(quoted.replace('\\"', '"'))
        elif index is not None:
            found.append("*" if index == "*" else int(index))
        else:
            found.append(key)
        at = match.end()
    return found


def contains(outer: Sequence[str | int], inner: Sequence[str | int]) -> bool:
    """Whether `inner` is at or below `outer`."""
    return len(outer) <= len(inner) and all(
        a in ("*", b) for a, b in zip(outer, inner, strict=False)
    )


def ignore(inputs: Properties, olds: Properties, paths: Iterable[str]) -> Properties:
    """The inputs with the ignored paths set back to what they were (`ignore_changes`)."""
    found = copy.deepcopy(inputs)
    for path in paths:
        _reset(parse(path), olds, found)
    return found


def _reset(path: Path, old: Any, new: Any) -> None:
    old = old.value if isinstance(old, Secret) else old
    new = new.value if isinstance(new, Secret) else new
    key, rest = path[0], path[1:]
    if key == "*":
        for each in _keys(old, new):
            _reset([each, *rest], old, new)
    elif isinstance(new, list):
        if isinstance(key, int) and isinstance(old, list) and key < min(len(old), len(new)):
            _set(rest, old, new, key)
    elif isinstance(new, dict) and isinstance(old, dict):
        if key in old:
            _set(rest, old, new, key)
        elif not rest:
            new.pop(key, None)


def _keys(old: Any, new: Any) -> list[str | int]:
    if isinstance(old, dict) and isinstance(new, dict):
        return list(old | new)
    both = isinstance(old, list) and isinstance(new, list)
    return list(range(min(len(old), len(new)))) if both else []


def _set(rest: Path, old: Any, new: Any, key: Any) -> None:
    if not rest:
        new[key] = copy.deepcopy(old[key])
    elif isinstance(new, list) or key in new:
        _reset(rest, old[key], new[key])
