"""Values as errors show them. Pure."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final

from ..names import public_address
from ..schema.tree import ABSENT
from ..text import cut, one_line

HIDDEN: Final = object()
"""Placeholder for a value that must not be shown."""
_LONGEST = 60


def show_value(value: Any) -> str:
    """Return a value as a program writes it: short, and of URLs nothing that may be secret."""
    return one_line(_literal(value), _LONGEST)


def show_pair(one: Any, other: Any) -> tuple[str, str]:
    """Return two values that differ, as a program writes them, so that the difference is seen.

    Texts that look alike are shown with code points (`"Caf\\u00e9"`).
    """
    shown = show_value(one), show_value(other)
    if not isinstance(one, str) or not isinstance(other, str):
        return shown
    if shown[0] != shown[1] and not _look_alike(one, other):
        return shown
    escaped = _literal(one, ascii=True), _literal(other, ascii=True)
    if escaped[0] == escaped[1]:  # they differ in what is not shown of a URL
        return shown
    same = next((i for i, both in enumerate(zip(*escaped, strict=False)) if len({*both}) > 1), 0)
    start = max(0, same - _LONGEST // 2)
    first, second = (f"…{text[start:]}" if start else text for text in escaped)
    return cut(first, _LONGEST), cut(second, _LONGEST)


def _look_alike(one: str, other: str) -> bool:
    """Return whether two texts differ in what nobody sees: the forms of accents, widths, blanks,
    invisible characters, and letters of alphabets that share their shapes."""
    pairs = zip(_seen(one), _seen(other), strict=False)
    return len(_seen(one)) == len(_seen(other)) and all(
        a == b or {_alphabet(a), _alphabet(b)} in _SIMILAR for a, b in pairs
    )


def _seen(text: str) -> str:
    letters = unicodedata.normalize("NFKC", text)
    return "".join(c for c in letters if c.isprintable() and not c.isspace())


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


_SIMILAR: Final = ({"LATIN", "CYRILLIC"}, {"LATIN", "GREEK"}, {"GREEK", "CYRILLIC"})


def _literal(value: Any, *, ascii: bool = False) -> str:
    if value is ABSENT:
        return "not set"
    if value is HIDDEN:
        return "[secret]"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        return "another list"
    if isinstance(value, str):
        value = public_address(value)
    return json.dumps(value, ensure_ascii=ascii)
