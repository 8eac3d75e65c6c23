"""The five roles, each with the kinds of message that it may send, and no others.

A voice is a role that speaks in one conversation, or begins one. It holds no state: each message
of a voice whose `to` is a NewConversation begins a conversation of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypedDict, Unpack

from ..errors import EgainError
from .answers import Sent
from .kinds import RichKind, Role
from .message import Attachment, Destination, Message


class Send(Protocol):
    """Carries messages to eGain."""

    def __call__(
        self,
        role: Role,
        name: str | None,
        to: Destination,
        messages: Sequence[Message],
        metadata: Mapping[str, str],
    ) -> Sent:
        """One request. Raises EgainError."""


class More(TypedDict, total=False):
    """What any message may carry besides; see `Message`."""

    content: Mapping[str, Any]
    attachments: Sequence[Attachment]
    attributes: Mapping[str, str]
    message_id: str
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """What every role may send. Every method is one request; see `Conversations` for errors."""

    _send: Send
    to: Destination
    name: str | None = None
    """The participant's name."""
    role: ClassVar[Role]

    def send(self, *messages: Message, metadata: Mapping[str, str] | None = None) -> Sent:
        """Messages of any kind in one request; also of kinds that are not known here."""
        return self._send(self.role, self.name, self.to, messages, metadata or {})

    def text(self, text: str, **more: Unpack[More]) -> Sent:
        """Words, with attachments if there are any."""
        return self._say("text", {"text": _words(text)}, more)

    def typing_start(self, **more: Unpack[More]) -> Sent:
        """That somebody is typing."""
        return self._say("typing.start", {}, more)

    def typing_end(self, **more: Unpack[More]) -> Sent:
        """That nobody is typing any more."""
        return self._say("typing.end", {}, more)

    def customer_info(self, **more: Unpack[More]) -> Sent:
        """What is known of the customer, in `attributes` or `content`."""
        return self._say("customer.info", {}, more)

    def error(self, text: str, **more: Unpack[More]) -> Sent:
        """That something went wrong, in words."""
        return self._say("error", {"text": _words(text)}, more)

    def end(self, **more: Unpack[More]) -> Sent:
        """The end of the conversation."""
        return self._say("conversation.end", {}, more)

    def _say(
        self, kind: str, content: Mapping[str, Any], more: More, parent: str | None = None
    ) -> Sent:
        merged: dict[str, Any] = {**more, "content": {**content, **more.get("content", {})}}
        return self.send(Message(kind, parent=parent, **merged))


class Staff(Voice):
    """What agents and bots may send besides."""

    __slots__ = ()

    def escalate(self, **more: Unpack[More]) -> Sent:
        """The conversation goes to the agents."""
        return self._say("escalation.transfer", {}, more)

    def push_page(self, url: str, **more: Unpack[More]) -> Sent:
        """A page that the customer is shown; its address travels as the text (an assumption)."""
        return self._say("pagePush", {"text": _words(url)}, more)

    def rich(self, kind: RichKind, payload: Mapping[str, Any], **more: Unpack[More]) -> Sent:
        """A rich message. Its payload, whose shape is not documented, is its content as written."""
        return self._say(f"richMessage.{kind}", payload, more)


class Agent(Staff):
    """What agents may send besides."""

    __slots__ = ()

    def conversation_state(self, **more: Unpack[More]) -> Sent:
        """How the conversation stands, in `content` or `attributes`."""
        return self._say("conversation.state", {}, more)

    def join(self, **more: Unpack[More]) -> Sent:
        """The agent takes part from here on."""
        return self._say("agent.join", {}, more)

    def available(self, **more: Unpack[More]) -> Sent:
        """The agent can take conversations."""
        return self._say("agent.available", {}, more)

    def unavailable(self, **more: Unpack[More]) -> Sent:
        """The agent can take none."""
        return self._say("agent.unavailable", {}, more)

    def transfer_to_agent(self, **more: Unpack[More]) -> Sent:
        """The conversation goes to another agent."""
        return self._say("agent.transfer", {}, more)

    def transfer_to_queue(self, **more: Unpack[More]) -> Sent:
        """The conversation goes to a queue."""
        return self._say("queue.transfer", {}, more)


class CustomBot(Staff):
    """A bot of one's own."""

    __slots__ = ()
    role: ClassVar[Role] = "custom_bot"


class EgainBot(Staff):
    """A bot of eGain's."""

    __slots__ = ()
    role: ClassVar[Role] = "egain_bot"


class CustomAgent(Agent):
    """An agent who works in an application of one's own."""

    __slots__ = ()
    role: ClassVar[Role] = "custom_agent"


class EgainAgent(Agent):
    """An agent who works in eGain."""

    __slots__ = ()
    role: ClassVar[Role] = "egain_agent"


class Customer(Voice):
    """The customer, and what a customer's application may send."""

    __slots__ = ()
    role: ClassVar[Role] = "customer"

    def authentication_success(self, **more: Unpack[More]) -> Sent:
        """The customer has proved who they are."""
        return self._say("authentication.success", {}, more)

    def authentication_failure(self, **more: Unpack[More]) -> Sent:
        """The customer has not proved who they are."""
        return self._say("authentication.failure", {}, more)

    def active(self, **more: Unpack[More]) -> Sent:
        """The customer is there."""
        return self._say("customer.active", {}, more)

    def inactive(self, **more: Unpack[More]) -> Sent:
        """The customer is away."""
        return self._say("customer.inactive", {}, more)

    def delete(self, parent: str, *, permanent: bool = False, **more: Unpack[More]) -> Sent:
        """The customer has deleted the message with this id, for good or until `undo`."""
        kind = "delete.permanent" if permanent else "delete.soft"
        return self._say(kind, {}, more, _words(parent, "parent"))

    def undo(self, parent: str, **more: Unpack[More]) -> Sent:
        """The customer has taken back the deletion of the message with this id."""
        return self._say("undo", {}, more, _words(parent, "parent"))


def _words(text: str, argument: str = "text") -> str:
    if not isinstance(text, str) or not text.strip():
        raise EgainError(f"{argument}: expects a text that is not empty.")
    return text
