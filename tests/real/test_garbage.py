"""How often Python looks for garbage in what the CLI starts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from egain_pulumi.gc_tuning import THRESHOLD
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import base_env

PROGRAM = """
import gc, json, pathlib
gc.set_threshold({often}, 10, 10)
import egain_pulumi
pathlib.Path("thresholds.json").write_text(json.dumps(gc.get_threshold()))
"""
IMPORTED = """
import gc, sys
gc.set_threshold(700, 10, 10)
sys.orig_argv = {started!r}
import egain_pulumi
print(gc.get_threshold()[0])
"""


@pytest.mark.cli
@pytest.mark.parametrize(
    ("often", "afterwards"),
    [(700, THRESHOLD), (50_000, 50_000), (0, 0)],
    ids=["Python's own", "more", "never"],
)
def test_rarely_in_a_program_unless_it_has_chosen(
    often: int, afterwards: int, tmp_path: Path, emulator: Emulator
) -> None:
    stack = Stack(tmp_path, env=emulator.env)
    stack.program(PROGRAM.format(often=often))
    stack.init()
    stack.preview()
    found = json.loads((stack.folder / "thresholds.json").read_text())
    assert found == [afterwards, 10, 10]


@pytest.mark.parametrize(
    ("started", "often"),
    [
        (["python", "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"], THRESHOLD),
        (["python", "deploy.py", "pulumi"], 700),
    ],
    ids=["plugin host", "somebody else's process"],
)
def test_rarely_in_a_plugin_host_and_nowhere_else(started: list[str], often: int) -> None:
    command = [sys.executable, "-c", IMPORTED.format(started=started)]
    done = subprocess.run(command, env=base_env(), capture_output=True, text=True, check=True)
    assert done.stdout == f"{often}\n"
