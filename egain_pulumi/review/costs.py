"""The API calls that `pulumi up` makes for a preview if nothing fails. Pure.

A list counts as one call, because only eGain knows the number of its pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ..hub import SECRET, Op, Step
from ..schema.kinds import Kind, refers_to
from ..schema.tree import tree
from .context import Context
from .model import Change, Cost

_CREATES: Final = (Op.CREATE, Op.REPLACE)
_DELETES: Final = (Op.DELETE, Op.REPLACE)


def cost(
    changes: Sequence[Change], reads: Iterable[Step], kinds: Sequence[Kind], context: Context
) -> Cost:
    """Count the calls of all changes, and of objects that are only read (`get`)."""
    read: Counter[str] = Counter()
    written: Counter[str] = Counter()
    lists: set[tuple[str, str]] = set()
    for step in reads:
        read[step.object.tenant] += 1
    for change in changes:
        step, tenant = change.step, change.step.object.tenant
        kind = step.object.kind
        match step.op:
            case Op.UPDATE:
                read[tenant] += 1 + _uncertain(change)
                written[tenant] += 1
            case Op.IMPORT:
                # One GET by id, or one list by name; secrets are sent after another read.
                secrets = _secret(step.object.inputs)
                read[tenant] += 1 + secrets
                written[tenant] += secrets
            case Op.FIND:
                lists.add((tenant, kind.name))
        if step.op in _CREATES:
            written[tenant] += 1
            if kind.unique is None:
                # Its name is not unique: a list shows whether an equal object exists.
                lists.add((tenant, f"{kind.name}, before the first create"))
        if step.op in _DELETES:
            written[tenant] += 1
            users = [each.name for each in kinds if refers_to(each, kind.resource)]
            lists |= {(tenant, name) for name in users}
    for tenant, _ in lists:
        read[tenant] += 1
    return _total(read, written, context)


def _total(read: Mapping[str, int], written: Mapping[str, int], context: Context) -> Cost:
    calls = {t: read.get(t, 0) + written.get(t, 0) for t in {**read, **written}}
    paced = {t: pace for t in calls if (pace := context.of(t)) is not None}
    slowest = max(paced, key=lambda t: calls[t] / paced[t], default=None)
    return Cost(
        reads=sum(read.values()),
        writes=sum(written.values()),
        tokens=len(calls),
        seconds=None if slowest is None else calls[slowest] / paced[slowest],
        pace=None if slowest is None else paced[slowest],
        unpaced=sum(n for t, n in calls.items() if t not in paced),
    )


def _uncertain(change: Change) -> bool:
    slots = tree(change.step.object.kind.model).slots
    return any(slots[name].uncertain for name in change.fields if name in slots)


def _secret(value: Any) -> bool:
    """Whether a declaration holds a secret."""
    if isinstance(value, Mapping):
        return any(_secret(each) for each in value.values())
    if isinstance(value, list):
        return any(_secret(each) for each in value)
    return bool(value == SECRET)
