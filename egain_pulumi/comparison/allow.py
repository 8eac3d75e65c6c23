"""`compare.toml` beside `Pulumi.yaml`: what may differ between environments, and why. Pure.

[[allow]]
kind = "client-application"     # without it, every kind
name = "bot*"                   # without it, every name; * stands for any text
path = "roles.*.callback"       # without it, the object as a whole, also where it is missing
because = "Each environment has a bot of its own."
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..errors import EgainError
from ..hub.reach.silences import entries
from ..names import closest
from ..schema.tree import show
from ..text import one_line
from .difference import Comparison, Difference, Property
from .document import Entry

COMPARE_TOML: Final = "compare.toml"
_KEYS: Final = ("kind", "name", "path", "because")


@dataclass(frozen=True, slots=True)
class Allowance:
    """Differences that are meant to be."""

    because: str
    kind: str | None = None
    name: str | None = None
    path: str | None = None

    def covers(self, entry: Entry, property: Property | None = None) -> bool:
        """Return whether this allows a property to differ, or an object to be missing."""
        return (
            self.kind in (None, entry.kind.name)
            and _matches(self.name, entry.name or "")
            and (
                self.path is None
                or (property is not None and _matches(self.path, show(property.path)))
            )
        )

    def __str__(self) -> str:
        about = f"{self.kind or 'any kind'} {self.name or '*'}"
        return about if self.path is None else f"{about}: {self.path}"


def _matches(pattern: str | None, text: str) -> bool:
    """Return whether a text fits a pattern, in which only `*` is special."""
    if pattern is None:
        return True
    parts = map(re.escape, pattern.split("*"))
    return re.fullmatch(".*".join(parts), text, re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A comparison, split by what a project allows."""

    comparison: Comparison
    differences: tuple[Difference, ...]
    allowed: tuple[tuple[Difference, Allowance], ...]
    """Each with the properties that this entry allows; none: the object may be missing."""
    idle: tuple[Allowance, ...]
    """Entries that allow nothing; possibly obsolete."""


def judge(found: Comparison, allowances: Sequence[Allowance]) -> Verdict:
    """Split the differences into those to report and those that are allowed."""
    reported: list[Difference] = []
    allowed: list[tuple[Difference, Allowance]] = []
    for each in found.differences:
        if not each.properties:
            by = next((a for a in allowances if a.covers(each.entry)), None)
            if by is None:
                reported.append(each)
            else:
                allowed.append((each, by))
            continue
        left = []
        covered: dict[Allowance, list[Property]] = {}
        for one in each.properties:
            by = next((a for a in allowances if a.covers(each.entry, one)), None)
            if by is None:
                left.append(one)
            else:
                covered.setdefault(by, []).append(one)
        if left:
            reported.append(replace(each, properties=tuple(left)))
        allowed += [(replace(each, properties=tuple(p)), by) for by, p in covered.items()]
    used = {by for _, by in allowed}
    idle = tuple(each for each in allowances if each not in used)
    return Verdict(found, tuple(reported), tuple(allowed), idle)


def allowances(text: str, kinds: Sequence[str]) -> tuple[Allowance, ...]:
    """Parse a `compare.toml`. Raises EgainError."""
    found = entries(text, COMPARE_TOML, "allow", _KEYS)
    return tuple(_allowance(where, entry, kinds) for where, entry in found)


def _allowance(where: str, entry: Mapping[str, str], kinds: Sequence[str]) -> Allowance:
    kind = entry.get("kind")
    if kind is not None and kind not in kinds:
        hint = closest(kind, kinds)
        end = f"did you mean {hint}?" if hint else f"known kinds: {', '.join(kinds)}"
        raise EgainError(f"{where}: unknown kind {one_line(kind, 60)!r}; {end}")
    if not entry.get("because", "").strip():
        raise EgainError(f"{where}: because is missing: say why this may differ")
    if entry.keys() == {"because"}:
        raise EgainError(f"{where}: allows everything; name a kind, a name or a path")
    return Allowance(entry["because"].strip(), kind, entry.get("name"), entry.get("path"))
