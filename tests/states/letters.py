"""A kind that renamed two arguments since its last release: one of its own, one of a part."""

from __future__ import annotations

from typing import Annotated, Any

from pulumi import Input, Output, ResourceOptions
from pydantic import Field

from egain_pulumi.model import Flag, Formerly, Name
from egain_pulumi.provider import EgainProvider
from egain_pulumi.resource import EgainResource, declares
from egain_pulumi.resources.channel import (
    ChannelModel,
    ChannelProvider,
    Outbound,
    Restrictions,
)


class LetterOutbound(Outbound):
    """Its argument was called `mid_auth`."""

    mid_chat_auth: Annotated[Flag | None, Formerly("mid_auth")] = Field(None)


class LetterRestrictions(Restrictions):
    """Limits per direction."""

    outbound: LetterOutbound | None = Field(None)


class LetterModel(ChannelModel):
    """A channel whose `display_name` was called `caption`."""

    label = "letter"

    display_name: Annotated[Name, Formerly("caption")]
    restrictions: LetterRestrictions | None = Field(None)


class LetterProvider(EgainProvider):
    """Lives among the channels."""

    model = LetterModel
    collection = ChannelProvider.collection


class LetterResource(EgainResource):
    """As of today."""

    kind = LetterProvider

    display_name: Output[str]

    @declares
    def __init__(
        self,
        resource_name: str,
        *,
        type: Input[str],
        display_name: Input[str],
        icon: Input[str],
        restrictions: Input[Any] = None,
        active: Input[bool] = True,
        opts: ResourceOptions | None = None,
    ) -> None: ...
