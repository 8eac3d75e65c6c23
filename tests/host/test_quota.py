"""A tenant's quota and our own ceiling, through the real host (docs/rules.md#limits)."""

from __future__ import annotations

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.support.emulator import Emulator
from tests.support.engine import Engine

pytestmark = pytest.mark.host
OBJECTS = [channel(f"c{number}", type=f"c{number}") for number in range(40)]
MANY = OBJECTS[:24]
HOST_THREADS = 4
"""What Pulumi's plugin host works on at once by itself."""


@pytest.mark.parametrize("retry_after", ["seconds", "date", "absent"])
def test_forty_objects_fit_into_one_call_in_two_seconds(
    retry_after: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    """No error, under 15 % of the answers refusals; the waits take no time here."""
    engine = make_engine(config=emulator.config, env=emulator.quick)
    emulator.settings(rate_limit={"per_second": 0.5, "burst": 2}, retry_after=retry_after)
    engine.up(OBJECTS, parallel=16)
    statuses = emulator.log()["statuses"]
    assert len(emulator.objects("channels")) == len(engine.state.managed()) == 40
    assert 0 < statuses["429"] < 0.15 * sum(statuses.values())


def test_a_wait_shows_in_the_status_column_of_its_resource(
    engine: Engine, emulator: Emulator
) -> None:
    """Ephemeral: the next word on the resource's row takes its place."""
    emulator.fault("POST", "/channels", action="status", status=429, headers={"Retry-After": "2"})
    engine.up([channel("chat")])
    [line] = [each for each in engine.logs if "waiting" in each.message]
    assert line.message == "waiting 2 s for the rate limit"
    assert (line.severity, line.ephemeral) == ("info", True)
    assert line.urn == engine.urn(channel("chat").type, "chat")


@pytest.mark.parametrize("most", [2, 16])
def test_no_more_calls_are_under_way_than_the_settings_allow(
    most: int, make_engine: MakeEngine, emulator: Emulator
) -> None:
    chosen = {} if most == 16 else {"egain:maxConcurrency": str(most)}
    engine = make_engine(config=emulator.config | chosen)
    emulator.settings(latency=0.05)
    engine.up(MANY, parallel=32)
    created = peak(emulator)
    engine.destroy(parallel=32)
    assert created <= most
    assert peak(emulator) <= most
    assert most == 2 or created > HOST_THREADS


def peak(emulator: Emulator) -> int:
    """The most calls under way at once since the last question."""
    found = int(emulator.log()["peak_in_flight"])
    emulator.clear()
    return found
