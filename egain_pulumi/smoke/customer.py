"""The customer of a test: sends messages to an account and reads the completed conversation."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from ..conversations import (
    Attachment,
    Conversation,
    Conversations,
    CustomerData,
    EgainError,
    Message,
    NewConversation,
    Refused,
    Sent,
)
from ..errors import ConfigurationError, TransportError
from .accounts import Account
from .script import Turn

NAME: Final = "egain-pulumi smoke"
_LOOK_SECONDS: Final = 0.2
_READ_SECONDS: Final = 5.0
"""How long eGain may take to show a conversation that has just ended."""


class Customer:
    """One customer on one account. All methods raise EgainError."""

    def __init__(self, account: Account, talk: Conversations, folder: Path) -> None:
        self._account, self._talk, self._folder = account, talk, folder
        self.conversation: str | None = None
        """None before the first message."""

    def say(self, turn: Turn) -> Sent:
        """Send one message, which starts the conversation if it is the first; never retry it."""
        to = self.conversation or NewConversation(
            channel=str(self._account.channel_type),
            address=str(self._account.address),
            customer=CustomerData(name=NAME),
        )
        files = [self._file(turn.attach)] if turn.attach else []
        content = {"text": turn.say} if turn.say else {}
        message = Message("text", content, attachments=files)
        sent = self._talk.customer(NAME, to=to).send(message)
        if self.conversation is None:
            self.conversation = sent.conversation
        return sent

    def leave(self) -> None:
        """End the conversation."""
        assert self.conversation is not None
        self._talk.customer(NAME, to=self.conversation).end()

    def read(self) -> Conversation:
        """Return the completed conversation."""
        assert self.conversation is not None
        until = time.monotonic() + _READ_SECONDS
        while True:
            try:
                return self._talk.conversation(self.conversation)
            except Refused as refused:
                if not refused.gone or time.monotonic() > until:
                    raise
            time.sleep(_LOOK_SECONDS)

    def _file(self, name: str) -> Attachment:
        channel = str(self._account.channel_type)
        try:
            added = self._talk.assets.add(self._folder / name, channel=channel, role="customer")
        except OSError as problem:
            raise EgainError(f"attach: cannot read {name}: {problem.strerror}") from None
        return added.attachment


def is_unreachable(error: EgainError) -> bool:
    """Return whether eGain was not reached or did not admit the client: not an account's fault."""
    if isinstance(error, Refused):
        return error.status in (401, 403)
    return isinstance(error, ConfigurationError | TransportError)
