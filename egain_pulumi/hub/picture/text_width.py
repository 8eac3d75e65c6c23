"""Estimates the width of text for SVG, without a font renderer. Pure."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from itertools import accumulate
from typing import Final

_NARROW: Final = frozenset("fijlrt.,:;'|!()[]{}/ -")
_BROAD: Final = frozenset("MWmw@%…")


def fit(text: str, width: float) -> str:
    """Cut a text to a width in letters; an ellipsis marks the cut."""
    ends = list(accumulate(map(_width, text)))
    if not ends or ends[-1] <= width:
        return text
    return f"{text[: bisect(ends, width - _width('…'))]}…"


def _width(letter: str) -> float:
    """Return the width of a letter relative to that of an "n"."""
    if letter in _NARROW:
        return 0.6
    if letter in _BROAD:
        return 1.7
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.8
    return 1.2 if letter.isupper() else 1
