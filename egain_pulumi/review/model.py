"""The parts of a report. Pure; holds no secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..hub import Object, Op, Preview, Step
from ..schema.model import Path
from ..schema.state import KEPT


class Kind(StrEnum):
    """Why a person must acknowledge a change, the most serious reason first."""

    DELETED = "deleted"
    REPLACED = "replaced"
    TURNED_OFF = "turned-off"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    ROTATED = "secret-rotated"
    OVERWRITTEN = "secret-overwritten"
    NAME_TAKEN = "name-taken"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Target:
    """A reference: its id and its object, if they are known."""

    id: str | None
    object: Object | None


@dataclass(frozen=True, slots=True)
class Property:
    """One declared property before and after the change. None: not declared."""

    path: Path
    old: Any
    new: Any
    secret: bool = False
    same: bool = False
    """A secret that does not change; other unchanged properties are left out."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one object."""

    step: Step
    properties: tuple[Property, ...]

    @property
    def fields(self) -> set[str]:
        """The names of the arguments that change."""
        return {str(each.path[0]) for each in self.properties if not each.same}

    @property
    def rotated(self) -> list[Property]:
        """The secrets that the object had before and that change, or that are sent again."""
        if self.step.op is not Op.UPDATE:
            return []
        changed = [
            p
            for p in self.properties
            if p.secret and not p.same and p.old is not None and p.new != KEPT
        ]
        return changed + [p for p in self.properties if p.path == ("secrets_version",)]

    @property
    def overwritten(self) -> list[Property]:
        """The secrets that an import sends over those that eGain has."""
        if self.step.op is not Op.IMPORT or self.step.object.at("secrets_version") is None:
            return []
        return [p for p in self.properties if p.secret]


@dataclass(frozen=True, slots=True)
class Risk:
    """One row that a person must acknowledge before the change is applied."""

    kind: Kind
    object: Object
    accounts: tuple[Object, ...]
    channels: tuple[Object, ...]
    rule: str | None = None
    path: Path = ()
    text: str = ""
    """The finding, if the row is about a rule of reach; the other object, about a taken value."""
    secrets: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """The API calls of `pulumi up` if nothing fails."""

    reads: int = 0
    writes: int = 0
    tokens: int = 0
    seconds: float | None = None
    """Their time at the configured rate limit; None if there is none."""
    pace: float | None = None
    """The rate limit of the tenant that takes longest, in requests per second."""
    unpaced: int = 0
    """Calls to tenants without a configured rate limit."""

    @property
    def calls(self) -> int:
        """All calls except those for tokens."""
        return self.reads + self.writes


@dataclass(frozen=True, slots=True)
class Review:
    """The analysis of a preview."""

    preview: Preview
    changes: tuple[Change, ...]
    risks: tuple[Risk, ...]
    accounts: tuple[Object, ...]
    channels: tuple[Object, ...]
    cost: Cost
    unchecked: tuple[str, ...] = ()
    """Labels of objects that a refresh was not allowed to read."""
