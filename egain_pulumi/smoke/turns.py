"""What a check says and how long it waits, and what it can observe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .accounts import Account
from .observation import Observation
from .script import AGENT, GREETING, Turn


@dataclass(frozen=True, slots=True)
class Observer:
    """How a check observes its conversation."""

    observe: Callable[[str], Observation] | None
    """Takes the conversation's id; None if nothing can be observed before the end."""
    complete: bool
    """Whether every hop can be observed, as on an emulator."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a check says, and how long it waits."""

    turns: Sequence[Turn]
    folder: Path
    """The folder of the script's files."""
    wait: float
    """Seconds to wait for what a turn expects."""


def default_turns(account: Account, *, emulator: bool) -> Sequence[Turn]:
    """Return what to say without a script.

    It asks for an agent only on an emulator: in a tenant, real agents would answer.
    """
    greeting = Turn(say=GREETING, answers=account.bot is not None)
    if emulator and account.escalates:
        return (greeting, Turn(say=AGENT, escalates=True))
    return (greeting,)
