"""A POST whose answer was lost (docs/rules.md#never-twice-never-lost). No object is created twice.

What eGain has decides, looked up again until late visibility is waited out:

| eGain has                                         | then                                    |
|---------------------------------------------------|-----------------------------------------|
| one created since we asked, equal to what we sent | it is ours                              |
| one created since we asked, but different         | stop: a person must look                |
| one created before we asked                       | a duplicate, refused like any other     |
| one whose age is unknown                          | stop: a person must look                |
| none                                              | send again; an orchestration, whose     |
|                                                   | name is not unique, stops               |
"""

from __future__ import annotations

import time
from typing import Final

from ..api.outcome import parse_time
from ..errors import ApiError, Cancelled, EgainError, TransportError
from ..names import wire_name
from ..schema import drift
from ..schema.same import with_text
from ..schema.state import Properties
from . import messages
from .context import Context

LOOKS: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each look: an object may become visible only after its POST was answered."""
SLACK: Final = 2.0
"""Seconds by which a `Date` header (whole seconds) and several servers' clocks may be off."""


def find_lost(context: Context, error: TransportError, started: float) -> str | None:
    """Return the id of what a lost POST has created, or None if it certainly does not exist.

    `started` is when the first POST was sent (`time.monotonic`). Raises EgainError where only a
    person can tell.
    """
    looking = ""
    for pause in LOOKS:
        try:
            context.operation.wait(pause, error)
            found = _alike(context)
        except Cancelled:
            raise _in_doubt(context, f"{error}; and looking for it was cancelled") from None
        except (ApiError, TransportError) as failed:
            if failed is not error:
                looking = f"; and looking for it failed: {failed}"
                # Somebody else's change may have spoilt one list; the next one may be complete.
                if isinstance(failed, TransportError) and pause != LOOKS[-1]:
                    continue
            raise _in_doubt(context, f"{error}{looking}") from None
        if context.kind.unique is None:
            # Others with this name do not matter; only equal new ones may be ours.
            found = [
                row
                for row in found
                if _is_new(context, row, started) and drift.holds(context.tree, context.props, row)
            ]
        if len(found) > 1:
            raise _in_doubt(context, f"{error}; and eGain has {len(found)} like it")
        if found:
            return _judge(context, found[0], error, started)
    return None


def find_left_behind(context: Context, passed: float) -> str | None:
    """Return the id of what an earlier process has created and no state knows.

    `passed` is the seconds since its POST. Returns None if eGain has nothing equal from since
    then, or more than one.
    """
    for pause in LOOKS if passed < sum(LOOKS) else LOOKS[:1]:
        late = TransportError("no time is left to look for it", in_doubt=False)
        context.operation.wait(pause, late)
        began = time.monotonic() - passed - pause
        found = [
            row["id"]
            for row in _alike(context)
            if _is_young(context, row, began) and drift.holds(context.tree, context.props, row)
        ]
        if found:
            return str(found[0]) if len(found) == 1 else None
    return None


def _judge(context: Context, row: Properties, error: TransportError, started: float) -> str:
    young = _is_new(context, row, started)
    if young is None:
        raise _in_doubt(context, f"{error}; and the age of the one in eGain is unknown")
    if not young:
        raise messages.duplicate(context.subject, str(context.value), str(row["id"]))
    if not drift.holds(context.tree, context.props, row):
        raise _in_doubt(context, f"{error}; and the one in eGain is different")
    return str(row["id"])


def _alike(context: Context) -> list[Properties]:
    """GET the objects with our value that no other resource of this stack has."""
    owns, field = context.tenant.ownership.owns, wire_name(context.kind.field)
    rows = (row for row in context.rows() if not owns(row["id"]))
    return with_text(rows, field, context.value)


def _is_new(context: Context, row: Properties, started: float) -> bool | None:
    """Return whether a row was created since we asked: by what existed before, or by its age."""
    if context.tenant.inventory.existed(context.kind, row["id"]):
        return False
    return _is_young(context, row, started)


def _is_young(context: Context, row: Properties, started: float) -> bool | None:
    """Return the same by eGain's clock alone; None if it does not say."""
    now, made = context.operation.server_time, parse_time(str(row.get("created") or ""))
    if now is None or made is None:
        return None
    return (now - made).total_seconds() <= time.monotonic() - started + SLACK


def _in_doubt(context: Context, problem: str) -> EgainError:
    return context.error(messages.in_doubt(context.subject, context.value, problem))
