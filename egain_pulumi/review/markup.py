"""Sentences with names, and values, as text or Markdown. Pure.

Anybody may name an object. In Markdown, a name is always a code span, in which no markup, mention,
link, issue or emoji takes effect, on GitHub and on GitLab.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ..hub import SECRET, Object
from ..names import public_address
from ..schema.complaint import UNKNOWN
from ..text import cut, visible
from .model import Property, Target

LONGEST_NAME: Final = 60
LONGEST: Final = 160
"""Characters of a value."""
_BEFORE: Final = 40
"""Characters to show before the first difference."""
LATER: Final = "(known at up)"
_HASH: Final = 12
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
    every = [Name(name) for name in names]
    words = join([[name] for name in every[:most]], last=", " if len(every) > most else " and ")
    return [*words, f" and {len(every) - most} more"] if len(every) > most else words


def join(parts: Sequence[Sequence[str]], last: str = " and ") -> list[str]:
    """Join parts of a sentence with commas, and with `last` before the last one."""
    words: list[str] = []
    for number, part in enumerate(parts, 1):
        words += [last if number == len(parts) else ", ", *part]
    return words[1:]


def pair(each: Property) -> tuple[str, str]:
    """Return the value before and after; long values are cut around their first difference."""
    old, new = format_value(each.old), format_value(each.new)
    if old == new and not each.secret:
        # The same name, but a new object; or the same address with another user or query.
        new += " (its new id)" if isinstance(each.new, Target) else " (another user or query)"
    if each.old is None or each.new is None:
        return _cut(old, 0), _cut(new, 0)
    return cut_alike(old, new)


def cut_alike(old: str, new: str) -> tuple[str, str]:
    """Return two texts, cut around their first difference if one is too long."""
    if max(len(old), len(new)) <= LONGEST:
        return old, new
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
        return value.object.label if value.object else value.id or LATER
    if isinstance(value, Mapping) and "sha256" in value and value.keys() <= {"sha256", "path"}:
        digest = f"sha256 {str(value['sha256'])[:_HASH]}"
        return f"{value['path']} ({digest})" if "path" in value else digest
    if value is UNKNOWN:
        return LATER
    if value == SECRET:
        return SECRET
    return visible(json.dumps(replace_unknown(value, LATER), ensure_ascii=False))


def replace_unknown(value: Any, instead: str) -> Any:
    """Return a value with `instead` for unknown values at any depth, and only what is public of
    addresses."""
    if value is UNKNOWN:
        return instead
    if isinstance(value, str):
        return public_address(value)
    if isinstance(value, Mapping):
        return {key: replace_unknown(item, instead) for key, item in value.items()}
    return [replace_unknown(item, instead) for item in value] if isinstance(value, list) else value
