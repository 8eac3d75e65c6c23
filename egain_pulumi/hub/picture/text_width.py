"""How wide words are, where no browser is there to measure them. Pure."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from itertools import accumulate
from typing import Final

_NARROW: Final = frozenset("fijlrt.,:;'|!()[]{}/ -")
_BROAD: Final = frozenset("MWmw@%…")


def cut(text: str, room: float) -> str:
    """As much of a text as fits into the room of so many letters; an ellipsis ends what does not.

    An estimate: fonts differ, and so do scripts.
    """
    ends = list(accumulate(map(_wide, text)))
    if not ends or ends[-1] <= room:
        return text
    return f"{text[: bisect(ends, room - _wide('…'))]}…"


def _wide(letter: str) -> float:
    """How much room a letter takes, an "n" being 1."""
    if letter in _NARROW:
        return 0.6
    if letter in _BROAD:
        return 1.7
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.8
    return 1.2 if letter.isupper() else 1
