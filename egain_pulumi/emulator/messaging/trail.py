"""The hops: each step of each message, with its outcome and reason.

No hop contains a header's value, a token, a password or text of a message.
"""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from ..clock import Clock
from ..store import Store
from .codes import Reason

KEPT = 20_000
COLLECTION = "hops"

PASSED, STOPPED, RETAINED = "passed", "stopped", "retained"
DELIVERED, FAILED, REFUSED, NOTED = "delivered", "undeliverable", "refused", "noted"


@dataclass(frozen=True)
class Hop:
    """One step.

    time          on the emulator's clock
    conversation  id
    message       id, None if the step concerns no single message
    step          account, channel, orchestration, participant, application, availability, text,
                  authorization, deliver, mail, transcript or hub
    object        kind, id and name of the object, or None
    outcome       passed, stopped, retained, refused (a 401), delivered, undeliverable or noted
    why           text of the reason
    code          code of the reason
    to            address of a call, without query
    status        of its answer
    seconds       real time that it took
    """

    n: int
    time: str
    conversation: str
    message: str | None
    step: str
    object: dict[str, str] | None
    outcome: str
    why: str
    code: str | None = None  # databases from before codes existed lack it
    to: str | None = None
    status: int | None = None
    seconds: float | None = None


class Trail:
    """The last 20,000 hops, oldest first, stored in the database."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._hops: deque[Hop] = deque()
        self.last = 0

    def load(self, rows: list[dict[str, Any]]) -> None:
        """Start with the rows of the database."""
        self._hops = deque(Hop(**row) for row in rows)
        # Numbers continue, so that a reader's `since` stays right across a restart.
        self.last = self._hops[-1].n if self._hops else 0

    def add(
        self,
        conversation: str,
        message: str | None,
        step: str,
        outcome: str,
        reason: Reason,
        **rest: Any,
    ) -> Hop:
        """Add a hop; `rest` is object, to, status and seconds."""
        self.last += 1
        hop = Hop(
            n=self.last,
            time=self._clock.stamp(),
            conversation=conversation,
            message=message,
            step=step,
            object=rest.pop("object", None),
            outcome=outcome,
            why=reason.text,
            code=reason.code,
            **rest,
        )
        self._hops.append(hop)
        self._store.put(COLLECTION, str(hop.n), asdict(hop))
        while len(self._hops) > KEPT:
            self._store.remove(COLLECTION, str(self._hops.popleft().n))
        return hop

    def as_json(self, since: int = 0, conversation: str | None = None) -> list[dict[str, Any]]:
        """Return the hops with a number above `since`, of one conversation or of all."""
        return [
            asdict(hop)
            for hop in self._hops
            if hop.n > since and conversation in (None, hop.conversation)
        ]
