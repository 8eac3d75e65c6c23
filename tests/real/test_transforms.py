"""Transforms change what the constructor has sealed and shaped; `check` does it again."""

from __future__ import annotations

import pytest

from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli

PROGRAM = """
import pulumi
from egain_pulumi import *
from tests.specimens import ICON

def change(**more):
    return pulumi.ResourceOptions(transforms=[
        lambda args: pulumi.ResourceTransformResult({{**args.props, **more}}, args.opts)])

def everywhere(args):
    props = dict(args.props)
    if args.type_.endswith(":Account"):
        props["extra"] = {{"attributes": [{{"name": "k", "value": "stack-canary"}}]}}
    return pulumi.ResourceTransformResult(props, args.opts)

pulumi.runtime.register_resource_transform(everywhere)
auth = AuthenticationResource("auth", name="auth", type="oauth2", description="{description}",
    oauth2={{"token_request_url": "https://x.example.com"}},
    opts=change(oauth2={{"tokenRequestUrl": "x"}} if {wrong} else {{
        "token_request_url": "https://x.example.com", "payload": "payload-canary",
        "headers": [{{"name": "X-Key", "value": "header-canary"}}]}}))
AuthenticationResource("basic", name="basic", type="basic",
    basic_auth={{"username": "hub", "password": "given-canary"}},
    opts=change(basic_auth={{"username": "hub", "password": "password-canary"}}))
role = {{"version": "v1", "callback": "https://x.example.com", "notification_email": "a@b.c"}}
ClientApplicationResource("bot", name="bot", roles={{"customer": role}}, opts=change(roles=[
    {{"name": "customer", **role, "headers": {{"X-Role": "role-canary"}},
      "authentication": auth.id}}]))
chat = ChannelResource("chat", type="chat", display_name="Chat", icon=ICON, opts=change(
    l10n_properties=[{{"language": "en-US", "properties": [{{"name": "a", "value": "b"}}]}}]))
AccountResource("orders", name="orders", address="1", channel=chat, chat_configurations={{}},
    opts=change(channel=chat.id, chat_configurations={{"entry_point": "1001"}}))
"""


def test_what_a_transform_adds_is_sealed_and_shaped(stack: Stack, emulator: Emulator) -> None:
    stack.program(PROGRAM.format(description="One.", wrong=False))
    seen = stack.preview("--diff").output + stack.preview(json=True).stdout
    seen += stack.up("--diff").output
    bot, orders = emulator.objects("clientapplications", secrets=True), emulator.objects("accounts")
    [role] = next(each for each in bot if each["name"] == "bot")["roles"]
    assert role["headers"] == [{"name": "X-Role", "value": "role-canary"}]
    ids = {name: each["id"] for name, each in stack.resources().items()}
    assert role["authentication"] == {"id": ids["auth"]}
    assert orders[0]["channel"] == {"id": ids["chat"]}
    assert orders[0]["chatConfigurations"] == {"entryPoint": {"id": "1001"}}
    made = emulator.objects("authentications", secrets=True)
    [auth, basic] = sorted(made, key=lambda each: str(each["name"]))
    assert auth["oauth2"]["headers"] == [{"name": "X-Key", "value": "header-canary"}]
    assert basic["basicAuth"]["password"] == "password-canary"

    same = stack.preview("--expect-no-changes", "--diff")
    seen += same.output + stack.refresh("--expect-no-changes").output
    stack.program(PROGRAM.format(description="Two.", wrong=False))
    seen += stack.up("--diff").output + str(stack.export())
    assert "canary" not in seen
    assert seen.count("[secret]") > 5

    stack.program(PROGRAM.format(description="Two.", wrong=True))
    refused = stack.preview(check=False)
    assert (
        "oauth2.tokenRequestUrl: unknown field; did you mean token_request_url?" in refused.output
    )
