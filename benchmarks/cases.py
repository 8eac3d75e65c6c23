"""The cases: each has a tenant, a shape, a size, and the rows to compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

CREATE, PREVIEW, REFRESH, DESTROY = "create", "preview", "refresh", "destroy"
OPERATIONS: Final = (CREATE, PREVIEW, REFRESH, DESTROY)

OURS, FLOOR, NAIVE, WITH_READ = "ours", "floor", "naive", "naive with read"
ICONS: Final = "ours, icon files"
"""The same channels, each with its own icon file of ICON_BYTES."""
ICON_BYTES: Final = 300_000
ROWS: Final = (OURS, FLOOR, NAIVE, WITH_READ)

PAGE: Final = 75
"""Page size of list calls, for all rows: the maximum in the contract."""


@dataclass(frozen=True)
class Case:
    """Runs each row once, then each row again, so that a slow phase affects all rows."""

    size: int
    rows: tuple[str, ...]
    shape: str = "flat"
    latency: float = 0.1
    """Seconds per call."""
    per_second: float | None = None
    """The tenant's rate limit."""
    burst: int = 1
    configured: bool = False
    """Whether `egain:requestsPerSecond` has the rate limit; otherwise 429 answers reveal it."""
    repetitions: int = 3
    operations: tuple[str, ...] = OPERATIONS

    @property
    def title(self) -> str:
        """The heading of its table."""
        text = f"{self.size:,} objects, {self.shape}, {round(self.latency * 1000)} ms a call"
        if self.per_second is None:
            return text
        known = ", configured" if self.configured else ""
        return f"{text}, {self.per_second:g} calls a second, burst {self.burst}{known}"

    def ideal(self, calls: int) -> float:
        """Return the least seconds for this number of calls under the rate limit."""
        return max(0.0, (calls - self.burst) / self.per_second) if self.per_second else 0.0


BUDGET: Final = Case(300, (OURS,), shape="five", repetitions=1, operations=(CREATE, REFRESH))
TEN: Final = Case(100, (OURS,), latency=0.02, per_second=10, burst=2, operations=(CREATE,))
CONFIGURED: Final = replace(TEN, configured=True)
ONE: Final = Case(60, (OURS,), latency=0.02, per_second=1, burst=2, operations=(CREATE,))
ICON_FILES: Final = Case(50, (OURS, ICONS), repetitions=5, operations=(CREATE, PREVIEW, REFRESH))

STANDARD: Final = (
    Case(100, ROWS, repetitions=5),
    Case(400, (OURS, FLOOR, NAIVE), repetitions=5),
    BUDGET,
    ICON_FILES,
    TEN,
    CONFIGURED,
    ONE,
)
"""What the targets need."""

QUICK: Final = (
    Case(10, ROWS, repetitions=1),
    Case(40, (OURS, FLOOR), repetitions=1),
    Case(12, (OURS, FLOOR), shape="hubs", repetitions=1),
    replace(ICON_FILES, size=4, repetitions=1),
    Case(20, (OURS,), latency=0.02, per_second=10, burst=2, repetitions=1, operations=(CREATE,)),
)
"""Shows that everything still runs. Do not quote its figures."""

SETS: Final = {"standard": STANDARD, "quick": QUICK}
