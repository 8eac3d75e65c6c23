"""How often Python looks for garbage, in a program that the real CLI runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from egain_pulumi.garbage import ENOUGH
from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli
PROGRAM = """
import gc, json, pathlib
gc.set_threshold({often}, 10, 10)
from egain_pulumi import AuthenticationResource
LOGIN = {{"token_request_url": "https://bot.example.com/token", "payload": "{{}}"}}
before = gc.get_threshold()
AuthenticationResource("login", name="login", type="oauth2", oauth2=LOGIN)
pathlib.Path("thresholds.json").write_text(json.dumps([before, gc.get_threshold()]))
"""


@pytest.mark.parametrize(
    ("often", "afterwards"),
    [(700, ENOUGH), (50_000, 50_000), (0, 0)],
    ids=["Python's own", "more", "never"],
)
def test_a_declaration_makes_it_rare_unless_the_program_has_chosen(
    often: int, afterwards: int, tmp_path: Path, emulator: Emulator
) -> None:
    stack = Stack(tmp_path, env=emulator.env)
    stack.program(PROGRAM.format(often=often))
    stack.init()
    stack.preview()
    before, after = json.loads((stack.folder / "thresholds.json").read_text())
    assert before == [often, 10, 10]
    assert after == [afterwards, 10, 10]
