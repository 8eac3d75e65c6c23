"""The request that sends messages, and its texts that no error may repeat. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import EgainError
from .message import Attachment, CustomerData, Destination, Message, NewConversation


def build(
    messages: Sequence[Message],
    role: str,
    name: str | None,
    to: Destination,
    metadata: Mapping[str, str],
) -> dict[str, Any]:
    """Return the request, ready for JSON. Raises EgainError for what cannot be sent."""
    if not messages:
        raise EgainError("messages: is empty; pass at least one Message.")
    sent = {
        **({"metadata": {"attributes": _pairs(metadata)}} if metadata else {}),
        "messages": {"message": [_message(each, role, name, to) for each in messages]},
    }
    try:
        json.dumps(sent, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise EgainError(
            "content, attributes, extra or metadata cannot be written as JSON: use texts, finite "
            "numbers, booleans, lists, and mappings with texts as keys."
        ) from None
    return sent


def private_texts(sent: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a request that errors must not repeat: messages and customers' data.

    Errors may repeat kinds, roles, ids, channels and the names of bots and agents.
    """
    yield from _texts(sent.get("metadata"))
    for each in sent["messages"]["message"]:
        for key, value in each.items():
            if key == "conversation":
                yield from _texts({k: v for k, v in value.items() if k not in ("id", "account")})
            elif key not in ("messageId", "type", "sender", "parent"):
                yield from _texts(value)
        if each["sender"]["type"] == "customer":
            yield from _texts(each["sender"].get("participant"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _message(message: Message, role: str, name: str | None, to: Destination) -> dict[str, Any]:
    for argument in ("kind", "message_id"):
        _text(argument, getattr(message, argument))
    sender = {"type": role, **({"participant": {"name": name}} if name else {})}
    return _with_extra(
        {
            "messageId": message.message_id,
            "type": {"value": message.kind},
            "content": dict(message.content),
            "conversation": _conversation(to),
            "parent": {"messageId": message.parent} if message.parent else None,
            "sender": sender,
            "attachments": _wrap("attachment", [_attachment(a) for a in message.attachments]),
            "attributes": _wrap("attribute", _pairs(message.attributes)),
        },
        message.extra,
    )


def _conversation(to: Destination) -> dict[str, Any]:
    if not isinstance(to, NewConversation):
        return {"id": _text("to", to)}
    account = {
        "channel": {"type": _text("channel", to.channel)},
        "address": _text("address", to.address),
    }
    return _with_extra(
        {
            "account": account,
            "entryPoint": {"id": to.entry_point} if to.entry_point else None,
            "clientInfo": dict(to.client_info),
            "lookupContact": to.lookup_contact,
            "conversationContact": to.conversation_contact,
            "customer": _customer(to.customer) if to.customer else None,
        },
        to.extra,
    )


def _customer(customer: CustomerData) -> dict[str, Any]:
    contacts = [
        _non_empty({"type": each.type, "subType": each.sub_type, "address": each.address})
        for each in customer.contacts
    ]
    return _non_empty(
        {
            "name": customer.name,
            "type": customer.type,
            "attributes": _pairs(customer.attributes),
            "contacts": _wrap("contact", contacts),
        }
    )


def _attachment(attachment: Attachment) -> dict[str, Any]:
    if not (attachment.url or attachment.id):
        raise EgainError(f"attachment {attachment.name}: pass its url or the id of an asset.")
    return _non_empty(
        {
            "id": attachment.id,
            "name": attachment.name,
            "contentType": attachment.content_type,
            "size": attachment.size,
            "url": attachment.url,
        }
    )


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _wrap(key: str, items: list[dict[str, Any]]) -> dict[str, Any] | None:
    return {key: items} if items else None


def _non_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without empty ones, which are not sent."""
    return {key: value for key, value in values.items() if value not in (None, {}, [])}


def _with_extra(known: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    for key in extra:
        if key in known:
            raise EgainError(f"extra: {key} has an argument of its own; pass it there.")
    return {**_non_empty(known), **extra}


def _text(argument: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise EgainError(f"{argument}: expects a text that is not empty.")
    return value
