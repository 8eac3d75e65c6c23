"""Formats the values of properties. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ..hub import SECRET
from ..schema.complaint import UNKNOWN
from ..text import visible
from .model import Property, Target

LONGEST: Final = 160
_BEFORE: Final = 40
"""Characters to show before the first difference."""
LATER: Final = "(known at up)"
_HASH: Final = 12


def pair(each: Property) -> tuple[str, str]:
    """Return the value before and after; long values are cut around their first difference."""
    old, new = format_value(each.old), format_value(each.new)
    if old == new and not each.secret:
        new = f"{new} (its new id)"  # the same name, but a new object
    if max(len(old), len(new)) <= LONGEST or each.old is None or each.new is None:
        return _cut(old, 0), _cut(new, 0)
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    start = max(0, same - _BEFORE)
    return _cut(old, start), _cut(new, start)


def _cut(text: str, start: int) -> str:
    start = start if len(text) > LONGEST else 0
    end = start + LONGEST
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def format_value(value: Any) -> str:
    """Return a value as JSON; references by name, icons by path and hash."""
    if isinstance(value, Target):
        if value.object is None:
            return value.id or LATER
        return value.object.label
    if isinstance(value, Mapping) and "sha256" in value and value.keys() <= {"sha256", "path"}:
        digest = f"sha256 {str(value['sha256'])[:_HASH]}"
        return f"{value['path']} ({digest})" if "path" in value else digest
    if value is UNKNOWN or value == SECRET:
        return LATER if value is UNKNOWN else SECRET
    return visible(json.dumps(_with_placeholders(value), ensure_ascii=False))


def _with_placeholders(value: Any) -> Any:
    if value is UNKNOWN:
        return LATER
    if isinstance(value, Mapping):
        return {key: _with_placeholders(item) for key, item in value.items()}
    return [_with_placeholders(item) for item in value] if isinstance(value, list) else value
