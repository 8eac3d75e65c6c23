"""docs/second-tenant.md with the real CLI: its programs and its commands, in two tenants."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from tests.conftest import MakeStack
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY
from tests.support.values import Secret

pytestmark = pytest.mark.cli

PAGE = (REPOSITORY / "docs" / "second-tenant.md").read_text()
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)
PROGRAM, FROM_ENVIRONMENT, MOVED = (text for fence, text in BLOCKS if fence == "python")
AFTER_ROTATION, TO_DESTROY, EXPORTED = (text.splitlines() for fence, text in BLOCKS if not fence)
STORED = PROGRAM[PROGRAM.index("eu = Provider(") : PROGRAM.index("icon = ")]
NO_TOKEN = "eGain gave no token to client hub (invalid_client): check "
WITHOUT_QUESTIONS = {
    "pulumi up": ("up", "--yes", "--skip-preview"),
    "pulumi refresh": ("refresh", "--yes", "--skip-preview"),
    "pulumi destroy": ("destroy", "--yes", "--skip-preview"),
    "pulumi destroy --run-program": ("destroy", "--yes", "--skip-preview", "--run-program"),
}


@pytest.fixture
def eu() -> Iterator[Emulator]:
    """The second tenant, with a client of its own."""
    made = Emulator(strict=True)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def ready(make_stack: MakeStack, emulator: Emulator, eu: Emulator) -> Stack:
    """A stack with the page's program, not yet deployed."""
    stack = make_stack(env=emulator.env)
    (stack.folder / "icons").mkdir()
    shutil.copy(REPOSITORY / "icons" / "chat.png", stack.folder / "icons")
    eu.client("hub", "first")
    of_eu = {"BaseUrl": eu.base_url, "TokenUrl": eu.token_url, "ClientId": "hub"}
    stack.config({f"conversation-hub:eu{key}": value for key, value in of_eu.items()})
    stack.program(PROGRAM)
    return stack


def rotated(eu: Emulator, secret: str) -> None:
    """eGain takes the new secret only, and no token of the old one."""
    eu.client("hub", secret)
    eu.revoke_tokens()


def run(stack: Stack, commands: list[str], secret: str) -> None:
    """Commands of the page, as a person would enter them."""
    for command in commands:
        if command.startswith("export "):
            name = command.removeprefix("export ").removesuffix("=…")
            stack.env[name] = secret
        elif command == "pulumi config set --secret euClientSecret":
            stack.config({"conversation-hub:euClientSecret": Secret(secret)})
        else:
            stack.run(*WITHOUT_QUESTIONS[command])


def test_a_stored_secret_is_handed_over_by_an_up_or_by_running_the_program(
    ready: Stack, emulator: Emulator, eu: Emulator
) -> None:
    ready.config({"conversation-hub:euClientSecret": Secret("first")})
    ready.up()
    assert [len(tenant.objects("channels")) for tenant in (emulator, eu)] == [1, 1]
    assert "first" not in str(ready.checkpoint())
    rotated(eu, "second")
    ready.config({"conversation-hub:euClientSecret": Secret("second")})
    for command in ("pulumi refresh", "pulumi destroy"):
        refused = ready.run(*WITHOUT_QUESTIONS[command], check=False)
        assert f"{NO_TOKEN}client_id of the Provider, client_secret of the " in refused.output
        assert "Traceback" not in refused.output
        assert len(eu.objects("channels")) == 1
    run(ready, AFTER_ROTATION, "second")
    rotated(eu, "third")
    run(ready, TO_DESTROY, "third")
    assert [tenant.objects("channels") for tenant in (emulator, eu)] == [[], []]


