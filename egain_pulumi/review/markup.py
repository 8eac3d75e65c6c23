"""Sentences with names, as text or Markdown. Pure.

Anybody may name an object. In Markdown, a name is always a code span, in which no markup, mention,
link, issue or emoji takes effect, on GitHub and on GitLab.
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
    """A name of an object, as opposed to our own words."""

    __slots__ = ()


Words = Sequence[str]
"""Our own words, and instances of `Name`."""


def code(text: str, longest: int | None = LONGEST_NAME) -> str:
    """Return a code span that shows exactly this text."""
    inside = visible(text) if longest is None else cut(visible(text), longest)
    fence = "`" * (1 + max((len(run) for run in _RUNS.findall(inside)), default=0))
    # CommonMark strips one space on either side, unless there is nothing else.
    edge = inside[:1] + inside[-1:]
    pad = " " if not inside or "`" in edge or (edge == "  " and inside.strip(" ")) else ""
    return f"{fence}{pad}{inside}{pad}{fence}"


def as_text(words: Iterable[str]) -> str:
    """Return words as text, with names in quotes."""
    return "".join(f'"{visible(w)}"' if isinstance(w, Name) else w for w in words)


def as_markdown(words: Iterable[str]) -> str:
    """Return words as Markdown, with names as code spans."""
    return "".join(code(w) if isinstance(w, Name) else w for w in words)


def label(each: Object) -> str:
    """Return an object as Markdown: its kind and its name as a code span."""
    return f"{each.kind.model.label} {code(each.name)}"


def name_list(names: Iterable[str], most: int = 3) -> list[str]:
    """Return words for a list: `a, b and c`, or with more than `most`: `a, b, c and 4 more`."""
    every = list(names)
    shown = every[:most]
    words: list[str] = []
    for number, name in enumerate(shown):
        last = number == len(shown) - 1 and len(every) == len(shown)
        words += [] if number == 0 else [" and "] if last else [", "]
        words.append(Name(name))
    rest = len(every) - len(shown)
    return [*words, f" and {rest} more"] if rest else words
