"""When an operation ends: its deadline, and a Ctrl-C (docs/rules.md#limits).

Everything that waits asks here: for an answer, a lock, a slot or a turn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from ..errors import Cancelled, Reason, TransportError

Sleep = Callable[[float], None]

LOOK_SECONDS: Final = 0.1
"""How often a wait looks whether it was canceled."""
_LEAST: Final = 0.1  # seconds of a call that begins right before the deadline


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a client needs of its process; the plugin passes those of Pulumi's plugin host."""

    sleep: Sleep = time.sleep
    show: Callable[[str], None] = lambda text: None
    """Show a status to the user during a wait."""
    orphaned: Callable[[], bool] = lambda: False
    """Return whether the caller has exited. Then no call is sent any more."""
    cancelled: Callable[[], bool] = lambda: False
    """Return whether the user has pressed Ctrl-C. Then no call is sent any more either."""


class Deadline:
    """The end of one operation, with all its calls, retries and waits."""

    def __init__(self, seconds: float, hooks: Hooks) -> None:
        self.hooks = hooks
        self._at = time.monotonic() + seconds

    def passes(self, seconds: float) -> bool:
        """Return whether the deadline comes before a wait of `seconds` is over."""
        return time.monotonic() + seconds > self._at

    def seconds(self, longest: float) -> float:
        """Return the time-out of one call: `longest`, or what is left."""
        return min(longest, max(_LEAST, self._at - time.monotonic()))

    def check(self, call: str) -> None:
        """Raise TransportError or Cancelled unless a call may begin."""
        if self.hooks.orphaned():
            text = "the Pulumi CLI has exited; nothing was sent"
            raise TransportError(text, in_doubt=False, reason=Reason.CANCELLED)
        if self.hooks.cancelled():
            raise Cancelled("canceled while waiting for eGain; nothing was sent in the meantime.")
        if self.passes(0):
            raise self.late(call)

    def late(self, call: str, why: str = "no time is left") -> TransportError:
        """Return the error of a call that was not sent, because the deadline comes first."""
        return TransportError(
            f"{call} was not sent: {why} within egain:operationTimeoutSeconds",
            in_doubt=False,
            reason=Reason.NO_TURN,
        )

    @contextmanager
    def hold(self, lock: threading.Lock, call: str) -> Iterator[None]:
        """Hold a lock that another thread may hold during calls of its own.

        Raises TransportError or Cancelled if the wait for it is over first.
        """
        while not lock.acquire(timeout=LOOK_SECONDS):
            self.check(call)
        try:
            yield
        finally:
            lock.release()
