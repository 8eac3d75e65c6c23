"""Orchestrations, whose names are not unique: a repeated create must not leave two of them."""

from __future__ import annotations

import pytest

from tests.host.objects import declared, ground, made
from tests.specimens import ORCHESTRATION
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Options

pytestmark = pytest.mark.host
FLOW = declared(ORCHESTRATION, name="flow")
LISTS = "GET /orchestrations"


def test_an_equal_one_of_somebody_else_stops_the_create(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    theirs = _somebody_elses(engine, emulator)
    emulator.clear()
    [message] = engine.up([FLOW], check=False).messages
    assert message == (
        f'cannot create orchestration "flow": an equal one, "bot-first" ({theirs}), exists in '
        "eGain already, and this stack is not known to have created it; an interrupted run may "
        f'have. Take it over with import_="{theirs}", delete it in eGain, or give this one '
        "another name."
    )
    assert emulator.counts() == {LISTS: 1}
    assert len(engine.state.managed()) == 0


def test_one_of_the_same_name_that_differs_is_none_of_our_business(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    theirs = _somebody_elses(engine, emulator)
    emulator.edit("orchestrations", theirs, {"description": "Theirs"})
    engine.up([FLOW])
    assert len(made(emulator, "orchestrations")) == 2


def test_they_are_listed_once_a_process_and_equal_ones_of_one_program_are_made(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    flows = [declared(ORCHESTRATION, name=f"flow-{n}") for n in range(8)]
    engine.up(flows, parallel=8)
    assert emulator.counts() == {LISTS: 1, "POST /orchestrations": 8}
    assert engine.preview(flows).changes == {}


def test_one_that_this_stack_has_is_no_reason_to_stop(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    engine.up([FLOW])
    engine.restart()
    engine.up([FLOW, declared(ORCHESTRATION, name="second")])
    assert len(made(emulator, "orchestrations")) == 2


def test_nothing_is_created_where_they_cannot_be_listed(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    emulator.fault("GET", "/orchestrations", action="status", status=403, match={"times": None})
    [message] = engine.up([FLOW], check=False).messages
    assert message.startswith('eGain refused to create orchestration "flow" (')
    assert emulator.counts() == {LISTS: 1}


def _somebody_elses(engine: Engine, emulator: Emulator) -> str:
    """An equal orchestration that this stack does not know: made, and dropped from the state."""
    keep = declared(ORCHESTRATION, name="theirs", options=Options(retain_on_delete=True))
    engine.up([keep])
    engine.up([])
    engine.restart()
    [found] = made(emulator, "orchestrations")
    return str(found["id"])
