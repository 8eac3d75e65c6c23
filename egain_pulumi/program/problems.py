"""PROGRAM SIDE: lists all mistakes of a program before anything is created, updated or deleted.

`pulumi.log.error` shows a mistake but stops nothing; `check` stops the deployment at the first
resource that it refuses. Resources are registered after the program has ended, in no defined
order. So every resource tells its `check` how many problems the whole program has, and one mistake
is enough for every `check` to refuse.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from pathlib import Path
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_root_resource
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from ..errors import EgainError
from ..schema.complaint import Complaint
from ..schema.declared import Declared
from ..text import sentence
from .inputs import Later, with_unknowns


class Report:
    """The problems of one run of a program."""

    def __init__(self) -> None:
        self.problems = 0
        self.declared: list[Declared] = []
        self.second_tenant = False
        """Whether the program has a `Provider`."""
        self._looked = False
        self._taken: dict[Hashable, str] = {}

    def add(
        self, subject: str, errors: Iterable[Complaint], warnings: Iterable[Complaint]
    ) -> list[str]:
        """Log a resource's complaints. Returns the warnings, which `check` need not repeat.

        Raises EgainError under Pulumi's mocks, where no `check` would refuse the resource.
        """
        # Without the resource: the URN of a refused one never resolves, and the log waits for it.
        for text in _texts(errors):
            if _under_mocks():
                raise EgainError(f"{subject}: {sentence(text)}")
            self.problems += 1
            pulumi.log.error(f"{subject}: {sentence(text)}")
        said = _texts(warnings)
        for text in said:
            pulumi.log.warn(f"{subject}: {sentence(text)}")
        return said

    def first_to_declare(self, unique: Hashable, name: str) -> str:
        """Return the first resource that declares a unique value: `name`, unless there was one."""
        return self._taken.setdefault(unique, name)

    def total(self) -> Later[int]:
        """Return the number of problems of the whole program, known when it has ended."""

        async def late() -> int:
            self._warn_of_unreached()
            return self.problems

        return Later(late)

    def _warn_of_unreached(self) -> None:
        """Warn once, in previews, of objects of the program that no message reaches."""
        if self._looked or self.problems or not pulumi.runtime.is_dry_run():
            return
        self._looked = True
        # Imported here, since only previews need it.
        from ..hub.reach.silences import REACH_TOML, warnings

        for text in warnings(self.declared, with_unknowns, _read_silences(REACH_TOML)):
            pulumi.log.warn(text)


def current_report() -> Report:
    """Return the report of the current run, or a new one under mocks, where tests share a run."""
    root = get_root_resource()
    return Report() if root is None or _under_mocks() else _runs.setdefault(root, Report())


def _under_mocks() -> bool:
    return get_root_resource() is None or isinstance(get_monitor(), MockMonitor)


def _read_silences(file: str) -> str:
    """Return the text of the project's `reach.toml`; a program runs in its folder."""
    try:
        return Path(file).read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        return "unreadable"  # not TOML: the parser reports it


_runs: WeakKeyDictionary[pulumi.Resource, Report] = WeakKeyDictionary()


def _texts(complaints: Iterable[Complaint]) -> list[str]:
    return list(dict.fromkeys(map(str, complaints)))
