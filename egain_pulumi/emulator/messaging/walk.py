"""One message on its way through the tenant's objects: each step is a hop, a refusal its end."""

from __future__ import annotations

import time
from typing import NoReturn

from ..tenant import Tenant
from .bodies import Body
from .trail import PASSED, STOPPED, Trail


class Stopped(Exception):
    """The way ends here, by the configuration; the text says why.

    text     name of the channel's text that the sender is told, None for none
    filling  for the text's {0}
    """

    def __init__(self, why: str, *, text: str | None = None, filling: str = "") -> None:
        super().__init__(why)
        self.text, self.filling = text, filling


class Undeliverable(Exception):
    """The way was right, but its end does not take the message; the text says why."""


class Walk:
    """The hops of one message. `take` is the only way to an object: it must be there, and on."""

    def __init__(self, tenant: Tenant, trail: Trail, conversation: str, message: str) -> None:
        self._tenant, self._trail = tenant, trail
        self.conversation, self.message = conversation, message
        self._at: dict[str, str] | None = None

    def take(self, kind: str, key: str, why: str, step: str = "") -> Body:
        """An object that the message passes; stops at one that is gone or not active."""
        step = step or kind.lower()
        body = self._tenant.objects[self._tenant.by_kind[kind].collection].get(key)
        name = self.about(kind, {"id": key, **(body or {})})
        if not key:
            self.stop(step, f"{why}: none is named")
        if body is None:
            self.stop(step, f"{why}: no {kind} has the id {key}")
        if body.get("active") is False:
            self.stop(step, f'{kind} "{name}" is not active')
        self.note(step, PASSED, why)
        return body

    def about(self, kind: str, body: Body) -> str:
        """The hops that follow are about this object; its name."""
        name = str(body.get(self._tenant.by_kind[kind].unique or "name", ""))
        self._at = {"kind": kind, "id": body["id"], "name": name}
        return name

    def stop(self, step: str, why: str, *, text: str | None = None, filling: str = "") -> NoReturn:
        """End the way at the object last taken."""
        self.note(step, STOPPED, why)
        raise Stopped(why, text=text, filling=filling)

    def note(
        self,
        step: str,
        outcome: str,
        why: str,
        *,
        to: str | None = None,
        status: int | None = None,
        since: float | None = None,
    ) -> None:
        """A hop about the object last taken; `since` is a `time.perf_counter` of its begin."""
        seconds = None if since is None else round(time.perf_counter() - since, 6)
        rest = {"object": self._at, "to": to, "status": status, "seconds": seconds}
        self._trail.add(self.conversation, self.message, step, outcome, why, **rest)
