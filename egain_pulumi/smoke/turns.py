"""What a journey says, how patient it is, and what it sees with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .accounts import Account
from .observation import Sight
from .script import AGENT, GREETING, Turn


@dataclass(frozen=True, slots=True)
class Eyes:
    """What a journey sees with."""

    look: Callable[[str], Sight] | None
    """None: nothing is seen before the end."""
    whole: bool
    """Whether every hop is seen, as on an emulator."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a journey says, and how patient it is."""

    turns: Sequence[Turn]
    """None of one's own: a greeting, and on an emulator the call for an agent."""
    folder: Path
    """Where the files of a script are."""
    wait: float
    """Seconds for what a turn expects."""


def turns(account: Account, given: Sequence[Turn], *, emulator: bool) -> Sequence[Turn]:
    """What to say on an account: the script's turns, or our own.

    Our own call nobody to the telephone but on an emulator: real agents would come.
    """
    if given:
        return given
    greeting = Turn(say=GREETING, answers=account.bot is not None)
    if emulator and account.escalates:
        return (greeting, Turn(say=AGENT, escalates=True))
    return (greeting,)
