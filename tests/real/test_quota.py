"""Quotas and ceilings in real time, with the real CLI (docs/rules.md#limits)."""

from __future__ import annotations

import pytest

from tests.conftest import MakeStack
from tests.specimens import ICON
from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli
PROGRAM = """\
from egain_pulumi import ChannelResource
for number in range({count}):
    ChannelResource(f"c{{number}}", type=f"c{{number}}", display_name="A channel", icon={icon!r})
"""
HOST_THREADS = 4
"""What Pulumi's plugin host works on at once by itself."""
PARALLEL = ("--parallel", "32")


def deploy(stack: Stack, emulator: Emulator, count: int) -> dict[str, int]:
    """Create so many channels; the answers by status."""
    stack.program(PROGRAM.format(count=count, icon=ICON))
    stack.up(*PARALLEL, seconds=400)
    assert len(emulator.objects("channels")) == count
    statuses: dict[str, int] = emulator.log()["statuses"]
    return statuses


@pytest.mark.parametrize(
    ("per_second", "count"),
    [
        pytest.param(5, 40, id="five a second"),
        pytest.param(0.5, 40, id="one in two seconds", marks=pytest.mark.soak),
    ],
)
def test_a_quota_is_kept_without_an_error_and_with_few_refusals(
    per_second: float, count: int, stack: Stack, emulator: Emulator
) -> None:
    emulator.settings(rate_limit={"per_second": per_second, "burst": 2})
    statuses = deploy(stack, emulator, count)
    assert 0 < statuses["429"] < 0.15 * sum(statuses.values())


@pytest.mark.parametrize("most", [2, 16])
def test_no_more_calls_are_under_way_than_the_settings_allow(
    most: int, make_stack: MakeStack, emulator: Emulator
) -> None:
    chosen = {} if most == 16 else {"EGAIN_MAX_CONCURRENCY": str(most)}
    stack = make_stack(env=emulator.env | chosen)
    emulator.settings(latency=0.1)
    deploy(stack, emulator, 24)
    created = peak(emulator)
    stack.refresh(*PARALLEL)
    refreshed = peak(emulator)
    stack.destroy(*PARALLEL)
    deleted = peak(emulator)
    assert max(created, refreshed, deleted) <= most
    # A refresh reads lists, one a kind, and has no need of more.
    assert most == 2 or min(created, deleted) > HOST_THREADS


def peak(emulator: Emulator) -> int:
    """The most calls under way at once since the last question."""
    found = int(emulator.log()["peak_in_flight"])
    emulator.clear()
    return found
