"""What a person has to read before a change is made, and whom it hurts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ..hub import Finding, Object, Op, Preview, Silence, findings, judged
from .model import Change, Kind, Risk

_OFF: Final = frozenset({"account-channel", "account-orchestration", "part-active"})
"""Rules that name what is off: told once, where it is turned off."""
_ORPHAN: Final = "orphan"


def affected(preview: Preview, keys: Iterable[str]) -> tuple[list[Object], list[Object]]:
    """The accounts that are active, before or after, and reach one of these; their channels."""
    keys = list(keys)
    accounts: dict[str, Object] = {}
    channels: dict[str, Object] = {}
    for hub in (preview.before, preview.after):
        above, on = hub.affected(keys)
        accounts |= {each.key: each for each in above}
        channels |= {each.key: each for each in on}
    return _sorted(accounts.values()), _sorted(channels.values())


def _sorted(objects: Iterable[Object]) -> list[Object]:
    return sorted(objects, key=lambda each: each.name)


def risks(preview: Preview, changes: Sequence[Change], silences: Sequence[Silence]) -> list[Risk]:
    """All rows, the gravest first, and of equals those that most accounts are behind."""
    rows = [row for change in changes for row in _of(preview, change)]
    off = {row.object.key for row in rows if row.kind is Kind.TURNED_OFF}
    rows += [_broken(each) for each in _new(preview, silences) if not _told(preview, each, off)]
    order = list(Kind)
    return sorted(
        rows, key=lambda row: (order.index(row.kind), -len(row.accounts), row.object.name)
    )


def _of(preview: Preview, change: Change) -> Iterator[Risk]:
    step = change.step
    accounts, channels = affected(preview, [step.key])
    whom = (tuple(accounts), tuple(channels))
    if step.op is Op.DELETE:
        yield Risk(Kind.DELETED, step.object, *whom)
    if step.op is Op.REPLACE:
        yield Risk(Kind.REPLACED, step.object, *whom)
    if step.key in preview.gone and step.op is Op.CREATE:
        yield Risk(Kind.GONE, step.object, *whom)
    if step.op in (Op.UPDATE, Op.REPLACE) and _turned_off(change) and accounts:
        yield Risk(Kind.TURNED_OFF, step.object, *whom)
    if change.rotated:
        paths = tuple(each.path for each in change.rotated)
        yield Risk(Kind.ROTATED, step.object, *whom, secrets=paths)


def _turned_off(change: Change) -> bool:
    """Not active any more, or perhaps not: an unknown value may be anything."""
    old, new = change.step.old, change.step.new
    return bool(old and new and old.active is True and new.active is not True)


def _new(preview: Preview, silences: Sequence[Silence]) -> list[Finding]:
    """What does not hold after the change, and did before."""
    before = {_identity(each) for each in findings(preview.before)}
    after = [each for each in findings(preview.after) if _identity(each) not in before]
    return list(judged(after, silences).told)


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.rule.id, finding.object.key, finding.path, finding.text


def _told(preview: Preview, finding: Finding, off: set[str]) -> bool:
    if finding.rule.id not in _OFF:
        return False
    named = {e.target for e in preview.after.out(finding.object.key) if e.path == finding.path}
    return bool(named & off)


def _broken(finding: Finding) -> Risk:
    return Risk(
        Kind.ORPHANED if finding.rule.id == _ORPHAN else Kind.UNREACHABLE,
        finding.object,
        tuple(_sorted(finding.accounts)),
        tuple(_sorted(finding.channels)),
        rule=finding.rule.id,
        path=finding.path,
        text=finding.text,
    )
