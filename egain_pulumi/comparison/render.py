"""A comparison as text and Markdown. Pure.

Names and values are anybody's: escaped for the terminal, and code spans in Markdown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..review.markup import LONGEST, code, cut_alike
from ..schema.tree import ABSENT, show
from ..text import cut, plural, visible
from .allow import COMPARE_TOML, Verdict
from .difference import SET_ONLY, Difference, Property
from .document import HIDDEN, Document, Entry
from .fingerprint import PREFIX, SET

Names = tuple[str, str]
"""What the user calls the two sides."""
_HASH: Final = 12


def text(verdict: Verdict, names: Names) -> str:
    """Return a comparison for a terminal."""
    return "\n".join(_lines(verdict, names))


def _lines(verdict: Verdict, names: Names) -> Iterator[str]:
    for each in verdict.differences:
        yield f"{label(each.entry)}{_end(each, names)}"
        for one in each.properties:
            old, new = pair(one)
            yield f"    {visible(show(one.path))}: {old} → {new}"
    for each, by in verdict.allowed:
        where = ", ".join(show(one.path) for one in each.properties)
        what = f": {visible(where)}" if where else _end(each, names)
        yield f"allowed: {label(each.entry)}{what} [{visible(by.because)}]"
    for allowance in verdict.idle:
        yield f"{COMPARE_TOML}: allows nothing: {visible(str(allowance))}"
    for line in not_compared(verdict, names):
        yield f"not compared: {line}"
    yield summary(verdict, names)


def markdown(verdict: Verdict, names: Names) -> str:
    """Return a comparison as Markdown."""
    return "\n".join(_markdown(verdict, names)) + "\n"


def _markdown(verdict: Verdict, names: Names) -> Iterator[str]:
    one, other = (code(each) for each in names)
    yield f"{summary(verdict, (one, other), shown=True)}."
    for each in verdict.differences:
        yield f"\n**{each.entry.kind.label} {code(each.entry.shown)}**{_end(each, (one, other))}"
        if each.properties:
            yield f"\n| property | {_cell(one)} | {_cell(other)} |\n|---|---|---|"
        for one_property in each.properties:
            path = code(show(one_property.path), 200)
            cells = (path, *(code(value, None) for value in pair(one_property)))
            yield f"| {' | '.join(map(_cell, cells))} |"
    if verdict.allowed:
        yield "\n### Allowed to differ\n"
    for each, by in verdict.allowed:
        where = ", ".join(code(show(one.path), 200) for one in each.properties)
        what = f": {where}" if where else _end(each, (one, other))
        yield f"- {each.entry.kind.label} {code(each.entry.shown)}{what}: {code(by.because, None)}"
    notes = [f"{COMPARE_TOML} allows nothing with {code(str(each))}" for each in verdict.idle]
    notes += [f"not compared: {code(line, None)}" for line in not_compared(verdict, names)]
    if notes:
        yield "\n### Notes\n"
        yield from (f"- {each}" for each in notes)


def _cell(text: str) -> str:
    # In a table, a pipe ends the cell even inside a code span.
    return text.replace("|", "\\|")


def label(entry: Entry) -> str:
    """Return an object as text: `channel "chat"`."""
    return f'{entry.kind.label} "{visible(entry.shown)}"'


def _end(each: Difference, names: Names) -> str:
    if each.one is not None and each.other is not None:
        return ":"
    return f": only in {visible(names[0] if each.other is None else names[1])}"


def pair(each: Property) -> tuple[str, str]:
    """Return both values as text, cut around their first difference."""
    one, other = (format_value(value) for value in (each.one, each.other))
    if one == other:  # two fingerprints, or what an address hides
        return cut(one, LONGEST), f"{cut(other, LONGEST)} (another one)"
    return cut_alike(one, other)


def format_value(value: Any) -> str:
    """Return a canonical value for people: references by name, secrets never."""
    if value is ABSENT:
        return "nothing"
    if isinstance(value, Mapping):
        keys = value.keys()
        if keys == {"secret"}:
            known = str(value["secret"])
            return "[secret]" if known.startswith(PREFIX) or known == SET else f"[{known}]"
        if keys == {"address", "secret"}:
            return visible(json.dumps(value["address"], ensure_ascii=False))
        if keys == {"sha256"}:
            return f"sha256 {str(value['sha256'])[:_HASH]}"
        if {"kind", "name"} <= keys:
            number = f" ({value['number']})" if "number" in value else ""
            named = f'"{value["name"]}"' if "why" not in value else f"({value['why']})"
            return visible(f"{str(value['kind']).replace('-', ' ')} {named}{number}")
    return visible(json.dumps(value, ensure_ascii=False))


def not_compared(verdict: Verdict, names: Names) -> Iterator[str]:
    """Yield what could not be compared, and why."""
    found = verdict.comparison
    for name, side in zip(names, (found.one, found.other), strict=True):
        for kind in sorted(side.not_read):
            yield f"{kind.replace('-', ' ')}s: the client may not read them in {visible(name)}"
        if side.left_out:
            objects = plural(side.left_out, "object")
            yield f"{objects} of {visible(name)} in further tenants"
    reasons = Counter(each.reason for each in found.unknown)
    for reason, count in reasons.items():
        first = next(each for each in found.unknown if each.reason == reason)
        more = f" and {count - 1} more" if count > 1 else ""
        yield f"{label(first.entry)}: {visible(show(first.path))}{more}: {reason}"
    if reasons[SET_ONLY] and not _fingerprints(found.one, found.other):
        yield "secrets by their values: set EGAIN_EXPORT_KEY to compare fingerprints"


def _fingerprints(*sides: Document) -> bool:
    return all(each.fingerprint_key or each.secrets == HIDDEN for each in sides)


def summary(verdict: Verdict, names: Names, *, shown: bool = False) -> str:
    """Return the last line: how many objects are equal, and how many are not."""
    one, other = names if shown else (visible(each) for each in names)
    differ = sum(bool(each.properties) for each in verdict.differences)
    here = sum(each.other is None for each in verdict.differences)
    there = sum(each.one is None for each in verdict.differences)
    parts = [
        f"{plural(verdict.comparison.equal, 'object')} equal",
        f"{differ} different",
        f"{here} only in {one}",
        f"{there} only in {other}",
    ]
    if verdict.allowed:
        parts.append(f"{plural(len(verdict.allowed), 'difference')} allowed")
    return f"{one} and {other}: {', '.join(parts)}"
