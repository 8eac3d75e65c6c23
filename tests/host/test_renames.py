"""Unique values that are taken, or that change hands: who has them, and the way to do it."""

from __future__ import annotations

import pytest

from tests.host.objects import channel, ground
from tests.host.running import said
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared

pytestmark = pytest.mark.host


def channels(**types: str) -> list[Declared]:
    """Channels by logical name, each with its type."""
    return [channel(name, type=type) for name, type in types.items()]


def types(engine: Engine, emulator: Emulator) -> dict[str, str]:
    """The type in eGain of each channel of the state."""
    stored = {each["id"]: each["type"] for each in emulator.objects("channels")}
    return {each.name: stored[each.id] for each in engine.state.managed()}


def test_values_that_are_exchanged_need_a_third_one(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    engine.up(channels(a="one", b="two", c="three"))
    engine.restart()
    emulator.clear()
    swapped = channels(a="two", b="one", c="three")
    [message] = engine.preview(swapped, check=False).messages
    assert message.partition("has a problem: ")[2] == (
        'type: channel "b" and channel "a" exchange their values, but eGain refuses a value that '
        "another object still has. Give one of them a third type, run pulumi up, and then give it "
        "the final one"
    )
    assert emulator.counts() == {}
    for step in (channels(a="spare", b="two", c="three"), channels(a="spare", b="one", c="three")):
        engine.restart()
        engine.up(step)
    engine.restart()
    engine.up(swapped)
    assert types(engine, emulator) == {"a": "two", "b": "one", "c": "three"}


@pytest.mark.parametrize("first", ["taker", "giver"])
def test_a_value_that_is_given_up_in_the_same_change_is_a_warning(
    first: str, engine: Engine, emulator: Emulator
) -> None:
    engine.up(channels(taker="one", giver="two"))
    engine.restart()
    wanted = {"taker": "two", "giver": "three"}
    order = dict(sorted(wanted.items(), reverse=first == "taker"))
    [warning] = said(engine.preview(channels(**order)), "warning")
    last = next(name for name in order if name != first)
    assert warning == (
        f'channel "{last}": type: this value and that of channel "{first}" change hands in one '
        "pulumi up. eGain refuses a value that another object still has; to be sure, free it in a "
        "pulumi up of its own."
    )
    engine.restart()
    result = engine.up(channels(**order), check=False)
    if first == "taker":  # it is sent first; the message names who has it
        id = engine.state["giver"].id
        assert f'type "two" is taken: the channel {id} still has it.' in result.messages[0]
        engine.restart()
        engine.up(channels(giver="three", taker="one"))
        engine.restart()
        engine.up(channels(**order))
    assert types(engine, emulator) == wanted


def test_a_value_that_somebody_or_a_removed_resource_has_is_refused_with_the_way(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(channels(a="one", b="two"))
    ids = {each.name: each.id for each in engine.state.managed()}
    engine.restart()
    [message] = engine.up(channels(a="two"), check=False).messages
    assert message.startswith(
        f'channel "a" [{ids["a"]}] not updated: type "two" is taken: the channel {ids["b"]} still '
        "has it. Choose another type. If that one is or was in this program, run pulumi up once "
        "with the old type here, so that it is renamed or deleted first, and then with the new "
        "one. eGain said: "
    )
    for step in (channels(a="one"), channels(a="two")):
        engine.restart()
        engine.up(step)
    assert types(engine, emulator) == {"a": "two"}
