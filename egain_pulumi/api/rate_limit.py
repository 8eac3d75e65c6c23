"""One pace for everybody in the process (docs/rules.md#limits): a quota respected together.

Without a ceiling nobody waits until eGain asks for it. Then everybody does, for as long as it
asked, and afterwards calls go out one after the other. If the refusal names the quota, they are
that far apart, and for a minute nothing closer is tried. If not, they are at first as far apart
as it asked to wait, soon closer (whole seconds are a coarse word for a quota of ten a second),
until it refuses again. That is where the quota is: from there on the calls come closer slowly,
and faster the longer it lasts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

FIRST_GAP: Final = 0.5
"""Seconds between two calls after a refusal that does not say how long to wait."""
LONGEST_GAP: Final = 30.0
SEARCHING: Final = 0.15
"""The share of a gap that a success takes away until the quota is known, and at most."""
SETTLED: Final = 0.005
"""The same after a further refusal: the right gap is near."""
EAGER: Final = 1.06
"""What that share is multiplied with after each success: a quota may have grown."""
BACK: Final = 1.4
"""What a gap is multiplied with after a further refusal, at least."""
_ROUNDING: Final = 0.001
NO_GAP: Final = 0.02
"""Seconds below which calls are as good as unlimited."""
BELIEVED: Final = 60.0
"""Seconds for which a quota that was named is not tried: it is one of calls a minute."""
SHARED: Final = 1.1
"""What a gap is multiplied with after a refusal at the pace that was named: somebody else calls."""
ENOUGH: Final = 10
"""Successes since the last refusal for which a pace that was named is the right one."""
MARGIN: Final = 0.05
"""Seconds by which the first call after a refusal is late: later ones may be as unpunctual."""
FIRST_CALLS: Final = 4
"""Calls that must have gone well before all places are open: until eGain has shown that it takes
as many, each of them is answered without another one in its place, so that a small quota is met
with a handful of refusals and not with sixteen."""
AT_LEAST: Final = 2
"""Places that stay open all the same: one slow call must not hold up everybody."""


class Pace:
    """Thread-safe. `limit` is calls a second, or None; `width` is the most calls under way at
    once; `clock` counts seconds."""

    def __init__(
        self, limit: float | None, width: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._width = width
        self._under_way = 0
        self._answered = 0
        """Calls that went well, ever."""
        self._free = threading.Condition()
        self._least = 1 / limit if limit else 0.0
        self._gap = self._least
        self._named = 0.0
        """The gap of the quota that the last refusal named; 0 if it named none."""
        self._believed_until = float("-inf")
        self._share = SEARCHING
        self._successes = 0
        """Since the last refusal."""
        self._next = 0.0
        self._held_until = float("-inf")
        self._lock = threading.Lock()

    def wait(self) -> float:
        """Seconds to wait before the next call. The place in the queue is taken with it."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._gap
            return turn - now

    def held(self) -> bool:
        """Whether eGain's own wait is not over yet: a turn that was given before is void."""
        with self._lock:
            return self._clock() < self._held_until - _ROUNDING

    @contextmanager
    def slot(self) -> Iterator[None]:
        """One of the places for calls under way; waits until one is free."""
        with self._free:
            self._free.wait_for(lambda: self._under_way < self._places())
            self._under_way += 1
        try:
            yield
        finally:
            with self._free:
                self._under_way -= 1
                self._free.notify()

    def _places(self) -> int:
        if self._answered >= FIRST_CALLS:
            return self._width
        return min(self._width, max(FIRST_CALLS - self._answered, AT_LEAST))

    def refused(self, sent: float, wait: float | None, quota: float | None = None) -> None:
        """429 or 503: everybody waits, and goes on at a slower pace.

        `sent` is when the call was, by our clock; `wait` is in seconds, `quota` in calls a second,
        each None where eGain names none.

        Refusals of calls that were under way together count once.
        """
        with self._lock:
            now = self._clock()
            if sent >= self._held_until - _ROUNDING:
                self._named = min(1 / quota, LONGEST_GAP) if quota else 0.0
                self._slow_down(wait)
            pause = self._gap if wait is None else wait
            self._held_until = max(self._held_until, now + pause)
            self._next = max(self._next, self._held_until + (MARGIN if self._named else 0))

    def _slow_down(self, wait: float | None) -> None:
        # Half the gap that was named went well: the quota is another one than we read.
        disproved = self._least < self._gap < self._named / 2
        if self._named and not disproved:
            back = SHARED if self._successes >= ENOUGH else BACK
            slower = self._gap * back if self._gap >= self._named else self._named
            self._gap, self._share = max(self._least, min(slower, LONGEST_GAP)), SETTLED
            self._believed_until = self._clock() + BELIEVED
        elif self._gap > self._least:
            back = BACK + 2 * self._share if self._successes else 2
            self._gap, self._share = min(LONGEST_GAP, self._gap * back), SETTLED
        else:
            asked = FIRST_GAP if wait is None else min(max(wait, NO_GAP), LONGEST_GAP)
            self._gap, self._share = max(asked, self._least), SEARCHING
        self._successes = 0

    def went_well(self) -> None:
        """Any other answer: a little faster, and after the first ones all places are open."""
        with self._free:
            self._answered += 1
            if self._answered == FIRST_CALLS:
                self._free.notify_all()
        with self._lock:
            self._successes += 1
            believed = self._clock() < self._believed_until
            least = max(self._least, self._named) if believed else self._least
            if self._gap > least:
                self._gap = max(least, self._gap * (1 - self._share))
                self._share = min(SEARCHING, self._share * EAGER)
                if self._gap < NO_GAP:
                    self._gap = least
