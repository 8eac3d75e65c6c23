"""`docs/emulator.md` and the emulator agree: examples, faults, settings, reason codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from egain_pulumi.emulator.faults.registry import ACTIONS
from egain_pulumi.emulator.messaging import codes
from egain_pulumi.emulator.messaging.codes import Code
from egain_pulumi.emulator.settings import CHOICES, Settings
from tests.commands import blocks
from tests.support.process import free_port

from .handle import Emulator

PAGE = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text(encoding="utf-8")
MESSAGING = Path(codes.__file__).parent
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", PAGE, re.S)]


def test_every_example_is_a_fault_and_every_action_has_one(emulator: Emulator) -> None:
    for wish in EXAMPLES:
        emulator.control("POST", "/faults", wish)
    assert {wish["do"]["action"] for wish in EXAMPLES} == set(ACTIONS)
    for action, (when, options) in ACTIONS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{action}` | {when}"))
        assert all(f"`{key}`" in row for key in options), action


def test_the_commands_of_the_page(tmp_path: Path) -> None:
    [start], *calls = blocks("docs/emulator.md")
    port = str(free_port())
    command = ["sh", "-ec", f"exec {start.replace('8780', port)}"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "no_proxy": "127.0.0.1"}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True) as it:
        try:
            assert it.stdout is not None
            assert it.stdout.readline().strip() == f"http://127.0.0.1:{port}"
            said = [
                json.loads(subprocess.check_output(["sh", "-c", call.replace("8780", port)]))
                for [call] in calls
            ]
        finally:
            it.terminate()
    assert "access_token" in said[0]
    assert said[1]["secrets_on_read"] == "masked"


def test_every_switch_is_listed_with_its_default_and_choices() -> None:
    for name, default in Settings().as_json().items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
        text = f"`{default}`" if isinstance(default, str) else json.dumps(default)
        assert row.split(" | ")[1] == text.removesuffix(".0"), name
        assert all(str(choice) in row for choice in CHOICES.get(name, ())), name


def test_every_reason_code_is_listed_once_and_used() -> None:
    table = PAGE.partition("### Reason codes")[2].partition("\n#")[0]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.M)
    assert listed == ["code", *Code]
    sources = "".join(file.read_text(encoding="utf-8") for file in MESSAGING.glob("*.py"))
    assert set(re.findall(r"\bCode\.([A-Z_]+)\b", sources)) == set(Code.__members__)
