"""`Conversations`: the messages and assets of one tenant."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import cached_property

from ..api import limits, settings
from ..errors import EgainError, TransportError
from . import answers, body
from .answers import Conversation, Sent, received
from .assets import Assets
from .calls import Calls
from .message import ROLES, SENDERS, Destination, Message, Role
from .voices import CustomAgent, CustomBot, Customer, EgainAgent, EgainBot

_DOUBT = (
    "It may have been delivered and was not sent again. Check what has arrived before you send it "
    "again: eGain would deliver a second copy."
)


class Conversations:
    """Sends messages as any role, reads completed conversations and manages assets.

    Thread-safe; all threads share a connection, a token and eGain's quota. Settings are the
    `EGAIN_*` variables unless they are passed, as for a second tenant. The constructor makes no
    call and raises ConfigurationError if a setting is missing or malformed.
    """

    def __init__(
        self,
        given: settings.Settings | None = None,
        *,
        hooks: limits.Hooks | None = None,
    ) -> None:
        self.settings = settings.load({}) if given is None else given
        self._calls = Calls(self.settings, hooks)

    def customer(self, name: str | None = None, *, to: Destination) -> Customer:
        """Return a customer who speaks in a conversation or starts one."""
        return Customer(self._send, to, name)

    def custom_bot(self, name: str | None = None, *, to: Destination) -> CustomBot:
        """Return a custom bot; `name` is its participant's."""
        return CustomBot(self._send, to, name)

    def egain_bot(self, name: str | None = None, *, to: Destination) -> EgainBot:
        """Return an eGain bot; `name` is its participant's."""
        return EgainBot(self._send, to, name)

    def custom_agent(self, name: str | None = None, *, to: Destination) -> CustomAgent:
        """Return an agent of a custom application."""
        return CustomAgent(self._send, to, name)

    def egain_agent(self, name: str | None = None, *, to: Destination) -> EgainAgent:
        """Return an eGain agent."""
        return EgainAgent(self._send, to, name)

    def conversation(self, id: str) -> Conversation:
        """Return a completed conversation. Raises Refused.

        eGain does not show open ones; how it refuses them is not known.
        """
        attempt = self._calls.attempt("read", f"conversation {id}")
        found = self._calls.call("GET", ("conversations", id), attempt).payload
        if found.get("id", id) != id:
            raise attempt.error(
                TransportError("eGain answered with another conversation", in_doubt=False)
            )
        return Conversation(id, received(found), found)

    @cached_property
    def assets(self) -> Assets:
        """Files for attachments."""
        return Assets(self._calls)

    def _send(
        self,
        role: Role,
        name: str | None,
        to: Destination,
        messages: Sequence[Message],
        metadata: Mapping[str, str],
    ) -> Sent:
        request = body.build(messages, role, name, to, metadata)
        self._check(role, messages)
        ids = tuple(each.message_id for each in messages)
        known = to if isinstance(to, str) else None
        where = f"conversation {to}" if known else "a new conversation"
        attempt = self._calls.attempt(
            "send",
            f"message{'s' if len(ids) > 1 else ''} {', '.join(ids)} to {where}",
            secrets=tuple(body.private_texts(request)),
            in_doubt=_DOUBT,
            message_ids=ids,
            conversation=known,
        )
        answer = self._calls.call("POST", ("conversations", "messages"), attempt, request)
        # Only the contract's answer means "accepted": a gateway may answer 200 to anything.
        accepted = answers.parse_sent(answer.payload, known, ids)
        if answer.status != 202:
            raise attempt.doubt(f"eGain answered {answer.status} instead of 202")
        if accepted is None:
            raise attempt.doubt("eGain accepted it but did not name the new conversation")
        return accepted

    def _check(self, role: Role, messages: Sequence[Message]) -> None:
        for each in messages:
            senders = SENDERS.get(each.kind, ROLES)
            if role in senders:
                continue
            problem = (
                f"kind: {role} may not send {each.kind}; only {', '.join(sorted(senders))} may"
            )
            if self.settings.validation == "error":
                raise EgainError(
                    f"{problem}. If your tenant allows it, set EGAIN_VALIDATION=warn to send it as "
                    "written."
                )
            warnings.warn(f"{problem}; sent as written", stacklevel=4)
