"""A comparison for programs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..schema.tree import ABSENT, show
from .allow import Verdict
from .difference import Difference
from .document import Entry
from .fingerprint import PREFIX, SET
from .render import Names


def document(verdict: Verdict, names: Names) -> dict[str, Any]:
    """Return a comparison for `--json`. Keys are added, never changed."""
    found = verdict.comparison
    return {
        "one": names[0],
        "other": names[1],
        "equal": found.equal,
        "differences": [_difference(each) for each in verdict.differences],
        "allowed": [{**_difference(each), "because": by.because} for each, by in verdict.allowed],
        "idle": [
            {"kind": each.kind, "name": each.name, "path": each.path, "because": each.because}
            for each in verdict.idle
        ],
        "not_compared": [
            {**_of(each.entry), "path": show(each.path), "reason": each.reason}
            for each in found.unknown
        ],
        "not_read": {
            "one": sorted(found.one.not_read),
            "other": sorted(found.other.not_read),
        },
    }


def _of(entry: Entry) -> dict[str, Any]:
    return {"kind": entry.kind.name, "name": entry.name, "number": entry.number}


def _difference(each: Difference) -> dict[str, Any]:
    missing = "one" if each.one is None else "other" if each.other is None else None
    return {
        **_of(each.entry),
        "missing_in": missing,
        "properties": [
            {
                "path": show(one.path),
                "one": _public(one.one),
                "other": _public(one.other),
            }
            for one in each.properties
        ],
    }


def _public(value: Any) -> Any:
    """Return a value without fingerprints: their key may be one that nobody keeps."""
    if isinstance(value, Mapping) and str(value.get("secret")).startswith(PREFIX):
        return {**value, "secret": SET}
    return None if value is ABSENT else value
