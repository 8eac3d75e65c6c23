"""An address of the business on a channel, and what happens to chats on it. Step 6 of 6.

It refers to a channel and an orchestration; nothing refers to it. WhatsApp, SMS and other
accounts need provider credentials, whose attribute is not documented: they go into `extra`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypedDict

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from ..program.resource import EgainResource, ReferenceInput, declares
from ..provider import EgainProvider
from ..schema.kinds import Collection
from ..schema.model import (
    Active,
    Assumed,
    AssumedLink,
    ConsoleLink,
    Description,
    Flag,
    Model,
    Name,
    Number,
    Part,
    Reference,
    Text,
    Unique,
)

_NO_RANGE = "the public documentation gives neither unit nor range"


class CaseManagement(Part):
    """How chats become cases."""

    same_case_duration: Annotated[Number | None, Assumed(_NO_RANGE)] = Field(
        None, ge=0, description="Time within which a new chat joins the same case."
    )
    copy_custom_attributes: Flag | None = Field(
        None, description="Whether to copy the previous conversation's custom attributes."
    )


class ChatConfigurations(Part):
    """Behavior of chats on this account (contract: `ChatConfigurations`)."""

    timeout: Annotated[Number | None, Assumed(_NO_RANGE)] = Field(
        None,
        ge=0,
        description="How long a conversation stays open after its last message, "
        "presumably in minutes.",
    )
    default_language: Text | None = Field(
        None, description="Default language of texts.", examples=["en-US"]
    )
    on_agent_unavailability: Literal["off_hours", "retain_and_retry"] | None = Field(
        None,
        description="`off_hours` answers with the off-hours text, `retain_and_retry` keeps the "
        "message until an agent is online.",
    )
    allow_logout_with_open_chats: Flag | None = Field(
        None, description="Whether agents may sign out while chats are open."
    )
    allow_queue_transfer_on_agent_unavailability: Flag | None = Field(
        None, description="Whether agents may return chats to the queue when no agent is available."
    )
    orchestration: Annotated[AssumedLink | None, Reference("OrchestrationResource")] = Field(
        None, description="Workflow of the account."
    )
    entry_point: Annotated[ConsoleLink | None, Reference(None)] = Field(
        None, description="Entry point from eGain's console: digits as text.", examples=["1001"]
    )


class AccountModel(Model):
    """Contract: `AccountInput`, without `attributes`, whose name is a guess."""

    label = "account"
    vendor_page = (
        "https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/"
        "account/createaccount"
    )
    find_by = ("name",)
    undeclared_secrets = ("attributes",)

    name: Annotated[Name, Unique()] = Field(description="Unique name of the account.")
    address: Name = Field(
        description="Address of the business on the channel, such as a phone number.",
        examples=["123456789"],
    )
    channel: Annotated[AssumedLink, Reference("ChannelResource")] = Field(
        description="Channel of the account."
    )
    chat_configurations: ChatConfigurations = Field(description="Behavior of chats.")
    case_management: CaseManagement | None = Field(None, description="How chats become cases.")
    description: Description | None = None
    active: Active = True


class AccountProvider(EgainProvider):
    """Frozen: every stack's state names this module and class."""

    model = AccountModel
    collection = Collection("accounts", "account")


class CaseManagementArgs(TypedDict, total=False):
    """How chats become cases."""

    same_case_duration: Input[float]
    copy_custom_attributes: Input[bool]


class ChatConfigurationsArgs(TypedDict, total=False):
    """Behavior of chats on this account."""

    timeout: Input[float]
    default_language: Input[str]
    on_agent_unavailability: Input[str]
    allow_logout_with_open_chats: Input[bool]
    allow_queue_transfer_on_agent_unavailability: Input[bool]
    orchestration: ReferenceInput
    entry_point: ReferenceInput


class AccountResource(EgainResource):
    """An address of the business on a channel.

    https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/account/createaccount
    """

    kind = AccountProvider

    name: Output[str]
    address: Output[str]
    channel: Output[dict[str, str]]
    chat_configurations: Output[Any]
    case_management: Output[Any]
    description: Output[Any]
    active: Output[bool]

    @declares
    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        address: Input[str],
        channel: ReferenceInput,
        chat_configurations: Input[ChatConfigurationsArgs],
        case_management: Input[CaseManagementArgs] | None = None,
        description: Input[str] | None = None,
        active: Input[bool] = True,
        extra: Input[Mapping[str, Any]] | None = None,
        secrets_version: Input[int] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None: ...

    @classmethod
    def find(
        cls, resource_name: str, *, name: str | None = None, opts: ResourceOptions | None = None
    ) -> AccountResource:
        """Find the account with this name that someone else created.

        Pulumi looks it up once, at `pulumi up`, and never changes or deletes it. Until then its
        id is unknown in previews. If none or several match, the error lists the existing ones.
        """
        return cls._find(resource_name, {"name": name}, opts)
