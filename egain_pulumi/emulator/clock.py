"""The emulator's clock: real time plus an offset, so that tests need not sleep.

It sets `created`, `modified`, the `Date` header, token expiry, the rate limit, hangs and late
visibility. Only latency and the time limit of callbacks are real time.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import formatdate


class Clock:
    """Seconds since 1970 as a float; `advance` moves it, also backwards."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        return time.time() + self.offset

    def set_offset(self, seconds: float) -> None:
        self.offset = seconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def advance(self, seconds: float) -> None:
        self.set_offset(self.offset + seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has advanced by `seconds`, in real time or by a jump."""
        deadline = self.now() + seconds
        while (left := deadline - self.now()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), timeout=left)
            except TimeoutError:
                continue

    def stamp(self, seconds: float | None = None) -> str:
        """Return a time stamp as in the vendor's samples: 2021-03-21T14:29:01.516Z."""
        moment = datetime.fromtimestamp(self.now() if seconds is None else seconds, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"

    def http_date(self, seconds: float | None = None) -> str:
        """Return the format of `Date` and `Retry-After` headers."""
        return formatdate(self.now() if seconds is None else seconds, usegmt=True)


def parse_stamp(text: str) -> datetime | None:
    """Return a date-time of the contract, or None if it is malformed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
