"""`egain-pulumi inventory`: its output, its exit codes and its errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.cli.test_list import HOSTILE, hub
from tests.hub.builders import resource, state
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulator: Emulator, call: Call) -> Call:
    """A command line in an empty folder, against the emulator, without the Pulumi CLI."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    return call


def stack(ids: dict[str, str], emulator: Emulator) -> str:
    """Return the state of a stack that manages the channel, and an account that is gone."""
    mark = {"_tenant": emulator.mark}
    chat = {"type": "chat", "display_name": "Chat"}
    gone = {"name": "survey"}
    return state(
        {
            "chat": resource("Channel", "c", chat, id=ids["channel"], outputs=chat | mark),
            "survey": resource("Account", "s", gone, id="x" * 36, outputs=gone | mark),
        }
    )


def test_what_nobody_manages(cli: Call, emulator: Emulator, tmp_path: Path) -> None:
    ids = hub(emulator)
    emulator.add("channels", {"type": HOSTILE, "displayName": "x", "icon": "AAAA"})
    (tmp_path / "dev.json").write_text(stack(ids, emulator))
    code, out, err = cli("inventory", "--state", "dev.json")
    assert (code, err) == (1, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "unmanaged: in the tenant, in no state: 7" in lines
    assert "missing: in a state, not in the tenant: 1" in lines
    assert "account survey dev.json" in lines
    assert "unused: no account reaches it: 1" in lines
    assert lines[-1] == "10 objects: 2 managed by 1 stack"
    assert any(line.startswith("participant greeter 20") for line in lines), "since when"
    assert all(c.isprintable() or c == "\n" for c in out)
    assert {entry["method"] for entry in emulator.requests()} == {"GET"}

    code, out, _ = cli("inventory", "--state", "dev.json", "--json", "--fail-on", "twice")
    assert (code, out.isascii()) == (0, True)
    answer = json.loads(out)
    page = (REPOSITORY / "docs" / "inventory.md").read_text("utf-8")
    documented = json.loads(page.partition("```json\n")[2].partition("```")[0])
    assert answer.keys() == documented.keys()
    assert answer["objects"][0].keys() == documented["objects"][0].keys()
    chat = next(each for each in answer["objects"] if each["name"] == "chat")
    assert (chat["managed_by"], chat["findings"]) == (["dev.json"], [])
    for word, expected in {"missing": 1, "unused": 1, "nothing": 0}.items():
        assert cli("inventory", "--state", "dev.json", "--fail-on", word)[0] == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("--fail-on", "orphan"), '--fail-on: "orphan" is not one of unmanaged, missing'),
        ((), "pulumi is not on the PATH"),
        (("--state", "no.json"), "cannot read no.json"),
    ],
)
def test_mistakes(cli: Call, line: tuple[str, ...], said: str) -> None:
    code, out, err = cli("inventory", *line)
    assert (code, out) == (2, "")
    assert err.startswith(f"egain-pulumi: {said}")
