"""The rate limit that all calls of a process share (docs/rules.md#limits).

Without `egain:requestsPerSecond`, calls are not limited until eGain answers 429 or 503. Then all
calls wait as long as eGain asks, and afterwards keep an interval:

- If the answer names the quota, the interval is that of the quota. For a minute no shorter one is
  tried.
- If not, the interval is the requested wait. Successes shorten it quickly, because a wait in whole
  seconds is too coarse for a quota of ten calls a second. The next 429 shows that the quota is
  near. From then on successes shorten the interval slowly, and faster the more of them there are.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from .limits import LOOK_SECONDS

INITIAL_INTERVAL: Final = 0.5
"""Seconds between two calls after a 429 that names no wait."""
MAX_INTERVAL: Final = 30.0
MIN_INTERVAL: Final = 0.02
"""Seconds; calls at a shorter interval are not limited at all."""
MAX_SPEEDUP: Final = 0.15
"""Fraction by which a success shortens the interval: until the quota is known, and at most."""
MIN_SPEEDUP: Final = 0.005
"""The same fraction after a further 429, when the interval is near the quota."""
SPEEDUP_GROWTH: Final = 1.06
"""Factor by which each success increases the fraction: the quota may have grown."""
BACKOFF: Final = 1.4
"""Factor by which a further 429 lengthens the interval, at least."""
SHARED_QUOTA_BACKOFF: Final = 1.1
"""Backoff factor after a 429 at the advertised rate (another client shares the quota)."""
PROVEN: Final = 10
"""Successes since the last 429 that prove an advertised quota right."""
ADVERTISED_SECONDS: Final = 60.0
"""Time for which an advertised quota is not exceeded: it is one of calls a minute."""
RESUME_MARGIN: Final = 0.05
"""Seconds by which the first call after a 429 is delayed: jitter may bring the next ones closer."""
SLOW_START: Final = 4
"""Successes before all slots open. Until then a success does not free its slot, so that a small
quota is discovered with a handful of 429s and not with sixteen."""
SLOW_START_SLOTS: Final = 2
"""Slots that stay open during the slow start: one slow call must not block all others."""
_TOLERANCE: Final = 0.001


class RateLimit:
    """Thread-safe. `limit` is in calls a second; `max_concurrency` limits calls in flight."""

    def __init__(
        self,
        limit: float | None,
        max_concurrency: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._max_concurrency = max_concurrency
        self._in_flight = 0
        self._started = 0
        """Successes of the slow start."""
        self._slots = threading.Condition()
        self._shortest = 1 / limit if limit else 0.0
        """Interval of `limit`."""
        self._interval = self._shortest
        self._advertised = 0.0
        """Interval of the quota that the last 429 named; 0 if it named none."""
        self._advertised_until = float("-inf")
        self._speedup = MAX_SPEEDUP
        self._successes = 0
        """Since the last 429."""
        self._next_turn = 0.0
        self._paused_until = float("-inf")
        self._lock = threading.Lock()

    def reserve(self) -> float:
        """Reserve the next turn. Returns the seconds until then."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next_turn)
            self._next_turn = turn + self._interval
            return turn - now

    def is_paused(self) -> bool:
        """Return whether eGain's requested wait still lasts. It voids turns reserved before."""
        with self._lock:
            return self._clock() < self._paused_until - _TOLERANCE

    @contextmanager
    def slot(self, check: Callable[[], None]) -> Iterator[None]:
        """Hold one of the slots for calls in flight. Waits until one is free, or `check` raises."""
        with self._slots:
            while not self._slots.wait_for(
                lambda: self._in_flight < self._open_slots(), LOOK_SECONDS
            ):
                check()
            self._in_flight += 1
        try:
            yield
        finally:
            with self._slots:
                self._in_flight -= 1
                self._slots.notify()

    def _open_slots(self) -> int:
        if self._started >= SLOW_START:
            return self._max_concurrency
        return min(self._max_concurrency, max(SLOW_START - self._started, SLOW_START_SLOTS))

    def back_off(self, sent: float, wait: float | None, quota: float | None = None) -> None:
        """Pause and slow down all calls after a 429 or 503.

        `sent` is the time of the call by our clock. eGain may name a `wait` in seconds and a
        `quota` in calls a second. Several 429s of calls that were in flight together count once.
        """
        with self._lock:
            now = self._clock()
            if sent >= self._paused_until - _TOLERANCE:
                self._advertised = min(1 / quota, MAX_INTERVAL) if quota else 0.0
                self._slow_down(wait)
            pause = self._interval if wait is None else wait
            self._paused_until = max(self._paused_until, now + pause)
            margin = RESUME_MARGIN if self._advertised else 0
            self._next_turn = max(self._next_turn, self._paused_until + margin)

    def _slow_down(self, wait: float | None) -> None:
        # Calls at half the advertised interval succeeded: the quota is not what we read.
        disproved = self._shortest < self._interval < self._advertised / 2
        if self._advertised and not disproved:
            factor = SHARED_QUOTA_BACKOFF if self._successes >= PROVEN else BACKOFF
            at_quota = self._interval >= self._advertised
            slower = self._interval * factor if at_quota else self._advertised
            self._interval = max(self._shortest, min(slower, MAX_INTERVAL))
            self._speedup = MIN_SPEEDUP
            self._advertised_until = self._clock() + ADVERTISED_SECONDS
        elif self._interval > self._shortest:
            factor = BACKOFF + 2 * self._speedup if self._successes else 2
            self._interval = min(MAX_INTERVAL, self._interval * factor)
            self._speedup = MIN_SPEEDUP
        else:
            first = INITIAL_INTERVAL if wait is None else min(max(wait, MIN_INTERVAL), MAX_INTERVAL)
            self._interval, self._speedup = max(first, self._shortest), MAX_SPEEDUP
        self._successes = 0

    def speed_up(self) -> None:
        """Shorten the interval a little after any other answer, and go on with the slow start."""
        with self._slots:
            self._started += 1
            if self._started == SLOW_START:
                self._slots.notify_all()
        with self._lock:
            self._successes += 1
            advertised = self._clock() < self._advertised_until
            least = max(self._shortest, self._advertised) if advertised else self._shortest
            if self._interval > least:
                self._interval = max(least, self._interval * (1 - self._speedup))
                self._speedup = min(MAX_SPEEDUP, self._speedup * SPEEDUP_GROWTH)
                if self._interval < MIN_INTERVAL:
                    self._interval = least
