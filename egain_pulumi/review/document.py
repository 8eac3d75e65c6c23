"""A report as JSON, as in `docs/report.schema.json`. Keys are added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import hub
from ..hub import Object
from ..schema.tree import show
from .markup import as_text, replace_unknown
from .model import Change, Property, Review, Risk, Target
from .sentence import sentence

VERSION = 1


def document(review: Review) -> dict[str, Any]:
    """Return the report as JSON; nothing is shortened."""
    preview, cost = review.preview, review.cost
    return {
        "version": VERSION,
        "stack": preview.stack,
        "project": preview.project,
        "sentence": as_text(sentence(review)),
        "acknowledge": bool(review.risks),
        "risks": [_risk(row) for row in review.risks],
        "changes": [_change(each) for each in review.changes],
        "affected": {"accounts": _names(review.accounts), "channels": _names(review.channels)},
        "cost": {
            "calls": cost.calls,
            "reads": cost.reads,
            "writes": cost.writes,
            "tokens": cost.tokens,
            "requests_per_second": cost.pace,
            "seconds": None if cost.seconds is None else round(cost.seconds, 1),
        },
        "compared_with": "tenant" if preview.refreshed else "state",
        "not_checked": list(review.unchecked),
        "picture": hub.mermaid(preview.both, marks(review)) if review.changes else None,
    }


def marks(review: Review) -> dict[str, hub.Mark]:
    """Return the marks for a picture: changed objects, and affected accounts and channels."""
    found = hub.marks(review.preview)
    kept = dict(item for item in found.items() if item[1] is not hub.Mark.AFFECTED)
    for each in (*review.accounts, *review.channels):
        kept.setdefault(each.key, hub.Mark.AFFECTED)
    return kept


def _names(objects: Sequence[Object]) -> list[str]:
    return [each.name for each in objects]


def _of(each: Object) -> dict[str, Any]:
    return {"kind": each.kind.name, "name": each.name, "id": each.id}


def _risk(row: Risk) -> dict[str, Any]:
    return {
        "risk": row.kind.value,
        **_of(row.object),
        "rule": row.rule,
        "path": show(row.path),
        "text": row.text,
        "secrets": [show(path) for path in row.secrets],
        "accounts": _names(row.accounts),
        "channels": _names(row.channels),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "op": change.step.op.value,
        **_of(change.step.object),
        "properties": [_property(each) for each in change.properties],
    }


def _property(each: Property) -> dict[str, Any]:
    change = "same" if each.same else "changed"
    if each.old is None or each.new is None:
        change = "added" if each.old is None else "removed"
    return {
        "path": show(each.path),
        "change": change,
        "secret": each.secret,
        "old": _value(each.old),
        "new": _value(each.new),
    }


def _value(value: Any) -> Any:
    if isinstance(value, Target):
        return _of(value.object) if value.object else {"kind": None, "name": None, "id": value.id}
    return replace_unknown(value, "[unknown]")
