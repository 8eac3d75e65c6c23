"""Analyze a preview for its report: the risks, and the accounts that they affect. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ..hub import Finding, Object, Op, Preview, Silence, Step, findings, judge
from ..schema.declared import Origin
from ..schema.kinds import Kind as ObjectKind
from .costs import Context, cost
from .model import Change, Kind, Review, Risk
from .properties import properties

_ORDER: Final = (Op.DELETE, Op.REPLACE, Op.UPDATE, Op.IMPORT, Op.CREATE, Op.FIND, Op.FORGET)
"""No report mentions other steps."""
_HARMLESS: Final = (Op.CREATE, Op.IMPORT, Op.FIND, Op.FORGET)
"""Steps that affect no account."""
_OFF: Final = frozenset({"account-channel", "account-orchestration", "part-active"})
"""Rules about objects that are off: reported once, where the object is turned off."""

Objects = tuple[Object, ...]


def review(
    preview: Preview,
    kinds: Sequence[ObjectKind],
    context: Context | None = None,
    silences: Sequence[Silence] = (),
) -> Review:
    """Analyze a preview. `kinds` are the six; `silences` come from `reach.toml`."""
    context = context or Context()
    resources = [kind.resource for kind in kinds]

    def order(step: Step) -> tuple[int, int, str]:
        # The order of the engine differs in each run.
        each = step.object
        return _ORDER.index(step.op), resources.index(each.kind.resource), each.name

    steps = [step for step in preview.steps.values() if step.op in _ORDER]
    changes = [
        Change(step, properties(step, preview.before, preview.after))
        for step in sorted(steps, key=order)
    ]
    rows = _risks(preview, changes, silences)
    touched = [s.key for s in steps if s.op not in _HARMLESS or s.key in preview.gone]
    touched += [row.object.key for row in rows]
    accounts, channels = _impact(preview, touched)
    new = {s.key for s in steps if s.op is Op.CREATE} - preview.gone
    existing = [each for each in accounts if each.key not in new]
    reads = [step for step in preview.steps.values() if step.op is Op.READ]
    return Review(
        preview=preview,
        changes=tuple(changes),
        risks=tuple(rows),
        accounts=tuple(existing),
        channels=tuple(each for each in channels if existing and each.key not in new),
        cost=cost(changes, reads, kinds, context),
        unchecked=context.unchecked,
    )


def _impact(preview: Preview, keys: Iterable[str]) -> tuple[Objects, Objects]:
    """Return accounts, active before or after, that reach one of these; and their channels."""
    keys = list(keys)
    accounts: dict[str, Object] = {}
    channels: dict[str, Object] = {}
    for hub in (preview.before, preview.after):
        above, on = hub.impact(keys)
        accounts |= {each.key: each for each in above}
        channels |= {each.key: each for each in on}
    return _sorted(accounts.values()), _sorted(channels.values())


def _sorted(objects: Iterable[Object]) -> Objects:
    return tuple(sorted(objects, key=lambda each: each.name))


def _risks(preview: Preview, changes: Sequence[Change], silences: Sequence[Silence]) -> list[Risk]:
    """Return all rows, the most serious first, then those that affect most accounts."""
    rows = [row for change in changes for row in _of_change(preview, change)]
    rows += _taken_values(preview, changes)
    off = {row.object.key for row in rows if row.kind is Kind.TURNED_OFF}
    rows += _broken_rules(preview, silences, off)
    order = list(Kind)
    return sorted(
        rows, key=lambda row: (order.index(row.kind), -len(row.accounts), row.object.name)
    )


def _of_change(preview: Preview, change: Change) -> Iterator[Risk]:
    step, old, new = change.step, change.step.old, change.step.new
    accounts, channels = _impact(preview, [step.key])
    if step.op is Op.DELETE:
        yield Risk(Kind.DELETED, step.object, accounts, channels)
    if step.op is Op.REPLACE:
        yield Risk(Kind.REPLACED, step.object, accounts, channels)
    if step.key in preview.gone and step.op is Op.CREATE:
        yield Risk(Kind.GONE, step.object, accounts, channels)
    # An unknown new value may turn the object off.
    turned_off = old and new and old.active is True and new.active is not True
    if turned_off and accounts and step.op in (Op.UPDATE, Op.REPLACE):
        yield Risk(Kind.TURNED_OFF, step.object, accounts, channels)
    if change.rotated:
        paths = tuple(each.path for each in change.rotated)
        yield Risk(Kind.ROTATED, step.object, accounts, channels, secrets=paths)
    if change.overwritten:
        paths = tuple(each.path for each in change.overwritten)
        yield Risk(Kind.OVERWRITTEN, step.object, accounts, channels, secrets=paths)


def _taken_values(preview: Preview, changes: Sequence[Change]) -> Iterator[Risk]:
    """Yield the objects that take a unique value from another one, which has it until the end of
    the change (a deletion) or for a part of it (a renaming)."""
    had = {_unique(step.old): step for step in preview.steps.values() if step.old is not None}
    for change in changes:
        new, value = change.step.new, _unique(change.step.new)
        giver = had.get(value)
        if new is None or value is None or giver is None or giver.key == new.key:
            continue
        if change.step.op not in (Op.CREATE, Op.UPDATE, Op.REPLACE) or giver.op is Op.FORGET:
            continue
        if giver.new is not None and _unique(giver.new) == value:
            continue  # it stays there, and `check` refuses a duplicate
        accounts, channels = _impact(preview, [new.key])
        path, other = (new.kind.field,), giver.object.label
        yield Risk(Kind.NAME_TAKEN, new, accounts, channels, path=path, text=other)


def _unique(object: Object | None) -> tuple[str, str, str] | None:
    """Return tenant, kind and unique value of a managed object, if it has one and it is known."""
    if object is None or object.origin is not Origin.MANAGED or object.kind.unique is None:
        return None
    value = object.value
    return None if value is None else (object.tenant, object.kind.name, value)


def _broken_rules(preview: Preview, silences: Sequence[Silence], off: set[str]) -> Iterator[Risk]:
    """Yield the rules that the change breaks, except about objects that it turns `off`."""
    before = {_identity(each) for each in findings(preview.before)}
    new = [each for each in findings(preview.after) if _identity(each) not in before]
    for each in judge(new, silences).findings:
        edges = preview.after.out(each.object.key)
        if each.rule.id in _OFF and off & {e.target for e in edges if e.path == each.path}:
            continue
        yield Risk(
            Kind.ORPHANED if each.rule.id == "orphan" else Kind.UNREACHABLE,
            each.object,
            _sorted(each.accounts),
            _sorted(each.channels),
            rule=each.rule.id,
            path=each.path,
            text=each.text,
        )


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.rule.id, finding.object.key, finding.path, finding.text
