"""The log of requests: counts and details, never a body or an Authorization header."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 20_000
CORRELATION_HEADERS = ("x-correlation-id", "x-request-id", "correlation-id", "traceparent")


@dataclass
class Entry:
    """One request. `status` is None while it runs, and if the client got no complete answer.

    time         of arrival, on the emulator's clock
    seconds      from arrival to the end of the answer, real time; None while it runs
    in_flight    other requests in flight at its arrival
    fault        id of the fault that acted on it
    outcome      running, answered, closed, cut, flooded or client gone
    """

    n: int
    time: str
    method: str
    path: str
    template: str | None
    query: dict[str, str]
    in_flight: int
    user_agent: str | None
    correlation_id: str | None
    client: str | None = None
    status: int | None = None
    seconds: float | None = None
    fault: str | None = None
    outcome: str = "running"


class RequestLog:
    """The last 20,000 requests in detail; counts of all since the last reset."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._n = 0
        self.clear()

    def clear(self) -> None:
        """Remove all entries; requests in flight stay counted."""
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.peak = self.in_flight

    def arrive(self, entry: Entry) -> None:
        self._n += 1
        entry.n = self._n
        entry.in_flight = self.in_flight
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        self.entries.append(entry)
        self.counts[f"{entry.method} {entry.template or '(unknown path)'}"] += 1

    def leave(self, entry: Entry, seconds: float) -> None:
        self.in_flight -= 1
        entry.seconds = round(seconds, 6)
        self.statuses[str(entry.status) if entry.status else entry.outcome] += 1

    def as_json(self, since: int = 0) -> dict[str, Any]:
        """Return counts, and the details of requests with a number above `since`."""
        return {
            "total": sum(self.counts.values()),
            "counts": dict(sorted(self.counts.items())),
            "statuses": dict(sorted(self.statuses.items())),
            "in_flight": self.in_flight,
            "peak_in_flight": self.peak,
            "last": self._n,
            "requests": [asdict(entry) for entry in self.entries if entry.n > since],
        }
