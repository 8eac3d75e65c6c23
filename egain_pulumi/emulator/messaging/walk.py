"""The walk of one message along the references between objects; each step is a hop."""

from __future__ import annotations

import time
from typing import NoReturn

from ..tenant import Tenant
from .bodies import Body
from .codes import NOT_SET, Code, Reason
from .trail import PASSED, STOPPED, Trail


class Ended(Exception):
    """The message stops here."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text)
        self.reason = reason


class Stopped(Ended):
    """The configuration stops the message.

    text     name of the channel's text for the sender, None for none
    filling  the text's {0}
    """

    def __init__(self, reason: Reason, *, text: str | None = None, filling: str = "") -> None:
        super().__init__(reason)
        self.text, self.filling = text, filling


class Undeliverable(Ended):
    """The configuration is complete, but the delivery failed."""


class Walk:
    """The walk of one message. Only `follow` gives it objects: they exist and are active."""

    def __init__(self, tenant: Tenant, trail: Trail, conversation: str, message: str) -> None:
        self._tenant, self._trail = tenant, trail
        self.conversation, self.message = conversation, message
        self._at: dict[str, str] | None = None

    def follow(self, kind: str, key: str, place: Reason, step: str = "") -> Body:
        """Return the object that a reference names; stop if it is missing or not active.

        `place` is where the reference is.
        """
        step = step or kind.lower()
        body = self._tenant.objects[self._tenant.by_kind[kind].collection].get(key)
        name = self.focus(kind, {"id": key, **(body or {})})
        if not key and place.code in NOT_SET:
            self.stop(step, Reason(NOT_SET[place.code]))
        if body is None:
            facts = {"place": place.text, "kind": kind, "id": key}
            self.stop(step, Reason(Code.OBJECT_NOT_FOUND, **facts))
        if body.get("active") is False:
            self.stop(step, Reason(Code.OBJECT_NOT_ACTIVE, kind=kind, name=name))
        self.note(step, PASSED, place)
        return body

    def focus(self, kind: str, body: Body) -> str:
        """Make this object the one of the next hops; return its name."""
        name = str(body.get(self._tenant.by_kind[kind].unique or "name", ""))
        self._at = {"kind": kind, "id": body["id"], "name": name}
        return name

    def stop(
        self, step: str, reason: Reason, *, text: str | None = None, filling: str = ""
    ) -> NoReturn:
        """Stop the message at the current object."""
        self.note(step, STOPPED, reason)
        raise Stopped(reason, text=text, filling=filling)

    def note(
        self,
        step: str,
        outcome: str,
        reason: Reason,
        *,
        to: str | None = None,
        status: int | None = None,
        since: float | None = None,
    ) -> None:
        """Add a hop about the current object; `since` is the `time.perf_counter` of its start."""
        seconds = None if since is None else round(time.perf_counter() - since, 6)
        rest = {"object": self._at, "to": to, "status": status, "seconds": seconds}
        self._trail.add(self.conversation, self.message, step, outcome, reason, **rest)
