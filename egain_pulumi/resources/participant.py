"""A bot of a client application. Step 3 of 6.

It refers to the client application whose callback receives its messages; orchestrations refer
to participants. eGain creates those of type `egain_bot` itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypedDict

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from ..program.resource import EgainResource, ReferenceInput, declares
from ..provider import EgainProvider
from ..schema.kinds import Collection
from ..schema.model import (
    Active,
    Assumed,
    Description,
    Identity,
    Keyed,
    Link,
    Model,
    Name,
    Part,
    Problem,
    Reference,
    Text,
    Uncertain,
    Unique,
    Wrapped,
)


class Intent(Part):
    """A topic that the bot handles (contract: `Intent`)."""

    value: Annotated[Text, Identity()] = Field(
        description="Internal value.", examples=["order_complaints"]
    )
    display_value: Text = Field(description="Displayed value.", examples=["Order Complaints"])


class ParticipantModel(Model):
    """Contract: `ParticipantInput`."""

    label = "participant"
    vendor_page = (
        "https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/"
        "participant/createparticipant"
    )
    find_by = ("name",)

    name: Annotated[Name, Unique()] = Field(description="Unique name of the participant.")
    type: Annotated[Literal["custom_bot", "egain_bot"], Uncertain()] = Field(
        description="Type of bot. eGain creates those of type `egain_bot` itself."
    )
    application: Annotated[Link, Reference("ClientApplicationResource")] = Field(
        description="Client application whose callback receives the messages."
    )
    intents: Annotated[list[Intent] | None, Wrapped("intent")] = Field(
        None, description="Topics that the bot handles, in this order."
    )
    options: Annotated[
        dict[str, Text] | None,
        Keyed("name", "value"),
        Assumed("the key and the limit come from two different pages"),
    ] = Field(None, min_length=1, max_length=25, description="Further settings, by name.")
    description: Description | None = None
    active: Active = True

    @classmethod
    def advice(cls, value: Mapping[str, Any]) -> Iterator[Problem]:
        if value.get("type") == "egain_bot":
            find = 'ParticipantResource.find(…, name="…")'
            yield ("type",), f"eGain creates egain_bot participants itself; use {find}"


class ParticipantProvider(EgainProvider):
    """Frozen: every stack's state names this module and class."""

    model = ParticipantModel
    collection = Collection("participants", "participant")


class IntentArgs(TypedDict):
    """A topic that the bot handles."""

    value: Input[str]
    display_value: Input[str]


class ParticipantResource(EgainResource):
    """A bot of a client application.

    `intents` is a list whose order is kept, `options` a mapping by name.

    https://apidev.egain.com/apis/v3/conversation/conversationmgr/api-bundled/participant/createparticipant
    """

    kind = ParticipantProvider

    name: Output[str]
    type: Output[str]
    application: Output[dict[str, str]]
    intents: Output[Any]
    options: Output[Any]
    description: Output[Any]
    active: Output[bool]

    @declares
    def __init__(
        self,
        resource_name: str,
        *,
        name: Input[str],
        type: Input[str],
        application: ReferenceInput,
        intents: Input[Sequence[Input[IntentArgs]]] | None = None,
        options: Input[Mapping[str, Input[str]]] | None = None,
        description: Input[str] | None = None,
        active: Input[bool] = True,
        extra: Input[Mapping[str, Any]] | None = None,
        secrets_version: Input[int] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None: ...

    @classmethod
    def find(
        cls, resource_name: str, *, name: str | None = None, opts: ResourceOptions | None = None
    ) -> ParticipantResource:
        """Find the participant with this name that eGain or someone else created.

        Pulumi looks it up once, at `pulumi up`, and never changes or deletes it. Until then its
        id is unknown in previews. If none or several match, the error lists the existing ones.
        """
        return cls._find(resource_name, {"name": name}, opts)
