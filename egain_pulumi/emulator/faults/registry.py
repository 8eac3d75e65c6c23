"""Faults: which calls they hit and how often. `parsing` reads them, `acting` applies them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..wire import Call

BEFORE, AFTER = "before", "after"

# Each action: its usual `when`, and its own keys with their defaults.
ACTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "status": (BEFORE, {"status": 500, "headers": {}, "body": None}),
    "close": (BEFORE, {"reset": False}),
    "hang": (BEFORE, {"seconds": 3600.0, "clock": "emulator"}),
    "html": (BEFORE, {"status": 200}),
    "empty": (BEFORE, {"status": 200}),
    "redirect": (BEFORE, {"status": 302, "location": ""}),
    "big_body": (BEFORE, {"status": 200, "bytes": 300_000_000}),
    "truncated": (AFTER, {}),
    "invalid_json": (AFTER, {}),
    "wrong_content_type": (AFTER, {"content_type": "text/plain"}),
    "short_list": (AFTER, {"missing": 1}),
    "repeat_page": (AFTER, {}),
    "duplicate_ids": (AFTER, {}),
    "late_visibility": (AFTER, {"seconds": 0.0, "reads": 0}),
}

# Actions that change an answer's content, and the calls whose answer they can change.
NEEDS: dict[str, Callable[[Call], bool]] = {
    "short_list": lambda call: "page" in call.notes and bool(call.notes["shown"]),
    "duplicate_ids": lambda call: "page" in call.notes and bool(call.notes["shown"]),
    "repeat_page": lambda call: call.notes.get("page", 1) > 1,
    "late_visibility": lambda call: "created" in call.notes,
}


@dataclass
class Fault:
    """One fault.

    skip, times   the first `skip` matching calls pass; the next `times` are hit (None: all)
    seen, fired   how many calls matched, how many were hit
    """

    id: str
    method: str
    path: str
    skip: int
    times: int | None
    when: str
    action: str
    options: dict[str, Any]
    matches: Callable[[Call], bool] = field(repr=False)
    seen: int = 0
    fired: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "match": {
                "method": self.method,
                "path": self.path,
                "skip": self.skip,
                "times": self.times,
            },
            "do": {"action": self.action, "when": self.when, **self.options},
            "seen": self.seen,
            "fired": self.fired,
        }


class Faults:
    """All faults, oldest first."""

    def __init__(self) -> None:
        self._count = 0
        self.all: dict[str, Fault] = {}

    def add(self, fault: Fault) -> Fault:
        """Add a fault and give it the next id."""
        self._count += 1
        fault.id = f"f{self._count}"
        self.all[fault.id] = fault
        return fault

    def take(self, call: Call, when: str) -> Fault | None:
        """Return the fault that hits this call: the oldest that matches and is not used up.

        Every matching fault counts the call as seen. `after` faults see only calls that were
        carried out (status below 400), so that "the third create" is the third that was stored.
        """
        chosen = None
        for fault in self.all.values():
            if fault.when != when or not fault.matches(call):
                continue
            if fault.action in NEEDS and not NEEDS[fault.action](call):
                continue
            fault.seen += 1
            left = fault.times is None or fault.fired < fault.times
            if chosen is None and left and fault.seen > fault.skip:
                fault.fired += 1
                chosen = fault
        return chosen
