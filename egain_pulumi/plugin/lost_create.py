"""PLUGIN SIDE: a POST whose answer was lost (docs/rules.md#never-twice-never-lost).

What is on the server decides, looked up afresh until late visibility is waited out:

| there                                          | then                                       |
|------------------------------------------------|--------------------------------------------|
| made since we asked, and equal to what we sent | it is ours                                 |
| made since we asked, but different             | stop: somebody must look                   |
| made before we asked                           | a duplicate, refused like any other        |
| its age cannot be told                         | stop: somebody must look                   |
| nothing                                        | send again; an orchestration, whose name   |
|                                                | is not unique, stops                       |
"""

from __future__ import annotations

import time
from typing import Final

from ..api.outcome import moment
from ..errors import ApiError, Cancelled, EgainError, TransportError
from ..names import wire_name
from ..schema import drift
from ..schema.state import Properties
from ..schema.tree import unique_field
from . import messages
from .context import Work

LOOKS: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each look: an object may become visible only after its POST was answered."""
SLACK: Final = 2.0
"""Seconds by which a `Date` header (whole seconds) and several servers' clocks may be off."""


def recovered(work: Work, props: Properties, error: TransportError, started: float) -> str | None:
    """The id of what a lost POST has made, or None if it is certainly not there.

    `started` is when the first POST was sent (`time.monotonic`). Raises EgainError where only a
    person can tell.
    """
    looking = ""
    for pause in LOOKS:
        try:
            work.operation.wait(pause, error)
            rows = work.operation.list(work.collection.path, work.collection.key)
        except Cancelled:
            raise _stop(work, props, f"{error}; and looking for it was cancelled") from None
        except (ApiError, TransportError) as failed:
            if failed is not error:
                looking = f"; and looking for it failed: {failed}"
                # Somebody else's change may have spoilt one list; the next one may be whole.
                if isinstance(failed, TransportError) and pause != LOOKS[-1]:
                    continue
            raise _stop(work, props, f"{error}{looking}") from None
        # What belongs to another resource of this stack is not what this POST has made.
        others = [row for row in rows if not work.tenant.owns(row["id"])]
        found = [row for row in others if _named_alike(work, props, row)]
        if unique_field(work.model) is None:
            # Others with this name are none of our business; only equal new ones may be ours.
            found = [
                row
                for row in found
                if _new(work, row, started) and drift.holds(work.tree, props, row)
            ]
        if len(found) > 1:
            raise _stop(work, props, f"{error}; and {len(found)} like it are there")
        if found:
            return _judged(work, props, found[0], error, started)
    return None


def left_behind(work: Work, props: Properties, passed: float) -> str | None:
    """The id of what an earlier process has made and no state knows, `passed` seconds after its
    POST. None if nothing equal is there from since then, or more than one."""
    for pause in LOOKS if passed < sum(LOOKS) else LOOKS[:1]:
        work.operation.wait(pause, TransportError("no time is left to look for it", in_doubt=False))
        began = time.monotonic() - passed - pause
        rows = work.operation.list(work.collection.path, work.collection.key)
        found = [
            row["id"]
            for row in rows
            if not work.tenant.owns(row["id"])
            and _named_alike(work, props, row)
            and _young(work, row, began)
            and drift.holds(work.tree, props, row)
        ]
        if found:
            return str(found[0]) if len(found) == 1 else None
    return None


def _judged(
    work: Work, props: Properties, row: Properties, error: TransportError, started: float
) -> str:
    young = _new(work, row, started)
    if young is None:
        raise _stop(work, props, f"{error}; and the age of the one that is there is unknown")
    if not young:
        value = str(work.unique(props))
        raise EgainError(messages.duplicate(work.subject, value, str(row["id"])))
    if not drift.holds(work.tree, props, row):
        raise _stop(work, props, f"{error}; and the one that is there is different")
    return str(row["id"])


def _named_alike(work: Work, props: Properties, row: Properties) -> bool:
    field = unique_field(work.model) or "name"
    return row.get(wire_name(field)) == work.unique(props)


def _new(work: Work, row: Properties, started: float) -> bool | None:
    """Whether a row was made since we asked: by what was there before, or else by its age."""
    return False if work.tenant.census.has(work, row["id"]) else _young(work, row, started)


def _young(work: Work, row: Properties, started: float) -> bool | None:
    """The same by eGain's clock alone; None if it does not say."""
    now, made = work.operation.server_time, moment(str(row.get("created") or ""))
    if now is None or made is None:
        return None
    return (now - made).total_seconds() <= time.monotonic() - started + SLACK


def _stop(work: Work, props: Properties, reason: str) -> EgainError:
    return work.error(messages.in_doubt(work.subject, work.unique(props), reason), props)
