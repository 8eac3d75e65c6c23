"""A channel for messages: WhatsApp, SMS, your own app. Step 4 of 6: accounts refer to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypedDict

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from ..program.resource import EgainResource, declares
from ..provider import EgainProvider
from ..schema import icon as icons
from ..schema.kinds import Collection
from ..schema.model import (
    Active,
    Assumed,
    Description,
    Flag,
    Icon,
    Integer,
    Keyed,
    Model,
    Name,
    Part,
    Problem,
    Text,
    Uncertain,
    Unique,
    Words,
)

_NO_NUMBERS_GIVEN = "the public documentation gives no range"
_AGENT_ICON = (32, 32)


class AttachmentPolicy(Part):
    """Rules for attachments in one direction (contract: `AttachmentPolicy`)."""

    enabled: Flag | None = Field(None, description="Whether attachments are allowed.")
    max_size: Annotated[Integer | None, Assumed(_NO_NUMBERS_GIVEN)] = Field(
        None, ge=0, description="Maximum size of an attachment; the unit is not documented."
    )
    type: Literal["allow", "block"] | None = Field(
        None, description="Whether only these extensions are allowed, or these are blocked."
    )
    extensions: Annotated[list[Text] | None, Words()] = Field(
        None, description="File extensions without a dot.", examples=[["bat", "exe"]]
    )


class Inbound(Part):
    """Limits on messages from the customer (contract: `ChannelRestrictionsInbound`)."""

    max_text_length: Annotated[Integer | None, Assumed(_NO_NUMBERS_GIVEN)] = Field(
        None, ge=0, description="Maximum length of a text, in characters."
    )
    attachment_policy: AttachmentPolicy | None = Field(
        None, description="Rules for attachments from the customer."
    )
    features: Annotated[list[Text] | None, Words()] = Field(
        None, description="Enabled features, such as typing_events, attachments, richText."
    )


class Outbound(Part):
    """Limits on messages to the customer (contract: `ChannelRestrictionsOutbound`)."""

    max_text_length: Annotated[Integer | None, Assumed(_NO_NUMBERS_GIVEN)] = Field(
        None, ge=0, description="Maximum length of a text, in characters."
    )
    system_messages: Flag | None = Field(
        None, description="Whether system messages are sent to the customer."
    )
    mid_chat_auth: Flag | None = Field(
        None, description="Whether customers can sign in during a chat."
    )
    features: Annotated[list[Text] | None, Words()] = Field(
        None, description="Enabled features, such as typing_events, attachments, richText."
    )
    rich_message_types: Annotated[list[Text] | None, Words()] = Field(
        None, description="Supported rich messages, such as listpicker, quickreply, timepicker."
    )
    attachment_policy: AttachmentPolicy | None = Field(
        None, description="Rules for attachments to the customer."
    )


class Restrictions(Part):
    """Limits per direction."""

    inbound: Inbound | None = Field(None, description="Limits on messages from the customer.")
    outbound: Outbound | None = Field(None, description="Limits on messages to the customer.")


def _is_icon(value: Any) -> bool:
    if isinstance(value, Mapping):
        return {"path", "sha256"} <= set(value)
    return value is None or isinstance(value, str)


class ChannelModel(Model):
    """Contract: `ChannelInput`."""

    label = "channel"
    vendor_page = (
        "https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/"
        "channel/createchannel"
    )
    find_by = ("type",)

    type: Annotated[Name, Unique(), Uncertain()] = Field(
        description="Unique type of the channel. The types of eGain's own channels do not begin "
        "with `custom.`.",
        examples=["custom_channel"],
    )
    display_name: Name = Field(description="Name shown to users.", examples=["Custom Channel"])
    icon: Annotated[Any, Icon()] = Field(
        description="Image shown to agents: `icon_file(…)`, or base64 text of at most 512,000 "
        "characters. eGain's own chat agents expect a png of 32 by 32 pixels."
    )
    restrictions: Restrictions | None = Field(None, description="Limits per direction.")
    l10n_properties: Annotated[
        dict[str, Annotated[dict[str, Text], Keyed("name", "value")]] | None,
        Keyed("language", "properties"),
    ] = Field(
        None,
        min_length=1,
        max_length=25,
        description="Texts by language and name: msg_hub_off_hours, "
        "msg_hub_retain_and_retry, msg_hub_blocked_file_extension ({0}) and others.",
    )
    description: Description | None = None
    active: Active = True

    @classmethod
    def mistakes(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        icon = value.get("icon")
        if isinstance(icon, Mapping) and "problem" in icon:
            yield ("icon",), str(icon["problem"])
        elif not _is_icon(icon):
            yield ("icon",), 'expects icon_file("…") or base64 text'

    @classmethod
    def errors(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        icon = value.get("icon")
        if isinstance(icon, str) and not icon:
            yield ("icon",), "must not be empty"
        elif isinstance(icon, str) and len(icon) > icons.LONGEST_TEXT:
            yield ("icon",), f"must have at most {icons.LONGEST_TEXT:,} characters of base64"
        elif isinstance(icon, str) and icons.decode(icon) is None:
            yield ("icon",), 'is not base64 text; for a file, use icon_file("…")'

    @classmethod
    def advice(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        start = icons.first_bytes(value.get("icon"))
        if start and icons.png_size(start) != _AGENT_ICON:
            yield ("icon",), "is not a png of 32 by 32 pixels, which eGain's own chat agents expect"


class ChannelProvider(EgainProvider):
    """Frozen: every stack's state names this module and class."""

    model = ChannelModel
    collection = Collection("channels", "channel")


