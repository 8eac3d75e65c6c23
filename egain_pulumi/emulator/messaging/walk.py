"""One message on its way through the tenant's objects: each step is a hop, a refusal its end."""

from __future__ import annotations

import time
from typing import NoReturn

from ..tenant import Tenant
from .bodies import Body
from .codes import NOT_SET, Code, Reason
from .trail import PASSED, STOPPED, Trail


class Ended(Exception):
    """A message goes no further."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text)
        self.reason = reason


class Stopped(Ended):
    """The configuration stops the message.

    text     name of the channel's text that the sender is told, None for none
    filling  for the text's {0}
    """

    def __init__(self, reason: Reason, *, text: str | None = None, filling: str = "") -> None:
        super().__init__(reason)
        self.text, self.filling = text, filling


class Undeliverable(Ended):
    """The configuration is right, but the callback does not take the message."""


class Walk:
    """The hops of one message. `take` is the only way to an object: it must be there, and on."""

    def __init__(self, tenant: Tenant, trail: Trail, conversation: str, message: str) -> None:
        self._tenant, self._trail = tenant, trail
        self.conversation, self.message = conversation, message
        self._at: dict[str, str] | None = None

    def take(self, kind: str, key: str, place: Reason, step: str = "") -> Body:
        """An object that the message passes; stops at one that is gone or not active.

        `place` is where the message finds the reference to it.
        """
        step = step or kind.lower()
        body = self._tenant.objects[self._tenant.by_kind[kind].collection].get(key)
        name = self.about(kind, {"id": key, **(body or {})})
        if not key and place.code in NOT_SET:
            self.stop(step, Reason(NOT_SET[place.code]))
        if body is None:
            facts = {"place": place.text, "kind": kind, "id": key}
            self.stop(step, Reason(Code.OBJECT_NOT_FOUND, **facts))
        if body.get("active") is False:
            self.stop(step, Reason(Code.OBJECT_NOT_ACTIVE, kind=kind, name=name))
        self.note(step, PASSED, place)
        return body

    def about(self, kind: str, body: Body) -> str:
        """The hops that follow are about this object; its name."""
        name = str(body.get(self._tenant.by_kind[kind].unique or "name", ""))
        self._at = {"kind": kind, "id": body["id"], "name": name}
        return name

    def stop(
        self, step: str, reason: Reason, *, text: str | None = None, filling: str = ""
    ) -> NoReturn:
        """End the way at the object last taken."""
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
        """A hop about the object last taken; `since` is a `time.perf_counter` of its begin."""
        seconds = None if since is None else round(time.perf_counter() - since, 6)
        rest = {"object": self._at, "to": to, "status": status, "seconds": seconds}
        self._trail.add(self.conversation, self.message, step, outcome, reason, **rest)
