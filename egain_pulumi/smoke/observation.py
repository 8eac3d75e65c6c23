"""What can be seen of a conversation: on the emulator all of it, elsewhere deliveries. Pure.

`Sight` is the same for both; `hops` makes it of what an emulator shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..conversations import Received
from ..text import one_line
from .report import Outcome
from .script import Turn

_HANDED: Final = frozenset({"agent.join", "agent.transfer", "queue.transfer"})
_AGENTS: Final = frozenset({"egain_agent", "custom_agent"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, with what makes it one of a kind."""

    key: tuple[str, str]
    seconds: float
    """Since the conversation began."""
    outcome: Outcome
    what: str
    why: str = ""
    """Where it ended: the reason, as `advice` knows it."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of anybody but the customer."""

    role: str
    kind: str
    text: str

    @property
    def label(self) -> str:
        """As a step shows it."""
        words = f'"{one_line(self.text, 100)}"' if self.text else self.kind
        return f"{self.role}: {words}"


@dataclass(frozen=True, slots=True)
class Sight:
    """A conversation as it stands."""

    events: Sequence[Event] = ()
    said: Sequence[Said] = ()
    """What has reached the customer."""
    escalated: bool = False
    settled: bool = True
    """Whether nothing is known to be under way."""


def missing(turn: Turn, said: Sequence[Said], escalated: bool) -> str:
    """What a turn expects and has not come; "" once all of it has."""
    texts = [each.text.lower() for each in said if each.text]
    if turn.answers and not texts:
        return "an answer"
    for words in turn.answer:
        if not any(words.lower() in text for text in texts):
            return f'an answer with "{one_line(words, 80)}"'
    if turn.escalates and not escalated:
        return "that the conversation reaches the agents"
    if turn.ends and not any(each.kind == "conversation.end" for each in said):
        return "that the other side ends the conversation"
    return ""


def delivered(came: Sequence[tuple[float, Received]]) -> Sight:
    """What a listener has seen; times are those of its clock."""
    all_said = [said(each) for _, each in came]
    events = [
        Event(("came", str(n)), at, Outcome.OK, f"the customer gets {said(each).label}")
        for n, (at, each) in enumerate(came)
    ]
    return Sight(events, all_said, escalated=handed(all_said))


def fetched(messages: Sequence[Received], after: str) -> list[Received]:
    """What others said, in a conversation that is over, after a message and before the next."""
    found: list[Received] = []
    begun = False
    for each in messages:
        if each.role == "customer":
            if begun:
                break
            begun = each.message_id == after
        elif begun:
            found.append(each)
    return found


def said(each: Received) -> Said:
    """A message as it came, or as a conversation that is over has it."""
    return Said(each.role or "somebody", each.kind, each.text or "")


def handed(said: Sequence[Said]) -> bool:
    """Whether an agent has been heard of."""
    return any(each.kind in _HANDED or each.role in _AGENTS for each in said)
