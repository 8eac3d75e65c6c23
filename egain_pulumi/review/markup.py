"""Sentences with names in them, for a terminal or a program, and for Markdown. Pure.

Whoever may name an object writes that text. In Markdown a name is always a code span: there
nothing is markup, a mention, a link, an issue or an emoji, on GitHub as on GitLab.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ..hub import Object
from ..text import cut, visible

LONGEST_NAME: Final = 60
_RUNS: Final = re.compile("`+")


class Name(str):
    """A text that is data."""

    __slots__ = ()


Words = Sequence[str]
"""Our own words, and instances of `Name`."""


def code(text: str, longest: int | None = LONGEST_NAME) -> str:
    """A code span of just this text."""
    inside = visible(text) if longest is None else cut(visible(text), longest)
    fence = "`" * (1 + max((len(run) for run in _RUNS.findall(inside)), default=0))
    # CommonMark takes one blank off either side, unless there is nothing else.
    edge = inside[:1] + inside[-1:]
    pad = " " if not inside or "`" in edge or (edge == "  " and inside.strip(" ")) else ""
    return f"{fence}{pad}{inside}{pad}{fence}"


def plain(words: Iterable[str]) -> str:
    """As text, names in quotes."""
    return "".join(f'"{visible(w)}"' if isinstance(w, Name) else w for w in words)


def marked(words: Iterable[str]) -> str:
    """As Markdown."""
    return "".join(code(w) if isinstance(w, Name) else w for w in words)


def label(each: Object) -> list[str]:
    """`channel "chat"`."""
    return [f"{each.kind.model.label} ", Name(each.name)]


def listed(names: Iterable[str], most: int = 3) -> list[str]:
    """`a, b and c`; of more than `most` only their number remains: `a, b, c and 4 more`."""
    every = list(names)
    shown = every[:most]
    words: list[str] = []
    for number, name in enumerate(shown):
        last = number == len(shown) - 1 and len(every) == len(shown)
        words += [] if number == 0 else [" and "] if last else [", "]
        words.append(Name(name))
    rest = len(every) - len(shown)
    return [*words, f" and {rest} more"] if rest else words
