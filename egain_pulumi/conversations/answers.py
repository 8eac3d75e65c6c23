"""Parse what eGain answers and delivers. Pure; nothing here raises.

A delivery to a callback (contract: `HubDelivery`) and a completed conversation (`Conversation`)
have messages of the same form. What is missing or malformed is left out; `raw` has everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..api.ids import is_id
from .message import Attachment


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages that eGain has accepted. It delivers them later and does not report that."""

    conversation: str
    """The conversation's id, for further messages."""
    message_ids: tuple[str, ...]
    """The messages' ids, as they were sent."""
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """One message of a delivery or a conversation. Ignore those of a `kind` you do not know."""

    kind: str
    conversation: str | None
    """The conversation's id, for the reply."""
    message_id: str | None
    role: str | None
    """The sender's role, or `system`."""
    name: str | None
    """The participant's name."""
    text: str | None = field(repr=False)
    """`content.text`, else `content.html`, which has the text of agents."""
    attachments: tuple[Attachment, ...]
    attributes: Mapping[str, str] = field(repr=False)
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A completed conversation."""

    id: str
    messages: tuple[Received, ...]
    raw: Mapping[str, Any] = field(repr=False)


def received(delivery: Any) -> tuple[Received, ...]:
    """Return the messages that eGain has posted to a callback: `received(json.loads(body))`."""
    return tuple(_message(each) for each in _list(delivery, "messages", "message"))


def parse_sent(answer: Mapping[str, Any], known: str | None, ids: tuple[str, ...]) -> Sent | None:
    """Return the accepted messages; None if the answer does not name a new conversation."""
    named = (
        _text(_at(each, "conversation"), "id") for each in _list(answer, "messages", "message")
    )
    conversation = next(filter(is_id, named), known)
    return Sent(conversation, ids, answer) if conversation else None


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
