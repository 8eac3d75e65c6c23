"""Blocks of programs: one call a kind, with everything filled in that a test does not care about.

Programs of this folder's tests begin with `from tests.host.parts import *`.
"""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from egain_pulumi import (
    AccountResource,
    AuthenticationResource,
    ChannelResource,
    ClientApplicationResource,
    OrchestrationResource,
    ParticipantResource,
    icon_file,
)
from tests.specimens import ICON

__all__ = [
    "ICON",
    "AccountResource",
    "AuthenticationResource",
    "ChannelResource",
    "ClientApplicationResource",
    "OrchestrationResource",
    "Output",
    "ParticipantResource",
    "ResourceOptions",
    "account",
    "application",
    "authentication",
    "channel",
    "icon_file",
    "later",
    "orchestration",
    "participant",
    "pulumi",
    "role",
]

ROLE = {
    "version": "v3",
    "callback": "https://bot.example.com/callback",
    "notification_email": "ops@example.com",
}


def role(**more: Any) -> dict[str, Any]:
    """A role that is complete."""
    return {**ROLE, **more}


def later(value: Any) -> Output[Any]:
    """The value behind an Output that the program cannot look into."""
    return Output.from_input(None).apply(lambda _: value)


def authentication(name: str = "auth", /, **more: Any) -> AuthenticationResource:
    """Of type oauth2."""
    oauth2 = {"token_request_url": "https://bot.example.com/token"}
    given: Any = {"name": name, "type": "oauth2", "oauth2": oauth2, **more}
    return AuthenticationResource(name, **given)


def application(name: str = "bot", /, **more: Any) -> ClientApplicationResource:
    """With the role of a bot."""
    given: Any = {"name": name, "roles": {"custom_bot": role()}, **more}
    return ClientApplicationResource(name, **given)


def participant(name: str, application: Any, /, **more: Any) -> ParticipantResource:
    """A bot of that application."""
    given: Any = {"name": name, "type": "custom_bot", "application": application, **more}
    return ParticipantResource(name, **given)


def channel(name: str = "chat", /, **more: Any) -> ChannelResource:
    """Its type is its name."""
    given: Any = {"type": name, "display_name": "Chat", "icon": ICON, **more}
    return ChannelResource(name, **given)


def orchestration(name: str, agents: Any, /, **more: Any) -> OrchestrationResource:
    """People at once."""
    applications = {"agent_configuration": {"agents": agents}}
    given: Any = {"name": name, "applications": applications, **more}
    return OrchestrationResource(name, **given)


def account(name: str, channel: Any, /, **more: Any) -> AccountResource:
    """On that channel."""
    given: Any = {"name": name, "address": "1", "channel": channel, "chat_configurations": {}}
    return AccountResource(name, **{**given, **more})
