"""Twelve broken hubs: the report names the cause and what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulator.callbacks import Callbacks
from tests.smoke.broken import PAGE, TWELVE, Broken, ended, row
from tests.smoke.world import World

pytestmark = pytest.mark.cli


@pytest.mark.parametrize("broken", TWELVE, ids=[each.title for each in TWELVE])
def test_the_true_cause_is_named(
    broken: Broken, world: World, callbacks: Callbacks, folder: Path
) -> None:
    code, account, ends = ended(broken, world, callbacks, folder)
    assert (code, account) == (1, "orders")
    assert any(
        end["code"] == broken.code and end["what"].startswith(broken.object) for end in ends
    ), ends
    assert ends[-1]["change"]
    assert row(broken, ends) in PAGE.read_text("utf-8"), "run: python -m tests.smoke"


def test_the_table_has_twelve_hubs() -> None:
    table = PAGE.read_text("utf-8").partition("|---|---|---|\n")[2].partition("\n\n")[0]
    titles = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines()]
    assert titles == [each.title for each in TWELVE]
    assert len(titles) == 12
