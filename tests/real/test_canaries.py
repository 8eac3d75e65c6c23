"""docs/rules.md#secrets with the real CLI: its output, its files, and its state."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.conftest import MakeStack
from tests.host.canaries import SHAPES, Canaries, added_in_the_console
from tests.support.cli import Stack
from tests.support.cli_result import CliResult
from tests.support.emulator import Emulator
from tests.support.values import Secret

pytestmark = pytest.mark.cli

PROGRAM = """
import pulumi
from egain_pulumi import *
from tests.specimens import ICON

config = pulumi.Config()
own = config.require_secret_object("own")
eu = Provider("eu", base_url="{base_url}", token_url="{token_url}", client_id="hub",
    client_secret=own["provider"])
AuthenticationResource("auth", name="bot-auth", type="oauth2", oauth2={{
    "token_request_url": "https://x.example.com", "payload": own["payload"],
    "headers": {{"X-Key": own["header"]}}}}, description="{description}")
auth = AuthenticationResource("basic", name="basic", type="basic", basic_auth={{
    "username": "hub", "password": own["password"]}}, opts=pulumi.ResourceOptions(provider=eu))
ClientApplicationResource("bot", name="bot", roles={{"customer": {{"version": "v1",
    "callback": "https://x.example.com", "notification_email": "a@example.com",
    "headers": {{"X-Key": own["role header"]}}}}}})
chat = ChannelResource("chat", type="chat", display_name="Chat", icon=ICON)
AccountResource("orders", name="orders", address="1", channel=chat, chat_configurations={{}},
    description="{description}", extra={{"attributes": [{{"name": "k", "value": own["extra"]}}]}})
"""
PLACES = ("provider", "payload", "header", "password", "role header", "extra")


class Watched:
    """A stack whose every secret is a canary, and all that was ever seen of it."""

    def __init__(self, stack: Stack, emulator: Emulator) -> None:
        self.stack, self.emulator = stack, emulator
        self.canaries = Canaries()
        self.shown: dict[str, str] = {}
        stack.env |= {"EGAIN_CLIENT_ID": "hub", "EGAIN_DEBUG": "1", "PULUMI_EXPERIMENTAL": "1"}
        stack.env["EGAIN_CLIENT_SECRET"] = self.canaries.new("client secret")
        emulator.client("hub", stack.env["EGAIN_CLIENT_SECRET"])
        emulator.settings(echo_bodies=True)

    def declare(self, description: str, *, secrets: bool = False) -> None:
        """Write the program; `secrets`: with a fresh canary in every place."""
        urls = {"base_url": self.emulator.base_url, "token_url": self.emulator.token_url}
        self.stack.program(PROGRAM.format(description=description, **urls))
        if secrets:
            own = {
                place: self.canaries.new(f"{place} of {description}", around=SHAPES["foreign"])
                for place in PLACES
            }
            own["provider"] = self.stack.env["EGAIN_CLIENT_SECRET"]
            self.stack.config({"conversation-hub:own": Secret(json.dumps(own))})

    def run(self, *arguments: str, fails: bool = False) -> CliResult:
        """A command, whose output is kept."""
        result = self.stack.run(*arguments, check=False)
        assert (result.code != 0) == fails, result.output
        self.shown[f"output of {len(self.shown)}: {result.command}"] = result.output
        return result

    def leaks(self) -> list[str]:
        """Every canary in an output, in a file of stack or backend, or on an emulator's page."""
        folder = self.stack.folder.parent
        files = {
            f"file {file.relative_to(folder)}": file.read_text(errors="replace")
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
        assert any("plan.json" in name for name in files)
        assert any("backend" in name for name in files)
        pages = {
            page: json.dumps(self.emulator.control("GET", page)) for page in ("/objects", "/log")
        }
        output = {"output of the emulator": self.emulator.child.output}
        return self.canaries.leaks(self.shown | files | pages | output)


@pytest.fixture
def watched(make_stack: MakeStack, emulator: Emulator) -> Iterator[Watched]:
    yield Watched(make_stack(env=emulator.env), emulator)


def test_no_secret_shows_in_anything_that_the_cli_prints_or_writes(
    watched: Watched, emulator: Emulator
) -> None:
    up = ("up", "--yes", "--skip-preview")
    watched.declare("first", secrets=True)
    watched.run("preview", "--diff", "--save-plan", "plan.json")
    watched.run(*up, "--plan", "plan.json")
    watched.declare("second", secrets=True)
    shown = watched.run("preview", "--diff")
    assert shown.output.count("[secret] => [secret]") >= 4
    watched.run("preview", "--json", "--save-plan", "plan.json")
    for method in ("PUT", "GET"):
        emulator.fault(method, action="status", status=422, match={"times": None})
        refused = watched.run(*up, fails=True)
        assert "Failure made by a fault" in refused.output
        emulator.heal()
    added_in_the_console(emulator, watched.canaries)
    watched.run("refresh", "--yes", "--diff")
    watched.run(*up, "--diff", fails=False)
    watched.run("stack", "export")
    watched.run("destroy", "--yes")
    assert watched.leaks() == []
