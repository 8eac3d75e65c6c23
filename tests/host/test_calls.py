"""The call budget: `docs/calls.md`, counted. Not one call more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.host.objects import channel, declared, ground
from tests.host.running import program
from tests.specimens import (
    ACCOUNT,
    AUTHENTICATION,
    CHANNEL,
    IDS,
    ORCHESTRATION,
    PARTICIPANT,
    SPECIMENS,
)
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared
from tests.support.process import REPOSITORY

pytestmark = pytest.mark.host
PAGE = (REPOSITORY / "docs" / "calls.md").read_text("utf-8")
Counts = dict[str, int]
N = 5


def some(specimen: Any, count: int = N, **changes: Any) -> list[Declared]:
    """So many objects of a kind, each with a unique value of its own."""
    made = []
    for number in range(count):
        given = {**specimen.full, **changes}
        given[specimen.unique or "name"] = f"{specimen.noun.lower()}-{number}"
        if specimen is ACCOUNT:
            given["address"] = f"5550{number}"
        made.append(declared(specimen, given, name=f"{specimen.noun}-{number}"))
    return made


def everything() -> list[Declared]:
    return [each for specimen in SPECIMENS for each in some(specimen, 1)]


def preview(engine: Engine, _emulator: Emulator) -> None:
    engine.up(everything())
    _emulator.clear()
    engine.restart()
    engine.preview([channel("new", type="new"), *everything()[1:]])


def unchanged(engine: Engine, emulator: Emulator) -> None:
    engine.up(everything())
    emulator.clear()
    engine.restart()
    assert engine.up(everything()).changes == {}


def create(engine: Engine, _emulator: Emulator) -> None:
    engine.up([*some(CHANNEL), *some(PARTICIPANT)])


def orchestrations(engine: Engine, _emulator: Emulator) -> None:
    engine.up(some(ORCHESTRATION))


def update(engine: Engine, emulator: Emulator) -> None:
    engine.up(some(CHANNEL))
    emulator.clear()
    engine.restart()
    engine.up([channel("Channel-0", type="channel-0", description="New."), *some(CHANNEL)[1:]])


def retype(engine: Engine, emulator: Emulator) -> None:
    engine.up([channel()])
    emulator.clear()
    engine.restart()
    engine.up([channel(type="another")])


def delete(engine: Engine, emulator: Emulator) -> None:
    engine.up(some(AUTHENTICATION))
    emulator.clear()
    engine.restart()
    engine.destroy()


def refresh(count: int) -> Callable[[Engine, Emulator], None]:
    def refreshed(engine: Engine, emulator: Emulator) -> None:
        engine.up(some(CHANNEL, count))
        emulator.clear()
        assert engine.refresh().changes == {}

    return refreshed


def find(engine: Engine, _emulator: Emulator) -> None:
    lines = [f'ClientApplicationResource.find("f{n}", role="egain_agent")\n' for n in range(N)]
    engine.up(program("".join(lines)))


def get(engine: Engine, _emulator: Emulator) -> None:
    id = IDS["Participant"]
    engine.preview(program(f'ParticipantResource.get("got", id="{id}")'))


def imported(by: str, specimen: Any = CHANNEL) -> Callable[[Engine, Emulator], None]:
    """Take over an equal object, which eGain already has."""

    def adopted(engine: Engine, emulator: Emulator) -> None:
        engine.up(some(specimen, 1))
        [there] = engine.state.managed()
        engine.state.drop(there)
        engine.restart()
        emulator.settings(secrets_on_read="masked")
        emulator.clear()
        asked = {"_import": by.format(there.id), "secrets_version": 1}
        given = {**some(specimen, 1)[0].inputs, **asked}
        engine.up([declared(specimen, given)])

    return adopted


ROWS: list[tuple[str, Callable[[Engine, Emulator], None], Counts]] = [
    ("`pulumi preview`", preview, {}),
    ("`pulumi up`, nothing to change", unchanged, {}),
    ("create N objects", create, {"POST /channels": N, "POST /participants": N}),
    (
        "create orchestrations",
        orchestrations,
        {"GET /orchestrations": 1, "POST /orchestrations": N},
    ),
    ("update an object", update, {"GET /channels/{id}": 1, "PUT /channels/{id}": 1}),
    (
        "update a channel's or participant's `type`",
        retype,
        {"GET /channels/{id}": 2, "PUT /channels/{id}": 1},
    ),
    (
        "delete N objects of a kind",
        delete,
        {"GET /clientapplications": 1, "DELETE /authentications/{id}": N},
    ),
    ("refresh N objects of a kind", refresh(2), {"GET /channels/{id}": 2}),
    ("refresh N objects of a kind", refresh(40), {"GET /channels/{id}": 2, "GET /channels": 2}),
    ("`find`, however many of a kind", find, {"GET /clientapplications": 1}),
    ("`get`, in previews too", get, {"GET /participants/{id}": 1}),
    ("import by id", imported("{}"), {"GET /channels/{id}": 1}),
    (
        "import by id",
        imported("{}", AUTHENTICATION),
        {"GET /authentications/{id}": 2, "PUT /authentications/{id}": 1},
    ),
    ("import by name", imported("type:channel-0"), {"GET /channels": 1}),
    (
        "import by name",
        imported("name:authentication-0", AUTHENTICATION),
        {"GET /authentications": 1, "GET /authentications/{id}": 1, "PUT /authentications/{id}": 1},
    ),
]


@pytest.mark.parametrize(("row", "run", "calls"), ROWS, ids=[row for row, _, _ in ROWS])
def test_a_command_makes_the_calls_of_its_row_and_no_more(
    row: str,
    run: Callable[[Engine, Emulator], None],
    calls: Counts,
    engine: Engine,
    emulator: Emulator,
) -> None:
    ground(emulator)
    emulator.clear()
    run(engine, emulator)
    counts = emulator.counts(tokens=True)
    assert counts.pop("POST /oauth2/token", 0) == bool(calls)
    assert counts == calls


def test_every_row_of_the_page_is_counted() -> None:
    rows = re.findall(r"^\| (?!command|-)(.+?) \|", PAGE, re.M)
    assert rows == list(dict.fromkeys(row for row, _, _ in ROWS))
