"""An external application that sends and receives messages: a bot, a customer app. Step 2 of 6.

Its roles say what it does in conversations, and to which callback eGain delivers. Roles refer to
authentications; participants and orchestrations refer to client applications. The agents'
application is eGain's own: `ClientApplicationResource.find("agents", role="egain_agent")`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypedDict, get_args
from urllib.parse import urlsplit

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from ..names import LOOPBACK, credentials_in
from ..program.resource import EgainResource, ReferenceInput, declares
from ..provider import EgainProvider
from ..schema.kinds import Collection
from ..schema.model import (
    Active,
    AssumedLink,
    Description,
    Keyed,
    Model,
    Name,
    Part,
    Problem,
    Reference,
    Secret,
    Text,
    Unique,
)

RoleName = Literal[
    "customer",
    "custom_bot",
    "egain_bot",
    "egain_agent",
    "custom_agent",
    "business_notification",
]


class Role(Part):
    """One role of the application (contract: `ClientApplicationRole`)."""

    version: Literal["v1", "v3"] = Field(description="Version of the payloads that eGain sends.")
    callback: Text = Field(
        description="URL that receives messages. It must answer within 5 seconds, and with 401 "
        "when the bearer token has expired.",
        examples=["https://bot.example.com/callback"],
    )
    notification_email: Text = Field(
        description="E-mail address that eGain warns if the callback fails.",
        examples=["ops@example.com"],
    )
    headers: Annotated[
        dict[str, Annotated[Text, Secret()]] | None, Keyed("name", "value", caseless=True)
    ] = Field(None, description="Extra headers of each delivery. Every value is a secret.")
    authentication: Annotated[AssumedLink | None, Reference("AuthenticationResource")] = Field(
        None, description="Authentication that eGain uses for this callback."
    )

    @classmethod
    def advice(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        callback = value.get("callback")
        if isinstance(callback, str):
            yield from _callback_advice(callback)
        email = value.get("notification_email")
        if isinstance(email, str) and not _looks_like_email(email):
            yield ("notification_email",), "is not an e-mail address; eGain could not warn anyone"


def _callback_advice(callback: str) -> Iterator[Problem]:
    try:
        url = urlsplit(callback)
        scheme, host = url.scheme.lower(), url.hostname
    except ValueError:
        scheme, host = "", None
    if scheme not in ("http", "https") or not host:
        yield ("callback",), "is not an absolute URL (https://…); eGain could not deliver to it"
    elif scheme == "http" and host not in LOOPBACK:
        text = "is plain http, so messages and credentials are not encrypted; use https"
        yield ("callback",), text
    if found := credentials_in(callback):
        text = f"has {found}, which previews and the state show; use headers or authentication"
        yield ("callback",), text


def _looks_like_email(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return bool(local and domain) and not any(c.isspace() for c in text)


class ClientApplicationModel(Model):
    """Contract: `ClientApplicationInput`."""

    label = "client application"
    vendor_page = (
        "https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/"
        "client-application/createclientapplication"
    )
    find_by = ("role", "name")
    find_words = MappingProxyType({"role": get_args(RoleName)})

    name: Annotated[Name, Unique()] = Field(description="Unique name of the client application.")
    roles: Annotated[
        dict[RoleName, Role],
        Keyed("name"),
    ] = Field(min_length=1, max_length=7, description="Roles of the application, by name.")
    description: Description | None = None
    active: Active = True


class ClientApplicationProvider(EgainProvider):
    """Frozen: every stack's state names this module and class."""

    model = ClientApplicationModel
    collection = Collection("clientapplications", "clientApplication")


class RoleArgs(TypedDict, total=False):
    """One role of the application."""

    version: Input[str]
    callback: Input[str]
    notification_email: Input[str]
    headers: Input[Mapping[str, Input[str]]]
    authentication: ReferenceInput


class ClientApplicationResource(EgainResource):
    """An external application that sends and receives messages.

    `roles` is a mapping by role name: `customer`, `custom_bot`, `egain_bot`, `egain_agent`,
    `custom_agent` or `business_notification`. Header values are secrets.

    https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/client-application/createclientapplication
    """

    kind = ClientApplicationProvider

    name: Output[str]
    roles: Output[Any]
    description: Output[Any]
    active: Output[bool]

    @declares
    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        roles: Input[Mapping[str, Input[RoleArgs]]],
        description: Input[str] | None = None,
        active: Input[bool] = True,
        extra: Input[Mapping[str, Any]] | None = None,
        secrets_version: Input[int] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None: ...

    @classmethod
    def find(
        cls,
        resource_name: str,
        *,
        role: str | None = None,
        name: str | None = None,
        opts: ResourceOptions | None = None,
    ) -> ClientApplicationResource:
        """Find the client application with this role or name that eGain or someone else created.

        Pulumi looks it up once, at `pulumi up`, and never changes or deletes it. Until then its
        id is unknown in previews. If none or several match, the error lists the existing ones.
        """
        return cls._find(resource_name, {"role": role, "name": name}, opts)