class AttachmentPolicyArgs(TypedDict, total=False):
    """Rules for attachments in one direction."""

    enabled: Input[bool]
    max_size: Input[int]
    type: Input[str]
    extensions: Input[Sequence[Input[str]]]


class InboundArgs(TypedDict, total=False):
    """Limits on messages from the customer."""

    max_text_length: Input[int]
    attachment_policy: Input[AttachmentPolicyArgs]
    features: Input[Sequence[Input[str]]]


class OutboundArgs(TypedDict, total=False):
    """Limits on messages to the customer."""

    max_text_length: Input[int]
    system_messages: Input[bool]
    mid_chat_auth: Input[bool]
    features: Input[Sequence[Input[str]]]
    rich_message_types: Input[Sequence[Input[str]]]
    attachment_policy: Input[AttachmentPolicyArgs]


class RestrictionsArgs(TypedDict, total=False):
    """Limits per direction."""

    inbound: Input[InboundArgs]
    outbound: Input[OutboundArgs]


class ChannelResource(EgainResource):
    """A channel for messages.

    `l10n_properties` is a mapping by language, and in each by name. `features`, `extensions` and
    `rich_message_types` are sets: their order has no meaning.

    https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/channel/createchannel
    """

    kind = ChannelProvider

    type: Output[str]
    display_name: Output[str]
    icon: Output[Any]
    restrictions: Output[Any]
    l10n_properties: Output[Any]
    description: Output[Any]
    active: Output[bool]

    @declares
    def __init__(
        self,
        resource_name: str,
        *,
        type: Input[str],
        display_name: Input[str],
        icon: Input[str] | Mapping[str, str],
        restrictions: Input[RestrictionsArgs] | None = None,
        l10n_properties: Input[Mapping[str, Input[Mapping[str, Input[str]]]]] | None = None,
        description: Input[str] | None = None,
        active: Input[bool] = True,
        extra: Input[Mapping[str, Any]] | None = None,
        secrets_version: Input[int] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None: ...

    @classmethod
    def find(
        cls, resource_name: str, *, type: str | None = None, opts: ResourceOptions | None = None
    ) -> ChannelResource:
        """Find the channel of this type that eGain or someone else created.

        Pulumi looks it up once, at `pulumi up`, and never changes or deletes it. Until then its
        id is unknown in previews. If none or several match, the error lists the existing ones.
        """
        return cls._find(resource_name, {"type": type}, opts)
