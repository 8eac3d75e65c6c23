"""PROGRAM SIDE: all mistakes of one run of a program, listed before anything is done.

`pulumi.log.error` shows a mistake and stops nothing; `check` stops the deployment, at the first
resource it refuses. Registrations go out after the program has run to its end, in no order that
it could rely on. So every resource carries the number of problems of the whole program to its
`check`, and with a single mistake nothing is created, changed or deleted.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from pathlib import Path
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_root_resource

from ..schema.complaint import Complaint
from ..schema.declared import Declared
from ..text import sentence
from .inputs import Later, with_unknowns


class Report:
    """What is wrong with one run of a program."""

    def __init__(self) -> None:
        self.problems = 0
        self.declared: list[Declared] = []
        self._looked = False
        self._taken: dict[Hashable, str] = {}

    def add(
        self, subject: str, errors: Iterable[Complaint], warnings: Iterable[Complaint]
    ) -> list[str]:
        """List what is wrong with a resource. Returns the warnings, for `check` to leave out."""
        # Without the resource: the URN of a refused one never resolves, nor would the message.
        for text in _texts(errors):
            self.problems += 1
            pulumi.log.error(f"{subject}: {sentence(text)}")
        said = _texts(warnings)
        for text in said:
            pulumi.log.warn(f"{subject}: {sentence(text)}")
        return said

    def first_to_declare(self, unique: Hashable, name: str) -> str:
        """Who declares a unique value: the first one that ever asked."""
        return self._taken.setdefault(unique, name)

    def total(self) -> Later[int]:
        """The number of problems of the whole program, once it has run to its end."""

        async def late() -> int:
            self._warn_of_unreached()
            return self.problems

        return Later(late)

    def _warn_of_unreached(self) -> None:
        """Warn, once and in previews, of what reaches nobody in the program as a whole."""
        if self._looked or self.problems or not pulumi.runtime.is_dry_run():
            return
        self._looked = True
        # Here, because only previews need it.
        from ..hub.reach.silences import REACH_TOML, warnings

        for text in warnings(self.declared, with_unknowns, _read_silences(REACH_TOML)):
            pulumi.log.warn(text)


def current_report() -> Report:
    """The report of the run that is under way."""
    root = get_root_resource()
    return Report() if root is None else _runs.setdefault(root, Report())


def _read_silences(file: str) -> str:
    """The project's `reach.toml`; a program runs in its folder."""
    try:
        return Path(file).read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        return "unreadable"  # no TOML either: it is told so


_runs: WeakKeyDictionary[pulumi.Resource, Report] = WeakKeyDictionary()


def _texts(complaints: Iterable[Complaint]) -> list[str]:
    return list(dict.fromkeys(map(str, complaints)))
