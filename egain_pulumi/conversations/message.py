"""Messages and where they go, as programs write them. Pure; `body` says how they travel.

The shapes are the contract's `SendMessageRequest`, whose required markers could not be read from
the vendor's pages: whatever is missing here goes into `extra`, under eGain's own names.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message: by the address that it can be fetched from, or by an asset's id.

    Which of the two a tenant takes is not documented; a public client uses the address.
    """

    name: str
    content_type: str
    size: int
    """Bytes."""
    url: str | None = field(default=None, repr=False)
    """A secret where it is a signed one, hence in no `repr`."""
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of any kind, known or not: those that are not known pass through as written."""

    kind: str
    """eGain's word for it: `text`, `conversation.end` (contract: `MessageType`)."""
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """`text`, `html`, `redact`, or whatever else the kind has, under eGain's names."""
    attachments: Sequence[Attachment] = ()
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    parent: str | None = None
    """The `message_id` that a delete or an undo is about."""
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    """Chosen by the sender; errors repeat it."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Further attributes of the message, under eGain's names."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How a customer can be reached: `Contact("phone", "123456788", sub_type="mobile")`."""

    type: str
    address: str = field(repr=False)
    sub_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerData:
    """Who the customer of a new conversation is."""

    name: str | None = None
    type: str | None = None
    """`individual`, for example."""
    contacts: Sequence[Contact] = ()
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConversation:
    """Where a first message goes: the channel's type, and the account's address on it."""

    channel: str
    address: str
    entry_point: str | None = None
    customer: CustomerData | None = None
    lookup_contact: str | None = None
    """Which contact finds the customer in eGain: `phone.mobile`."""
    conversation_contact: str | None = None
    """Which contact the conversation runs over: `phone.mobile`."""
    client_info: Mapping[str, Any] = field(default_factory=dict)
    """`timeOffset`, `referrerName`, `referrerUrl`."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


Destination = str | NewConversation
"""The id of a conversation that goes on, or what a new one begins with."""
