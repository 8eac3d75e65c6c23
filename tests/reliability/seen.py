"""What a cell of the matrix is about, and what was seen in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Picture = tuple[tuple[Any, ...], tuple[Any, ...]]
"""The state, and what eGain holds of the kind."""


@dataclass(frozen=True)
class Call:
    """The call that the troubles of a table happen to, and the verb that makes it."""

    verb: str
    method: str
    path: str
    """`{collection}` is the kind's own, `{users}` the first of those that refer to it."""
    by_value: bool = False
    """Whether an import names its object by its unique value rather than by its id."""
    once: bool = False
    """Whether a process makes it once: then every cell needs a plugin host of its own."""
    crowd: int = 0
    """How many further objects of the kind the stack has."""
    before: dict[str, Any] = field(default_factory=dict)
    """A fault that makes the verb come to this call at all."""
    switches: dict[str, Any] = field(default_factory=dict)
    """Switches of the emulator that do so."""

    @property
    def name(self) -> str:
        """As cells count it."""
        return "list" if self.method == "GET" and "{id}" not in self.path else self.method


@dataclass(frozen=True)
class Seen:
    """What one operation did, as seen from outside."""

    reason: str | None
    """Why it failed, if it did."""
    warned: bool
    lost: bool
    """Whether something that somebody else has written is no longer there."""
    calls: tuple[str, ...]
    """Of the kind's own collection, and of that of its users where the table is about those."""
    ops: tuple[str, ...]
    before: Picture
    after: Picture
    again: str | None
    """Why the same command failed after everything was healed, if it did."""