def test_a_secret_in_the_environment_is_taken_from_there_by_every_command(
    ready: Stack, emulator: Emulator, eu: Emulator
) -> None:
    ready.program(PROGRAM.replace(STORED, FROM_ENVIRONMENT))
    failed = ready.up(check=False)
    names = "EGAIN_EU_CLIENT_ID, EGAIN_EU_CLIENT_SECRET"
    assert f"cannot call eGain: {names} are not set." in failed.output
    ready.env |= {"EGAIN_EU_CLIENT_ID": "hub", "EGAIN_EU_CLIENT_SECRET": "first"}
    ready.up()
    rotated(eu, "second")
    refused = ready.run(*WITHOUT_QUESTIONS["pulumi destroy"], check=False)
    assert f"{NO_TOKEN}{names}, scope of the Provider." in refused.output
    run(ready, EXPORTED, "second")
    assert [tenant.objects("channels") for tenant in (emulator, eu)] == [[], []]


TRANSFORMED = """
def to_eu(args):
    if args.name.startswith("eu-"):
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(provider=eu))
        return pulumi.ResourceTransformResult(args.props, opts)

def chat(name, type, **options):
    ChannelResource(name, type=type, display_name="Chat", icon=icon,
        opts=pulumi.ResourceOptions(**options))

group = pulumi.ComponentResource("x:y:Group", "eu-group",
    opts=pulumi.ResourceOptions(transforms=[to_eu]))
chat("one", "one")
chat("eu-one", "one", transforms=[to_eu])
chat("two", "two")
chat("eu-two", "two", parent=group)
pulumi.runtime.register_resource_transform(to_eu)
chat("three", "three")
chat("eu-three", "three")
"""


def test_a_transform_chooses_the_tenant_and_check_knows_it(
    ready: Stack, emulator: Emulator, eu: Emulator
) -> None:
    head = PROGRAM[: PROGRAM.index('ChannelResource("chat"')].replace(STORED, FROM_ENVIRONMENT)
    ready.env |= {"EGAIN_EU_CLIENT_ID": "hub", "EGAIN_EU_CLIENT_SECRET": "first"}
    twin = head + TRANSFORMED + 'chat("eu-four", "one")\n'
    ready.program(twin)
    refused = ready.preview(check=False)
    assert "has the same value, which must be unique in eGain" in refused.output
    ready.program(twin.replace('chat("eu-four", "one")', 'chat("eu-four", "four")'))
    ready.up()
    assert {each["type"] for each in emulator.objects("channels")} == {"one", "two", "three"}
    assert {c["type"] for c in eu.objects("channels")} == {"one", "two", "three", "four"}


@pytest.mark.soak
def test_an_object_moves_under_a_new_name_and_never_under_its_own(
    ready: Stack, emulator: Emulator, eu: Emulator
) -> None:
    ready.program(PROGRAM.replace(STORED, FROM_ENVIRONMENT))
    ready.env |= {"EGAIN_EU_CLIENT_ID": "hub", "EGAIN_EU_CLIENT_SECRET": "first"}
    ready.up()
    first, _, second = PROGRAM.replace(STORED, FROM_ENVIRONMENT).partition('ChannelResource("chat"')
    rest = second.partition("\n")[2]
    # Two addresses of this machine are one tenant: only a state with others shows the guard.
    state = ready.state_file
    state.write_text(state.read_text().replace(emulator.base_url, ELSEWHERE))
    kept = 'ChannelResource("chat", type="x", display_name="Chat", icon=icon, opts=there)\n'
    there = "there = pulumi.ResourceOptions(provider=eu)\n"
    ready.program(first + there + kept + rest)
    emulator.clear()
    eu.clear()
    refused = ready.preview(check=False)
    assert refused.code != 0
    assert "this stack's objects live in tenant api.example.com/v3 (last up)" in refused.output
    assert "base_url of the Provider points at 127.0.0.1" in refused.output
    assert "Nothing was read or changed." in refused.output
    assert (emulator.counts(), eu.counts()) == ({}, {})
    state.write_text(state.read_text().replace(ELSEWHERE, emulator.base_url))
    ready.program(first + MOVED + rest)
    ready.up()
    assert emulator.objects("channels") == []
    assert {c["type"] for c in eu.objects("channels")} == {"custom_channel", "eu_channel"}


ELSEWHERE = "https://api.example.com/v3"
