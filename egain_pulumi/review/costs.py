"""The API calls that `pulumi up` makes for a preview if nothing fails, and their rate limits. Pure.

A list counts as one call, because only eGain knows the number of its pages.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final

from ..hub import SECRET, Op, Step
from ..schema.kinds import Kind, refers_to
from ..schema.state import NOT_CHECKED
from ..schema.tree import tree
from .model import Change, Cost

KEY: Final = "egain:requestsPerSecond"
_PROVIDER: Final = "pulumi:providers:pulumi-python"
_UNCHECKED: Final = re.compile(rf"^(?:warning: )?(.+) {re.escape(NOT_CHECKED)}", re.MULTILINE)
_CREATES: Final = (Op.CREATE, Op.REPLACE)
_DELETES: Final = (Op.DELETE, Op.REPLACE)


@dataclass(frozen=True, slots=True)
class Context:
    """What a preview says besides its steps: rate limits, and objects that were not read."""

    pace: float | None = None
    """The rate limit of the stack's own tenant, in requests per second."""
    paces: Mapping[str, float | None] = field(default_factory=dict)
    """The rate limits of other tenants, by the URN of their provider."""
    unchecked: tuple[str, ...] = ()
    """Labels of objects that a refresh was not allowed to read."""

    def of(self, tenant: str) -> float | None:
        """Return the rate limit of a tenant (`hub.Object.tenant`)."""
        return self.paces.get(tenant, self.pace)


def context(text: str, pace: float | None = None) -> Context:
    """Read the context of a preview that `hub.preview` accepts.

    `pace` overrides the rate limit of the stack's own tenant.
    """
    document = json.loads(text)
    config = document.get("config")
    own = pace or _number(config.get(KEY) if isinstance(config, Mapping) else None)
    paces = {}
    for step in document.get("steps", []):
        inputs = (step.get("newState") or {}).get("inputs") or {}
        if f"::{_PROVIDER}::" in step["urn"] and "egain:explicit" in inputs:
            paces[step["urn"]] = _number(inputs.get(KEY))
    messages = [str(each.get("message", "")) for each in document.get("diagnostics") or []]
    unchecked = dict.fromkeys(name for each in messages for name in _UNCHECKED.findall(each))
    return Context(own, paces, tuple(unchecked))


def _number(value: Any) -> float | None:
    try:
        number = float(str(value).strip().strip('"'))
    except ValueError:
        return None
    return number if isfinite(number) and number > 0 else None


def cost(
    changes: Sequence[Change], reads: Iterable[Step], kinds: Sequence[Kind], context: Context
) -> Cost:
    """Count the calls of all changes, and of objects that are only read (`get`)."""
    read = Counter(step.object.tenant for step in reads)
    written: Counter[str] = Counter()
    lists: set[tuple[str, str]] = set()
    for change in changes:
        step, tenant = change.step, change.step.object.tenant
        kind = step.object.kind
        match step.op:
            case Op.UPDATE:
                read[tenant] += 1 + _uncertain(change)
                written[tenant] += 1
            case Op.IMPORT:
                # One GET by id, or one list by name; secrets are sent after another read, if asked.
                secrets = bool(change.overwritten)
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
    read.update(tenant for tenant, _ in lists)
    return _total(read, written, context)


def _total(read: Counter[str], written: Counter[str], context: Context) -> Cost:
    calls = read + written
    paced = {t: pace for t in calls if (pace := context.of(t)) is not None}
    slowest = max(paced, key=lambda t: calls[t] / paced[t], default=None)
    return Cost(
        reads=read.total(),
        writes=written.total(),
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
