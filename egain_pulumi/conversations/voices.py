"""The five roles, each with a method for every kind of message that it may send.

A voice is a role that speaks in one conversation or starts one. It has no state: if its `to` is a
NewConversation, each message starts another conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypedDict, Unpack

from ..errors import EgainError
from .answers import Sent
from .message import Attachment, Destination, Message, RichKind, Role

Send = Callable[[Role, str | None, Destination, Sequence[Message], Mapping[str, str]], Sent]
"""Makes one request: role, participant's name, destination, messages, metadata."""


class More(TypedDict, total=False):
    """Optional arguments of any message; see `Message`."""

    content: Mapping[str, Any]
    attachments: Sequence[Attachment]
    attributes: Mapping[str, str]
    message_id: str
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Voice:
    """The messages of every role. Each method makes one request; see `failures` for errors."""

    _send: Send
    to: Destination
    name: str | None = None
    """The participant's name."""
    role: ClassVar[Role]

    def send(self, *messages: Message, metadata: Mapping[str, str] | None = None) -> Sent:
        """Send messages of any kind, known or unknown, in one request."""
        return self._send(self.role, self.name, self.to, messages, metadata or {})

    def text(self, text: str, **more: Unpack[More]) -> Sent:
        """Send a text, with any attachments."""
        return self._say("text", {"text": _words(text)}, more)

    def typing_start(self, **more: Unpack[More]) -> Sent:
        """Report that the sender is typing."""
        return self._say("typing.start", {}, more)

    def typing_end(self, **more: Unpack[More]) -> Sent:
        """Report that the sender has stopped typing."""
        return self._say("typing.end", {}, more)

    def customer_info(self, **more: Unpack[More]) -> Sent:
        """Send the customer's data, in `attributes` or `content`."""
        return self._say("customer.info", {}, more)

    def error(self, text: str, **more: Unpack[More]) -> Sent:
        """Report an error, in words."""
        return self._say("error", {"text": _words(text)}, more)

    def end(self, **more: Unpack[More]) -> Sent:
        """End the conversation."""
        return self._say("conversation.end", {}, more)

    def _say(
        self, kind: str, content: Mapping[str, Any], more: More, parent: str | None = None
    ) -> Sent:
        merged: dict[str, Any] = {**more, "content": {**content, **more.get("content", {})}}
        return self.send(Message(kind, parent=parent, **merged))


class Staff(Voice):
    """The further messages of agents and bots."""

    __slots__ = ()

    def escalate(self, **more: Unpack[More]) -> Sent:
        """Hand the conversation over to the agents."""
        return self._say("escalation.transfer", {}, more)

    def push_page(self, url: str, **more: Unpack[More]) -> Sent:
        """Show the customer a page; its address is sent as the text (an assumption)."""
        return self._say("pagePush", {"text": _words(url)}, more)

    def rich(self, kind: RichKind, payload: Mapping[str, Any], **more: Unpack[More]) -> Sent:
        """Send a rich message; its payload, which is not documented, is its content."""
        return self._say(f"richMessage.{kind}", payload, more)


class Agent(Staff):
    """The further messages of agents."""

    __slots__ = ()

    def conversation_state(self, **more: Unpack[More]) -> Sent:
        """Send the conversation's state, in `content` or `attributes`."""
        return self._say("conversation.state", {}, more)

    def join(self, **more: Unpack[More]) -> Sent:
        """Join the conversation."""
        return self._say("agent.join", {}, more)

    def available(self, **more: Unpack[More]) -> Sent:
        """Report that the agent can take conversations."""
        return self._say("agent.available", {}, more)

    def unavailable(self, **more: Unpack[More]) -> Sent:
        """Report that the agent cannot take conversations."""
        return self._say("agent.unavailable", {}, more)

    def transfer_to_agent(self, **more: Unpack[More]) -> Sent:
        """Transfer the conversation to another agent."""
        return self._say("agent.transfer", {}, more)

    def transfer_to_queue(self, **more: Unpack[More]) -> Sent:
        """Transfer the conversation to a queue."""
        return self._say("queue.transfer", {}, more)


class CustomBot(Staff):
    """A custom bot."""

    __slots__ = ()
    role: ClassVar[Role] = "custom_bot"


class EgainBot(Staff):
    """An eGain bot."""

    __slots__ = ()
    role: ClassVar[Role] = "egain_bot"


class CustomAgent(Agent):
    """An agent of a custom application."""

    __slots__ = ()
    role: ClassVar[Role] = "custom_agent"


class EgainAgent(Agent):
    """An eGain agent."""

    __slots__ = ()
    role: ClassVar[Role] = "egain_agent"


class Customer(Voice):
    """The customer, or the customer's application."""

    __slots__ = ()
    role: ClassVar[Role] = "customer"

    def authentication_success(self, **more: Unpack[More]) -> Sent:
        """Report that the customer has authenticated."""
        return self._say("authentication.success", {}, more)

    def authentication_failure(self, **more: Unpack[More]) -> Sent:
        """Report that the customer has failed to authenticate."""
        return self._say("authentication.failure", {}, more)

    def active(self, **more: Unpack[More]) -> Sent:
        """Report that the customer is active."""
        return self._say("customer.active", {}, more)

    def inactive(self, **more: Unpack[More]) -> Sent:
        """Report that the customer is inactive."""
        return self._say("customer.inactive", {}, more)

    def delete(self, parent: str, *, permanent: bool = False, **more: Unpack[More]) -> Sent:
        """Delete the message with this id, permanently or until `undo`."""
        kind = "delete.permanent" if permanent else "delete.soft"
        return self._say(kind, {}, more, _words(parent, "parent"))

    def undo(self, parent: str, **more: Unpack[More]) -> Sent:
        """Restore the deleted message with this id."""
        return self._say("undo", {}, more, _words(parent, "parent"))


def _words(text: str, argument: str = "text") -> str:
    if not isinstance(text, str) or not text.strip():
        raise EgainError(f"{argument}: expects a text that is not empty.")
    return text
