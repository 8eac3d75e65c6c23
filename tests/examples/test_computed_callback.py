"""examples/computed-callback with the real CLI: a callback that no preview can know."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.examples.pages import READY, Clone
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY

pytestmark = pytest.mark.cli

EXAMPLE = REPOSITORY / "examples" / "computed-callback"
URL = re.compile(r"https://[0-9a-f]{16}\.([a-z0-9-]+)\.example\.com/")


@pytest.fixture
def example(tmp_path: Path, emulator: Emulator) -> Stack:
    """The example, not yet deployed."""
    stack = Stack.of(EXAMPLE, tmp_path, name="local", passphrase="local", env=emulator.env)
    stack.init()
    return stack


def callback(emulator: Emulator) -> str:
    """Where eGain sends the bot's messages."""
    [bot] = [a for a in emulator.objects("clientapplications") if a["name"] == "computed-bot"]
    return str(bot["roles"][0]["callback"])


def url(stack: Stack) -> str:
    """The address that the other resource has."""
    return str(stack.resources()["bot-endpoint"]["outputs"]["url"])


def steps(output: str) -> list[tuple[str, str]]:
    """What the CLI did, in order: the resource, and the word for it."""
    return re.findall(
        r" (bot-endpoint|bot|bot-first) (created|created replacement|updated|deleted|"
        r"deleted original)(?= \()",
        output,
    )


def test_a_callback_that_another_resource_computes_arrives_and_follows_its_resource(
    example: Stack, emulator: Emulator
) -> None:
    # Nothing is there: the preview is whole, shows no address, and asks nobody.
    before = example.preview("--diff")
    assert re.search(r"callback\s*: \[unknown\]", before.output)
    assert "warning" not in before.output
    assert not URL.search(before.output)
    assert emulator.counts(tokens=True) == {}

    example.up()
    first = url(example)
    assert URL.findall(first) == ["eu-1"]
    assert callback(emulator) == first
    assert example.resources()["bot"]["outputs"]["roles"]["custom_bot"]["callback"] == first

    # Another region is another address: made before eGain is told, taken away after.
    example.config({"computed-callback:region": "us-2"})
    emulator.clear()
    moving = example.preview("--diff")
    assert f'callback: "{first}" => [unknown]' in moving.output
    assert emulator.counts(tokens=True) == {}
    moved = example.up()
    second = url(example)
    assert URL.findall(second) == ["us-2"]
    assert callback(emulator) == second
    assert steps(moved.output) == [
        ("bot-endpoint", "created replacement"),
        ("bot", "updated"),
        ("bot-endpoint", "deleted original"),
    ]
    assert written(emulator) == ["PUT /clientapplications/{id}"]

    gone = example.destroy()
    assert steps(gone.output) == [
        ("bot-first", "deleted"),
        ("bot", "deleted"),
        ("bot-endpoint", "deleted"),
    ]
    assert [each["name"] for each in emulator.objects("clientapplications")] == ["eGain Agents"]


@pytest.mark.soak
def test_an_address_that_stays_costs_no_call(example: Stack, emulator: Emulator) -> None:
    example.up()
    first = url(example)
    assert example.preview(json=True).digest["changeSummary"] == {"same": 7}
    refreshed = example.refresh("--expect-no-changes", preview=True, check=False)
    assert refreshed.code == 0, refreshed.output
    # Only the update itself shows that the address stays: until then the bot may have to change.
    example.config({"computed-callback:release": "2"})
    assert example.preview(json=True).ops == {"bot-endpoint": "update", "bot": "update"}
    emulator.clear()
    example.up()
    assert (url(example), callback(emulator)) == (first, first)
    assert emulator.counts() == {}


def written(emulator: Emulator) -> list[Any]:
    """The calls that write, since the log was cleared."""
    return [key for key in emulator.counts() if not key.startswith("GET ")]


@pytest.mark.soak
def test_the_commands_of_the_readme_run_beside_the_hub(tmp_path: Path) -> None:
    page = (EXAMPLE / "README.md").read_text("utf-8")
    [commands] = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    lines = [line.removeprefix("$ ") for line in commands.splitlines()]
    assert lines.count("pulumi up") == 2
    asking = {"pulumi up", "pulumi destroy"}
    script = [f"{line} --yes" if line in asking else line for line in lines]
    clone = Clone(tmp_path / "a clone")
    try:
        clone.run(f"make up\n{READY}", ready=False)
        said = clone.run("\n".join(script))
    finally:
        clone.reset()
    first, second = re.findall(r"bot-endpoint (created|created replacement) \(", said)
    assert (first, second) == ("created", "created replacement")
    assert "bot-endpoint deleted (" in said
