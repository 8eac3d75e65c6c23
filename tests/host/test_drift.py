"""What a refresh sees: every declared leaf that somebody else changed, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.host.objects import (
    COLLECTIONS,
    Path,
    declared,
    edited,
    ground,
    held,
    plain_leaves,
    sealed,
)
from tests.host.wireforms import WIRE
from tests.specimens import (
    ACCOUNT,
    CHANNEL,
    CLIENT_APPLICATION,
    ICON,
    IDS,
    ORCHESTRATION,
    PARTICIPANT,
    SPECIMENS,
    VARIANTS,
    Specimen,
)
from tests.support.difference import path_text
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.values import normalise

pytestmark = pytest.mark.host
EVERY = [*SPECIMENS, *VARIANTS]
by_key = pytest.mark.parametrize("specimen", EVERY, ids=lambda s: s.full[s.unique or "name"])


def wire(specimen: Specimen) -> dict[str, Any]:
    return WIRE[str(specimen.full[specimen.unique or "name"])]


def other(path: Path, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value}-changed"


def seen(engine: Engine) -> dict[str, str]:
    """The paths that a refresh would show."""
    return dict(engine.refresh(preview=True).step("it").paths)


@by_key
def test_each_declared_leaf_that_changed_is_seen_alone(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(specimen)])
    id, collection = engine.state["it"].id, COLLECTIONS[specimen.noun]
    leaves = dict(plain_leaves(specimen.full))
    for path, value in leaves.items():
        emulator.edit(collection, id, edited(wire(specimen), path, other(path, value)))
        assert seen(engine) == {path_text(path): "update"}
        emulator.edit(collection, id, edited(wire(specimen), path, value))
    assert len(leaves) >= 4
    assert seen(engine) == {}


LISTS: list[tuple[Specimen, Path, Any, dict[str, str]]] = [
    (
        PARTICIPANT,
        ("intents",),
        {"intent": [{"value": "sales_enquiries", "displayValue": "Sales Enquiries"}]},
        {"intents[1]": "delete"},
    ),
    (
        CHANNEL,
        ("restrictions", "inbound", "features"),
        ["typing_events", "attachments", "voice"],
        {"restrictions.inbound.features[2]": "add"},
    ),
    (
        ORCHESTRATION,
        ("applications", "agent_configuration", "agents"),
        [{"id": IDS["ClientApplication"]}, {"id": IDS["ClientApplication"]}],
        {"applications.agent_configuration.agents[1]": "add"},
    ),
    (
        CLIENT_APPLICATION,
        ("roles",),
        [wire(CLIENT_APPLICATION)["roles"][0]],
        {"roles.customer": "delete"},
    ),
    (ACCOUNT, ("case_management",), None, {"case_management": "delete"}),
    (
        ACCOUNT,
        ("chat_configurations", "orchestration"),
        None,
        {
            "chat_configurations.orchestration": "delete",
        },
    ),
]


@pytest.mark.parametrize(("specimen", "path", "value", "paths"), LISTS, ids=lambda v: str(v)[:20])
def test_lists_and_what_was_taken_away_are_seen_as_a_whole(
    specimen: Specimen,
    path: Path,
    value: Any,
    paths: dict[str, str],
    engine: Engine,
    emulator: Emulator,
) -> None:
    ground(emulator)
    engine.up([declared(specimen)])
    change = edited(wire(specimen), path, value)
    emulator.edit(COLLECTIONS[specimen.noun], engine.state["it"].id, change)
    assert seen(engine) == paths


@by_key
def test_what_was_not_declared_and_what_is_secret_is_no_drift(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    """Somebody fills in all that the program leaves open; another one overwrites its secrets."""
    ground(emulator)
    engine.up([declared(specimen, specimen.smallest)])
    id, collection = engine.state["it"].id, COLLECTIONS[specimen.noun]
    emulator.edit(collection, id, {"unknownAttribute": {"deep": [1, {"x": None}]}})
    more = {name: part for name, part in wire(specimen).items() if name != "name"}
    if specimen is ORCHESTRATION:
        more["applications"] = {"customerConfiguration": {"customer": {"id": "x" * 36}}}
    if "basicAuth" in more:
        more["basicAuth"] = {"username": "hub", "password": "overwritten-by-somebody"}
    emulator.edit(collection, id, more)
    before = engine.state["it"].inputs
    for reads in ("plain", "masked", "absent"):
        emulator.settings(secrets_on_read=reads)
        assert engine.refresh().changes == {}
        assert engine.state["it"].inputs == before
        assert engine.preview([declared(specimen, specimen.smallest)]).changes == {}


@by_key
def test_a_refresh_takes_drift_into_the_state_and_up_undoes_it(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(specimen)])
    id, collection = engine.state["it"].id, COLLECTIONS[specimen.noun]
    emulator.edit(collection, id, {"description": "Changed in the console.", "active": False})
    drift = {"description": "update", "active": "update"}
    assert engine.refresh().step("it").paths == drift
    assert engine.state["it"].inputs["description"] == "Changed in the console."
    assert engine.refresh().changes == {}

    assert engine.preview([declared(specimen)]).step("it").paths == drift
    engine.up([declared(specimen)])
    assert held(emulator, specimen, id) == wire(specimen)
    inputs = {k: v for k, v in engine.state["it"].inputs.items() if k != "__provider"}
    assert inputs == normalise(sealed(specimen.full))


def test_numbers_that_egain_answers_as_text_are_the_same_numbers(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(ACCOUNT)])
    id = engine.state["it"].id
    emulator.edit("accounts", id, {"chatConfigurations": {"timeout": "30"}})
    assert seen(engine) == {}
    emulator.edit("accounts", id, {"chatConfigurations": {"timeout": "45"}})
    assert seen(engine) == {"chat_configurations.timeout": "update"}


def test_the_order_of_an_answer_means_nothing_where_items_have_keys(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(CLIENT_APPLICATION)])
    roles = wire(CLIENT_APPLICATION)["roles"][::-1]
    emulator.edit("clientapplications", engine.state["it"].id, {"roles": roles})
    assert seen(engine) == {}


def test_an_icon_in_other_clothes_is_the_same_icon(engine: Engine, emulator: Emulator) -> None:
    engine.up([declared(CHANNEL)])
    broken = "\n".join(ICON[i : i + 76] for i in range(0, len(ICON), 76))
    emulator.edit("channels", engine.state["it"].id, {"icon": broken})
    assert seen(engine) == {}
    emulator.edit("channels", engine.state["it"].id, {"icon": "iVBORw0KGgo="})
    assert seen(engine) == {"icon": "update"}


def test_a_header_in_another_case_is_the_same_header(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    engine.up([declared(CLIENT_APPLICATION)])
    id = engine.state["it"].id
    roles = wire(CLIENT_APPLICATION)["roles"]
    lower = [{"name": "x-tenant", "value": "tenant-of-the-bot"}]
    emulator.edit("clientapplications", id, {"roles": [{**roles[0], "headers": lower}, roles[1]]})
    assert seen(engine) == {}
    changed = declared(CLIENT_APPLICATION, {**CLIENT_APPLICATION.full, "description": "Other."})
    engine.up([changed])
    [role, _] = held(emulator, CLIENT_APPLICATION, id)["roles"]
    assert role["headers"] == lower


def test_a_malformed_list_that_is_not_declared_does_not_stop_a_refresh(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([declared(CLIENT_APPLICATION, CLIENT_APPLICATION.smallest)])
    id, path = engine.state["it"].id, COLLECTIONS[CLIENT_APPLICATION.noun]
    [role] = emulator.object(path, id, secrets=True)["roles"]
    twice = [{"name": "X-A", "value": "1"}, {"name": "x-a", "value": "2"}]
    emulator.edit(path, id, {"roles": [role | {"headers": twice}]})
    assert engine.refresh().changes == {}
