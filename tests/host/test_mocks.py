"""Programs under Pulumi's mocks, as users test them: no engine, no `check`."""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from egain_pulumi import ChannelResource, ClientApplicationResource, EgainError
from tests.host.parts import account, application, channel, participant


class Cloud(mocks.Mocks):
    """Answers every registration with its inputs."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        return f"id-of-{args.name}", args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


def _program() -> pulumi.Output[Any]:
    bot = application("bot")
    for attempt, problem in (
        (lambda: channel("a", displayName="x"), 'channel "a": displayName: unknown argument; '),
        (lambda: account("b", bot), 'account "b": channel: expects a ChannelResource, got '),
        (lambda: channel("c", display_name=""), 'channel "c": display_name: must not be empty'),
        (lambda: ChannelResource.find("d"), 'channel "d": ChannelResource.find needs type.'),
    ):
        with pytest.raises(EgainError, match=problem):
            attempt()
    agents = ClientApplicationResource.find("agents", role="egain_agent")
    right = participant("greeter", bot)
    wanted = ["id-of-bot", "id-of-bot", "custom_bot", "id-of-agents"]

    def check(found: list[Any]) -> None:
        assert found == wanted

    return pulumi.Output.all(bot.id, right.application["id"], right.type, agents.id).apply(check)


def _under_mocks() -> None:
    mocks.set_mocks(Cloud())
    for _ in range(2):  # two tests of one run may declare equal names
        mocks.test(_program)()  # type: ignore[no-untyped-call]


def test_the_first_mistake_is_raised_where_no_check_would_refuse_it() -> None:
    copy_context().run(_under_mocks)
