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
from ..schema import drift
from . import messages
from .context import Context
from .inventory import Row

LOOKS: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each look: an object may become visible only after its POST was answered."""
SLACK: Final = 2.0
"""Seconds by which a `Date` header (whole seconds) and several servers' clocks may be off."""


def find_lost(context: Context, error: TransportError, started: float) -> str | None:
    """Return the id of what a lost POST has created, or None if it certainly does not exist.

    `started` is when the first POST was sent (`time.monotonic`). Raises EgainError where only a
    person can tell.
    """
    for pause in LOOKS:
        try:
            context.operation.wait(pause, error)
            look = _Look(context, time.monotonic())
        except Cancelled:
            raise _in_doubt(context, f"{error}; and looking for it was cancelled") from None
        except (ApiError, TransportError) as failed:
            looking = "" if failed is error else f"; and looking for it failed: {failed}"
            raise _in_doubt(context, f"{error}{looking}") from None
        found = look.rows
        if context.kind.unique is None:
            # Others with this name do not matter; only equal new ones may be ours.
            found = [row for row in found if look.is_new(row, started) and look.is_equal(row)]
        if len(found) > 1:
            raise _in_doubt(context, f"{error}; and eGain has {len(found)} like it")
        if found:
            return _judge(look, found[0], error, started)
    return None


def find_left_behind(context: Context, passed: float) -> str | None:
    """Return the id of what an earlier process has created and no state knows.

    `passed` is the seconds since its POST. Returns None if eGain has nothing equal from since
    then, or more than one.
    """
    sent = time.monotonic() - passed
    visible = sent + sum(LOOKS)
    while True:
        # One list serves all creates whose objects must be visible in it.
        now = time.monotonic()
        look = _Look(context, min(now, visible))
        found = [row["id"] for row in look.rows if look.is_young(row, sent) and look.is_equal(row)]
        if found:
            return str(found[0]) if len(found) == 1 else None
        if look.begun >= visible:
            return None
        late = TransportError("no time is left to look for it", in_doubt=False)
        context.operation.wait(min(max(LOOKS[1], now - sent), visible - now), late)


class _Look:
    """The objects with our value that no other resource of this stack has, by one list."""

    def __init__(self, context: Context, since: float) -> None:
        found = context.listed(context.value, since)
        self.context, self._server_time, self._ended = context, found.server_time, found.ended
        self.begun = found.begun
        self.rows = [r for r in found.rows if not context.tenant.ownership.owns(r["id"])]

    def is_equal(self, row: Row) -> bool:
        """Return whether a row has all that we declare."""
        return drift.holds(self.context.tree, self.context.props, row)

    def is_new(self, row: Row, sent: float) -> bool | None:
        """Return whether a row was created since a POST was sent: by what existed before, or by
        its age."""
        if self.context.tenant.inventory.existed(self.context.kind, row["id"]):
            return False
        return self.is_young(row, sent)

    def is_young(self, row: Row, sent: float) -> bool | None:
        """Return the same by eGain's clock alone; None if it does not say."""
        made = parse_time(str(row.get("created") or ""))
        if self._server_time is None or made is None:
            return None
        return (self._server_time - made).total_seconds() <= self._ended - sent + SLACK


def _judge(look: _Look, row: Row, error: TransportError, started: float) -> str:
    context, young = look.context, look.is_new(row, started)
    if young is None:
        raise _in_doubt(context, f"{error}; and the age of the one in eGain is unknown")
    if not young:
        raise messages.duplicate(context.subject, str(context.value), str(row["id"]))
    if not look.is_equal(row):
        raise _in_doubt(context, f"{error}; and the one in eGain is different")
    return str(row["id"])


def _in_doubt(context: Context, problem: str) -> EgainError:
    return messages.in_doubt(context.subject, context.value, problem)
