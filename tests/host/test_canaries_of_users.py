"""docs/rules.md#secrets for a field that only the program has marked as one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.host.canaries import Canaries, channels
from tests.host.objects import channel, declared
from tests.host.running import program
from tests.specimens import BASIC_AUTHENTICATION, ICON
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.program import Program
from tests.support.steps import Result
from tests.support.values import Secret

pytestmark = pytest.mark.host

PROGRAM = {"secret": [["description"]]}
ID = "11111111-1111-4111-8111-111111111111"


def described(canary: str, **more: Any) -> Any:
    """A channel whose description the program calls a secret, as its constructor registers it."""
    return channel(description=Secret(canary), _program=PROGRAM, **more)


def conflict(engine: Engine, emulator: Emulator, canaries: Canaries) -> Result:
    engine.up([described(canaries.new("old description"))])
    emulator.edit("channels", engine.state["it"].id, {"description": "Console."})
    return engine.up([described(canaries.new("new description"))], check=False)


def repeated(engine: Engine, emulator: Emulator, canaries: Canaries) -> Result:
    emulator.settings(echo_bodies=True)
    emulator.fault("POST", "/authentications", action="status", status=400)
    given = {**BASIC_AUTHENTICATION.full, "description": Secret(canaries.new("description"))}
    given["_program"] = PROGRAM
    return engine.up([declared(BASIC_AUTHENTICATION, given)], check=False)


def differing(engine: Engine, emulator: Emulator, canaries: Canaries) -> Result:
    there = {"id": ID, "type": "sms", "displayName": "SMS", "icon": ICON, "active": True}
    emulator.add("channels", there)
    given = described(canaries.new("description"), type="sms", display_name="SMS", _import=ID)
    return engine.up([given], check=False)


def too_long(engine: Engine, emulator: Emulator, canaries: Canaries) -> Result:
    return engine.up([described(canaries.new("description", "x" * 2000 + "{}"))], check=False)


@pytest.mark.parametrize(
    "failure",
    [too_long, conflict, repeated, differing],
)
def test_it_does_not_show_in_an_error(failure: Any, engine: Engine, emulator: Emulator) -> None:
    canaries = Canaries()
    result = failure(engine, emulator, canaries)
    assert result.failures
    assert canaries.leaks(channels(engine, emulator, [result])) == []


@pytest.mark.parametrize("value", ["{}", 'Output.concat("The ", {})'], ids=["itself", "made of it"])
def test_a_program_tells_the_plugin_what_it_calls_a_secret(
    value: str, engine: Engine, emulator: Emulator
) -> None:
    def declaring(text: str) -> Program:
        return program(f'channel("it", description={value.format(f"Output.secret({text!r})")})')

    engine.up(declaring("hidden text"))
    emulator.edit("channels", engine.state["it"].id, {"description": "Console."})
    changed = engine.up(declaring("hidden too"), check=False)
    [message] = changed.messages
    assert "and was [secret] when" in message
    assert "hidden t" not in f"{message} {changed.logs}"


def test_it_stays_a_secret_in_the_state_and_in_drift(engine: Engine, emulator: Emulator) -> None:
    canaries = Canaries()
    results = [engine.up([described(canaries.new("description"))])]
    emulator.edit("channels", engine.state["it"].id, {"description": canaries.new("drift")})
    results += [engine.refresh(), engine.preview([described("another")])]
    assert results[1].changes == {"it": "update"}
    seen = channels(engine, emulator, results)
    # The emulator's page shows it: eGain knows of no secret there.
    assert canaries.leaks({k: v for k, v in seen.items() if k != "page /objects"}) == []
