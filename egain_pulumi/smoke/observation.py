"""What can be observed of a conversation: every hop on the emulator, else deliveries. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..conversations import Received
from ..text import one_line
from .report import Outcome
from .script import Turn

_TRANSFERS: Final = frozenset({"agent.join", "agent.transfer", "queue.transfer"})
_AGENTS: Final = frozenset({"egain_agent", "custom_agent"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, with a unique key."""

    key: tuple[str, str]
    seconds: float
    """Since the conversation began."""
    outcome: Outcome
    what: str
    code: str = ""
    """The emulator's code for it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message of anyone but the customer."""

    role: str
    kind: str
    text: str

    @property
    def label(self) -> str:
        """Its text in a step."""
        words = f'"{one_line(self.text, 100)}"' if self.text else self.kind
        return f"{self.role}: {words}"


@dataclass(frozen=True, slots=True)
class Observation:
    """The current state of a conversation."""

    events: Sequence[Event] = ()
    lines: Sequence[Line] = ()
    """The messages that have reached the customer."""
    escalated: bool = False
    settled: bool = True
    """Whether no message is known to be in flight."""


def missing(turn: Turn, lines: Sequence[Line], escalated: bool) -> tuple[str, str]:
    """Return the code and text of the first unmet expectation; both are "" if all are met."""
    texts = [line.text.lower() for line in lines if line.text]
    if turn.answers and not texts:
        return "no_answer", "no answer came"
    for words in turn.answer:
        if not any(words.lower() in text for text in texts):
            return "no_such_answer", f'no answer with "{one_line(words, 80)}" came'
    if turn.escalates and not escalated:
        return "no_escalation", "the conversation did not reach the agents"
    if turn.ends and not any(line.kind == "conversation.end" for line in lines):
        return "no_end", "the other side did not end the conversation"
    return "", ""


def observe_deliveries(deliveries: Sequence[tuple[float, Received]]) -> Observation:
    """Return what a listener has received; times are those of its clock."""
    lines = [line_of(each) for _, each in deliveries]
    events = [
        Event(("received", str(n)), at, Outcome.OK, f"the customer received {line.label}")
        for n, ((at, _), line) in enumerate(zip(deliveries, lines, strict=True))
    ]
    return Observation(events, lines, escalated=has_agent(lines))


def replies(messages: Sequence[Received], after: str) -> list[Received]:
    """Return what others said between a customer's message and the next one."""
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


def line_of(message: Received) -> Line:
    """Return a message that was delivered, or that a completed conversation has."""
    return Line(message.role or "somebody", message.kind, message.text or "")


def has_agent(lines: Sequence[Line]) -> bool:
    """Return whether an agent has joined or said something."""
    return any(line.kind in _TRANSFERS or line.role in _AGENTS for line in lines)
