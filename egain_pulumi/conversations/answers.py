"""What eGain answers and delivers, as far as programs need it. Pure; nothing here raises.

The same form of a message is in a delivery to a callback (contract: `HubDelivery`) and in a
conversation that is over (`Conversation`). What is missing or strange is left out; `raw` has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .message import Attachment


@dataclass(frozen=True, slots=True)
class Sent:
    """What eGain has accepted. Delivery comes later, and is reported nowhere."""

    conversation: str
    """The id to go on with."""
    message_ids: tuple[str, ...]
    """Those of the messages, as they were sent."""
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """One message of a delivery or of a conversation. Drop those of a `kind` you do not know."""

    kind: str
    conversation: str | None
    """The id to answer to."""
    message_id: str | None
    role: str | None
    """Who sent it; `system` is possible too."""
    name: str | None
    """The participant's name."""
    text: str | None = field(repr=False)
    """`content.text`, else `content.html`, which is where agents' words arrive."""
    attachments: tuple[Attachment, ...]
    attributes: Mapping[str, str] = field(repr=False)
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation that is over."""

    id: str
    messages: tuple[Received, ...]
    raw: Mapping[str, Any] = field(repr=False)


def received(delivery: Any) -> tuple[Received, ...]:
    """The messages of what eGain posts to a callback: `received(json.loads(body))`."""
    return tuple(_message(each) for each in _list(delivery, "messages", "message"))


def sent(answer: Mapping[str, Any], asked: str | None, ids: tuple[str, ...]) -> Sent | None:
    """What was accepted; None if the answer does not name the conversation that has begun."""
    named = (
        _text(_at(each, "conversation"), "id") for each in _list(answer, "messages", "message")
    )
    conversation = next(filter(None, named), asked)
    return Sent(conversation, ids, answer) if conversation else None


def conversation(id: str, answer: Mapping[str, Any]) -> Conversation:
    """A conversation as eGain shows it once it is over."""
    return Conversation(id, received(answer), answer)


def _message(raw: Mapping[str, Any]) -> Received:
    content, sender = _at(raw, "content"), _at(raw, "sender")
    return Received(
        kind=_text(_at(raw, "type"), "value") or "",
        conversation=_text(_at(raw, "conversation"), "id"),
        message_id=_text(raw, "messageId"),
        role=_text(sender, "type"),
        name=_text(_at(sender, "participant"), "name"),
        text=_text(content, "text") or _text(content, "html"),
        attachments=tuple(_attachment(each) for each in _list(raw, "attachments", "attachment")),
        attributes={
            str(each["name"]): str(each.get("value", ""))
            for each in _list(raw, "attributes", "attribute")
            if "name" in each
        },
        raw=raw,
    )


def _attachment(raw: Mapping[str, Any]) -> Attachment:
    size = str(raw.get("size", ""))[:15]  # a number, or a number as text
    return Attachment(
        name=_text(raw, "name") or "",
        content_type=_text(raw, "contentType") or "",
        size=int(size) if size.isascii() and size.isdecimal() else 0,
        url=_text(raw, "url"),
        id=_text(raw, "id"),
    )


def _at(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _text(value: Any, key: str) -> str | None:
    found = _at(value, key)
    return found if isinstance(found, str) and found else None


def _list(value: Any, outer: str, inner: str) -> list[Mapping[str, Any]]:
    found = _at(_at(value, outer), inner)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
