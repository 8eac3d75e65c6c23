"""How long to wait before the next attempt. Pure: no socket, no clock.

Waits are what the server asks for (`Retry-After` in seconds or as a date, `X-RateLimit-Reset` as a
date, in seconds, or as seconds or milliseconds since 1970), otherwise exponential with jitter. Only
the operation's deadline limits them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from .outcome import parse_time

_FIRST_WAIT = 0.5  # seconds
_MAX_WAIT = 30.0
_ROUNDING = 1.0  # seconds by which a wait in whole seconds may be too long
_LONGEST_WAIT = 86_400.0
_SECONDS_FROM = 10**8  # of 1973; no wait is as long
_MILLISECONDS_FROM = 10**11
_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
_LONGEST_HEADER = 100


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that the server asks to wait, or None; 0 for a time in the past.

    A date is by the server's clock: `now` applies only to answers without `Date`. Malformed values
    are ignored. `Retry-After` takes precedence over `X-RateLimit-Reset`. If both mean the same
    time, the earlier one applies: each may be late by a second, because `Retry-After` and `Date`
    have whole seconds.
    """
    now = parse_time(_header(headers, "Date")) or now
    asked = _header(headers, "Retry-After")
    wait = _seconds(asked) if _NUMBER.fullmatch(asked) else _until(asked, now)
    reset = _until(_header(headers, "X-RateLimit-Reset"), now)
    if wait is None:
        return reset
    return reset if reset is not None and wait - _ROUNDING < reset < wait else wait


def quota(headers: Mapping[str, str]) -> float | None:
    """Return the calls a second that the server advertises, or None. Malformed values are ignored.

    `X-RateLimit-Limit` is in calls a minute (the contract's response TooMany, assumed from a
    sibling API).
    """
    limit = _header(headers, "X-RateLimit-Limit")
    found = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 10 else 0
    return found / 60 or None


def _header(headers: Mapping[str, str], name: str) -> str:
    found = headers.get(name, "").strip()
    return found if len(found) <= _LONGEST_HEADER else ""


def _seconds(text: str) -> float:
    return min(float(text), _LONGEST_WAIT)


def _until(text: str, now: datetime) -> float | None:
    if _NUMBER.fullmatch(text):  # since 1970 in milliseconds or seconds, or from now
        number = float(text)
        if number >= _MILLISECONDS_FROM:
            number /= 1000
        since = now.timestamp() if number >= _SECONDS_FROM else 0.0
        return min(max(0.0, number - since), _LONGEST_WAIT)
    until = parse_time(text)
    return None if until is None else max(0.0, (until - now).total_seconds())


def backoff(attempt: int, jitter: float) -> float:
    """Return the seconds to wait after failed attempt number `attempt`: exponential with jitter.

    `jitter`, a random number from 0 to 1, spreads the retries of many clients.
    """
    wait = min(_MAX_WAIT, _FIRST_WAIT * 2 ** min(attempt - 1, 10))
    return float(wait * (0.5 + jitter / 2))
