"""The risks that a person must acknowledge, and the accounts that they affect. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ..hub import Finding, Object, Op, Preview, Silence, findings, judge
from .model import Change, Kind, Risk

_OFF: Final = frozenset({"account-channel", "account-orchestration", "part-active"})
"""Rules about objects that are off: reported once, where the object is turned off."""
_ORPHAN: Final = "orphan"


def impact(preview: Preview, keys: Iterable[str]) -> tuple[list[Object], list[Object]]:
    """Return accounts, active before or after, that reach one of these; and their channels."""
    keys = list(keys)
    accounts: dict[str, Object] = {}
    channels: dict[str, Object] = {}
    for hub in (preview.before, preview.after):
        above, on = hub.impact(keys)
        accounts |= {each.key: each for each in above}
        channels |= {each.key: each for each in on}
    return _sorted(accounts.values()), _sorted(channels.values())


def _sorted(objects: Iterable[Object]) -> list[Object]:
    return sorted(objects, key=lambda each: each.name)


def risks(preview: Preview, changes: Sequence[Change], silences: Sequence[Silence]) -> list[Risk]:
    """Return all rows, the most serious first, then those that affect most accounts."""
    rows = [row for change in changes for row in _of_change(preview, change)]
    off = {row.object.key for row in rows if row.kind is Kind.TURNED_OFF}
    new = _new_findings(preview, silences)
    rows += [_broken_rule(each) for each in new if not _is_reported(preview, each, off)]
    order = list(Kind)
    return sorted(
        rows, key=lambda row: (order.index(row.kind), -len(row.accounts), row.object.name)
    )


def _of_change(preview: Preview, change: Change) -> Iterator[Risk]:
    step = change.step
    accounts, channels = impact(preview, [step.key])
    affected = (tuple(accounts), tuple(channels))
    if step.op is Op.DELETE:
        yield Risk(Kind.DELETED, step.object, *affected)
    if step.op is Op.REPLACE:
        yield Risk(Kind.REPLACED, step.object, *affected)
    if step.key in preview.gone and step.op is Op.CREATE:
        yield Risk(Kind.GONE, step.object, *affected)
    if step.op in (Op.UPDATE, Op.REPLACE) and _turned_off(change) and accounts:
        yield Risk(Kind.TURNED_OFF, step.object, *affected)
    if change.rotated:
        paths = tuple(each.path for each in change.rotated)
        yield Risk(Kind.ROTATED, step.object, *affected, secrets=paths)


def _turned_off(change: Change) -> bool:
    """Whether the object is no longer active, or possibly not: its new value may be unknown."""
    old, new = change.step.old, change.step.new
    return bool(old and new and old.active is True and new.active is not True)


def _new_findings(preview: Preview, silences: Sequence[Silence]) -> list[Finding]:
    """Return the rules that the change breaks."""
    before = {_identity(each) for each in findings(preview.before)}
    after = [each for each in findings(preview.after) if _identity(each) not in before]
    return list(judge(after, silences).findings)


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.rule.id, finding.object.key, finding.path, finding.text


def _is_reported(preview: Preview, finding: Finding, off: set[str]) -> bool:
    if finding.rule.id not in _OFF:
        return False
    targets = {e.target for e in preview.after.out(finding.object.key) if e.path == finding.path}
    return bool(targets & off)


def _broken_rule(finding: Finding) -> Risk:
    return Risk(
        Kind.ORPHANED if finding.rule.id == _ORPHAN else Kind.UNREACHABLE,
        finding.object,
        tuple(_sorted(finding.accounts)),
        tuple(_sorted(finding.channels)),
        rule=finding.rule.id,
        path=finding.path,
        text=finding.text,
    )
