"""What a run did, in numbers, for `docs/reliability.md`."""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VARIABLE = "TEST_FIGURES"


@dataclass
class Figures:
    """Counters of one run; `save` adds them to the file that `TEST_FIGURES` names."""

    programs: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    """Requests to the API, those for tokens too."""
    faults: Counter[str] = field(default_factory=Counter)
    """How many calls were hit, by action and by when."""
    kills: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)
    """What a healed tenant's `up` stopped with, rightly, for a person to decide."""
    failures: int = 0

    def as_json(self) -> dict[str, Any]:
        """With sums, and the counters by name."""
        return {
            "programs": self.programs,
            "operations": dict(sorted(self.operations.items())),
            "calls": self.calls,
            "faults": dict(sorted(self.faults.items())),
            "kills": dict(sorted(self.kills.items())),
            "questions": dict(sorted(self.questions.items())),
            "failures": self.failures,
        }

    def save(self, run: str) -> None:
        """Write them under `random` and the name of the run."""
        save("random", run, self.as_json())


def save(section: str, run: str, figures: dict[str, Any]) -> None:
    """Write the figures of a run to the file that `TEST_FIGURES` names; other entries stay."""
    target = os.environ.get(VARIABLE)
    if not target:
        return
    with Path(target).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = json.loads(file.read() or "{}")
        known.setdefault(section, {})[run] = figures
        file.truncate(0)
        file.write(json.dumps(known, indent=2) + "\n")
