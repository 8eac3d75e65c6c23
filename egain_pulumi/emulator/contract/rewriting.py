"""What a tenant may do to values that it stores or shows; settings choose it."""

from __future__ import annotations

import html
import json
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from .shapes import Path, Shape, leaves

# In the order in which they apply.
FORMS: dict[str, Callable[[str], str]] = {
    "lf": lambda text: text.replace("\r\n", "\n"),
    "trim": str.strip,
    "nfc": lambda text: unicodedata.normalize("NFC", text),
    "html": html.escape,
}
# Attributes whose value is words for people; all others are keys, addresses and the like.
_WORDS = ("description", "displayName", "displayValue", "value")


def normalize(shape: Shape, body: Any, forms: Collection[str]) -> Any:
    """Return a copy whose words have these forms; secrets stay as they are."""
    chosen = {
        path: value
        for path, part, value in leaves(shape, body)
        if isinstance(value, str) and not part.secret and _is_words(path)
    }

    def rewrite(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return {name: rewrite(part, (*path, name)) for name, part in value.items()}
        if isinstance(value, list):
            return [rewrite(part, (*path, n)) for n, part in enumerate(value)]
        if path in chosen:
            for name, form in FORMS.items():
                value = form(value) if name in forms else value
        return value

    return rewrite(body, ()) if forms else body


def as_text(value: Any) -> Any:
    """Return a copy whose numbers and booleans are text."""
    if isinstance(value, dict):
        return {name: as_text(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_text(part) for part in value]
    return json.dumps(value) if isinstance(value, bool | int | float) else value


def with_nulls(shape: Shape, body: Any) -> Any:
    """Return a copy with null for each attribute of the contract that is not set."""
    if isinstance(body, dict):
        known = shape.properties
        missing = {name: None for name in known if name not in body}
        return {k: with_nulls(known.get(k, Shape()), v) for k, v in body.items()} | missing
    if isinstance(body, list) and shape.items:
        return [with_nulls(shape.items, item) for item in body]
    return body


def _is_words(path: Path) -> bool:
    return path == ("name",) or (bool(path) and path[-1] in _WORDS)
