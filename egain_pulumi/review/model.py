"""The parts of a report. Pure; no secret is ever in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ..hub import Object, Op, Preview, Step
from ..schema.model import Path

STILL: Final = (Op.SAME, Op.READ)
"""What no report mentions."""


class Kind(StrEnum):
    """Why a person must look, the gravest first."""

    DELETED = "deleted"
    REPLACED = "replaced"
    TURNED_OFF = "turned-off"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    ROTATED = "secret-rotated"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Target:
    """A reference: the id that is named, and whose it is, as far as either is known."""

    id: str | None
    object: Object | None


@dataclass(frozen=True, slots=True)
class Property:
    """One declared property that an object has, or had. None: not declared."""

    path: Path
    old: Any
    new: Any
    secret: bool = False
    same: bool = False
    """A secret that stays as it is; of anything else only changes are told."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one object."""

    step: Step
    properties: tuple[Property, ...]

    @property
    def fields(self) -> set[str]:
        """The arguments that change."""
        return {str(each.path[0]) for each in self.properties if not each.same}

    @property
    def rotated(self) -> list[Property]:
        """The secrets that an object had before, and that change, or are to be sent again."""
        if self.step.op is not Op.UPDATE:
            return []
        turned = [p for p in self.properties if p.secret and not p.same and p.old is not None]
        return turned + [p for p in self.properties if p.path == ("secrets_version",)]


@dataclass(frozen=True, slots=True)
class Risk:
    """One row that a person has to read before the change is made."""

    kind: Kind
    object: Object
    accounts: tuple[Object, ...]
    channels: tuple[Object, ...]
    rule: str | None = None
    path: Path = ()
    text: str = ""
    """What does not hold, where it is a rule of reach."""
    secrets: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """What `pulumi up` asks of eGain's API, all going well."""

    reads: int = 0
    writes: int = 0
    tokens: int = 0
    seconds: float | None = None
    """At the configured pace, where there is one."""
    pace: float | None = None
    """Requests a second of the tenant that takes longest."""
    unpaced: int = 0
    """Calls to tenants without a configured pace."""

    @property
    def calls(self) -> int:
        """All of them, but for the token."""
        return self.reads + self.writes


@dataclass(frozen=True, slots=True)
class Review:
    """A preview, read for people."""

    preview: Preview
    changes: tuple[Change, ...]
    risks: tuple[Risk, ...]
    accounts: tuple[Object, ...]
    channels: tuple[Object, ...]
    cost: Cost
    unchecked: tuple[str, ...] = ()
    """What a refresh was not allowed to look at."""
