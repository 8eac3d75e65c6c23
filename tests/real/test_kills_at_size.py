"""Killed runs of more objects than a page of a list has: docs/rules.md#never-twice-never-lost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.real.killing import kill_cli, reached
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY

pytestmark = pytest.mark.cli

PAGE = 25
PROGRAM = """
from egain_pulumi import ChannelResource
for n in range({count}):
    ChannelResource(f"c{{n}}", type=f"c{{n}}", display_name="Chat", icon="aWNvbg==")
"""


def _has(emulator: Emulator, count: int) -> bool:
    return len(emulator.objects("channels")) >= count


@pytest.fixture
def slow() -> Iterator[Emulator]:
    emulator = Emulator(strict=True, latency=0.05)
    emulator.settings(page_size=PAGE)
    yield emulator
    emulator.stop()


@pytest.mark.parametrize(
    ("count", "checkpoints"),
    [
        (200, False),
        pytest.param(20, True, marks=pytest.mark.soak),
        pytest.param(200, True, marks=pytest.mark.soak),
        pytest.param(2_000, False, marks=pytest.mark.soak),
    ],
)
def test_one_up_finishes_what_killed_runs_have_begun(
    count: int, checkpoints: bool, slow: Emulator, tmp_path: Path
) -> None:
    skip = {} if checkpoints else {"PULUMI_SKIP_CHECKPOINTS": "1"}
    stack = Stack.of(REPOSITORY, tmp_path, name="local", passphrase="local", env=slow.env | skip)
    stack.init()
    stack.program(PROGRAM.format(count=count))
    for share in (0.1, 0.5, 0.9):
        child = stack.start("up", "--yes", "--skip-preview")
        reached(child, partial(_has, slow, int(count * share)), 300)
        kill_cli(child)
        slow.settled()
        stack.run("cancel")
    slow.clear()
    stack.up()
    assert len(slow.objects("channels")) == count
    # A list for each object would be many times more.
    assert slow.counts()["GET /channels"] < max(count, 50)
    assert stack.preview(json=True).digest["changeSummary"] == {"same": count + 1}
