"""An address of the business on a channel, and what happens to chats on it. Step 6 of 6.

It refers to a channel and an orchestration; nothing refers to it. WhatsApp, SMS and other
accounts need provider credentials, whose attribute is not public: `extra` carries them.
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
        None, description="Copy the custom attributes of the former conversation."
    )


class ChatConfigurations(Part):
    """Behaviour of chats on this account (contract: `ChatConfigurations`)."""

    timeout: Annotated[Number | None, Assumed(_NO_RANGE)] = Field(
        None,
        ge=0,
        description="How long a conversation stays open after its last message; minutes, "
        "presumably.",
    )
    default_language: Text | None = Field(
        None, description="Language of texts.", examples=["en-US"]
    )
    on_agent_unavailability: Literal["off_hours", "retain_and_retry"] | None = Field(
        None,
        description="`off_hours` sends that text back, `retain_and_retry` keeps the message "
        "until an agent is online.",
    )
    allow_logout_with_open_chats: Flag | None = Field(
        None, description="Agents may sign out while messages are open."
    )
    allow_queue_transfer_on_agent_unavailability: Flag | None = Field(
        None, description="Agents may send messages back to the queue when nobody is available."
    )
    orchestration: Annotated[AssumedLink | None, Reference("OrchestrationResource")] = Field(
        None, description="Workflow used by the account."
    )
    entry_point: Annotated[ConsoleLink | None, Reference(None)] = Field(
        None, description="Entry point made in eGain's console: digits as text.", examples=["1001"]
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
        description="Address of the business on the channel: a number, an e-mail address.",
        examples=["123456789"],
    )
    channel: Annotated[AssumedLink, Reference("ChannelResource")] = Field(
        description="Channel of the account."
    )
    chat_configurations: ChatConfigurations = Field(description="Behaviour of chats.")
    case_management: CaseManagement | None = Field(None, description="How chats become cases.")
    description: Description | None = None
    active: Active = True


class AccountProvider(EgainProvider):
    """Frozen: module and name are part of every stack's state."""

    model = AccountModel
    collection = Collection("accounts", "account")


class CaseManagementArgs(TypedDict, total=False):
    """How chats become cases."""

    same_case_duration: Input[float]
    copy_custom_attributes: Input[bool]


class ChatConfigurationsArgs(TypedDict, total=False):
    """Behaviour of chats on this account."""

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
        opts: ResourceOptions | None = None,
    ) -> None: ...

    @classmethod
    def find(
        cls, resource_name: str, *, name: str | None = None, opts: ResourceOptions | None = None
    ) -> AccountResource:
        """The account with this name that somebody else made.

        Looked up once, at `pulumi up`; never changed, never deleted. Its id is unknown in
        previews until then. None or several: an error that lists what was seen.
        """
        return cls._find(resource_name, {"name": name}, opts)
