"""An external application that sends and receives messages: a bot, a customer app. Step 2 of 6.

Its roles say which parts it plays in conversations, and where the hub delivers to. Roles refer
to authentications; participants and orchestrations refer to client applications. The agents'
application is eGain's own: `ClientApplicationResource.find("agents", role="egain_agent")`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypedDict
from urllib.parse import urlsplit

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from ..names import LOOPBACK
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


class Role(Part):
    """One part the application plays (contract: `ClientApplicationRole`)."""

    version: Literal["v1", "v3"] = Field(description="Payload format the hub uses.")
    callback: Text = Field(
        description="Address that receives messages. It has 5 seconds to answer, and answers "
        "401 when the Authorization header has expired.",
        examples=["https://bot.example.com/callback"],
    )
    notification_email: Text = Field(
        description="Mailbox warned when the callback cannot be reached.",
        examples=["ops@example.com"],
    )
    headers: Annotated[
        dict[str, Annotated[Text, Secret()]] | None, Keyed("name", "value", caseless=True)
    ] = Field(None, description="Extra headers of each delivery. Every value is a secret.")
    authentication: Annotated[AssumedLink | None, Reference("AuthenticationResource")] = Field(
        None, description="Authentication the hub uses on this callback."
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

    name: Annotated[Name, Unique()] = Field(description="Unique name of the client application.")
    roles: Annotated[
        dict[
            Literal[
                "customer",
                "custom_bot",
                "egain_bot",
                "egain_agent",
                "custom_agent",
                "business_notification",
            ],
            Role,
        ],
        Keyed("name"),
    ] = Field(min_length=1, max_length=7, description="Parts played, by their name.")
    description: Description | None = None
    active: Active = True


class ClientApplicationProvider(EgainProvider):
    """Frozen: module and name are part of every stack's state."""

    model = ClientApplicationModel
    collection = Collection("clientapplications", "clientApplication")


class RoleArgs(TypedDict, total=False):
    """One part the application plays."""

    version: Input[str]
    callback: Input[str]
    notification_email: Input[str]
    headers: Input[Mapping[str, Input[str]]]
    authentication: ReferenceInput


class ClientApplicationResource(EgainResource):
    """An external application that sends and receives messages.

    `roles` is a mapping by role name: `customer`, `custom_bot`, `egain_bot`, `egain_agent`,
    `custom_agent` or `business_notification`. Header values are made secrets.

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
        """The one client application with this role or name that eGain or somebody else made.

        Looked up once, at `pulumi up`; never changed, never deleted. Its id is unknown in
        previews until then. None or several: an error that lists what was seen.
        """
        return cls._find(resource_name, {"role": role, "name": name}, opts)
