"""The rate limit of the tenant: a token bucket of `burst` calls, refilled at `per_second`."""

from __future__ import annotations

import math

from . import errors
from .clock import Clock
from .errors import ApiError
from .settings import Settings


class Throttle:
    """The rate limit of API calls, on the emulator's clock; token calls do not count."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limit: dict[str, float] | None = None
        self._level = 0.0
        self._at = 0.0

    def check(self, settings: Settings) -> None:
        """Count one call; raise the contract's 429-001 with its headers if the bucket is empty."""
        limit = settings.rate_limit
        if limit is None:
            self._limit = None
            return
        now = self._clock.now()
        if limit != self._limit:
            self._limit, self._level, self._at = limit, limit["burst"], now
        gained = max(0.0, now - self._at) * limit["per_second"]
        self._level, self._at = min(limit["burst"], self._level + gained), now
        if self._level >= 1:
            self._level -= 1
            return
        wait = (1 - self._level) / limit["per_second"]
        raise ApiError(
            429, errors.TOO_MANY, "Too many requests.", headers=self._headers(settings, limit, wait)
        )

    def _headers(self, settings: Settings, limit: dict[str, float], wait: float) -> dict[str, str]:
        headers = {}
        if settings.retry_after == "seconds":
            headers["Retry-After"] = str(math.ceil(wait))
        elif settings.retry_after == "date":
            headers["Retry-After"] = self._clock.http_date(math.ceil(self._clock.now() + wait))
        if settings.rate_limit_headers:
            headers["X-RateLimit-Limit"] = str(max(1, round(limit["per_second"] * 60)))
            headers["X-RateLimit-Remaining"] = "0"
            headers["X-RateLimit-Reset"] = self._clock.stamp(self._clock.now() + wait)
        return headers
