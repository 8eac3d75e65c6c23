"""Each kind from its first preview to its end, with the requests that each step may cost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.host.objects import (
    COLLECTIONS,
    declared,
    ground,
    held,
    made,
    pruned,
    sealed,
    without,
)
from tests.host.wireforms import WIRE
from tests.specimens import SPECIMENS, VARIANTS, Specimen
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.values import Properties, normalise

pytestmark = pytest.mark.host
EVERY = [*SPECIMENS, *VARIANTS]
every_kind = pytest.mark.parametrize(
    "specimen", EVERY, ids=lambda s: s.full["name" if "name" in s.full else "type"]
)

CHANGES = {
    "bot-auth": {"description": "update"},
    "app-auth": {"basic_auth.password": "update"},
    "bot": {"active": "update"},
    "greeter": {
        "intents[0].value": "update",
        "intents[0].display_value": "update",
        "intents[1]": "delete",
    },
    "custom_channel": {"display_name": "update"},
    "bot-first": {"description": "update"},
    "orders": {"address": "update"},
}
REMOVABLE = {
    "bot-auth": (
        "description oauth2.method oauth2.headers oauth2.headers.X-Key oauth2.payload "
        "oauth2.access_token_path"
    ),
    "app-auth": "description",
    "bot": (
        "description roles.customer roles.custom_bot.headers roles.custom_bot.authentication "
        "roles.custom_bot.headers.X-Tenant"
    ),
    "greeter": "description intents options options.mood",
    "custom_channel": (
        "description restrictions l10n_properties l10n_properties.de-DE restrictions.outbound "
        "l10n_properties.en-US.msg_hub_retain_and_retry restrictions.inbound.max_text_length "
        "restrictions.inbound.features restrictions.inbound.attachment_policy "
        "restrictions.inbound.attachment_policy.extensions restrictions.outbound.system_messages"
    ),
    "bot-first": (
        "description applications.bot_configuration applications.agent_configuration "
        "applications.customer_configuration applications.bot_configuration.forward_transcript "
        "applications.bot_configuration.bypass_va_duration"
    ),
    "orders": (
        "description case_management case_management.same_case_duration "
        "chat_configurations.timeout chat_configurations.orchestration "
        "chat_configurations.entry_point chat_configurations.allow_logout_with_open_chats"
    ),
}


def key(specimen: Specimen) -> str:
    return str(specimen.full[specimen.unique or "name"])


@every_kind
@pytest.mark.parametrize("form", ["smallest", "full"])
def test_a_preview_asks_nobody_and_up_makes_it_once(
    specimen: Specimen, form: str, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    program = [declared(specimen, getattr(specimen, form))]
    assert engine.preview(program).ops == {"it": "create"}
    assert emulator.counts(tokens=True) == {}

    assert engine.up(program).ops == {"it": "create"}
    post = {f"POST /{COLLECTIONS[specimen.noun]}": 1}
    if specimen.unique is None:  # those that are there already are looked through first
        post[f"GET /{COLLECTIONS[specimen.noun]}"] = 1
    assert emulator.counts() == post
    for again in (engine.preview, engine.up):
        engine.restart()
        assert again(program).ops == {"it": "same"}
    assert emulator.counts() == post

    [found] = made(emulator, COLLECTIONS[specimen.noun])
    assert found["id"] == engine.state["it"].id
    if form == "full":
        assert held(emulator, specimen, found["id"]) == WIRE[key(specimen)]
        # The engine carries every number as a float; eGain gets whole ones whole.
        halves = [n for n in _numbers(found) if isinstance(n, float)]
        assert halves == ([1.5] if key(specimen) == "orders" else [])


@every_kind
def test_the_state_is_what_was_declared_and_where_it_lives(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(specimen)])
    engine.refresh()
    wanted = normalise(sealed(specimen.full))
    state = engine.state["it"]
    assert _own(state.inputs) == wanted
    assert _own(state.outputs) == {**wanted, "_tenant": emulator.mark}
    exported = json.dumps(engine.export())
    for path in specimen.secrets:
        text: Any = specimen.full
        for step in path:
            text = text[step]
        assert json.dumps(text)[1:-1] not in exported


@every_kind
def test_a_change_is_shown_by_its_path_and_costs_one_get_and_one_put(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(specimen)])
    emulator.clear()
    changed = [declared(specimen, specimen.changed)]
    assert engine.preview(changed).step("it").paths == CHANGES[key(specimen)]
    assert emulator.counts() == {}

    assert engine.up(changed).step("it").paths == CHANGES[key(specimen)]
    path = f"/{COLLECTIONS[specimen.noun]}/{{id}}"
    assert emulator.counts() == {f"GET {path}": 1, f"PUT {path}": 1}
    assert engine.preview(changed).changes == {}
    assert engine.refresh().changes == {}

    # Back again: what the server holds is what a first `up` would have made.
    engine.up([declared(specimen)])
    assert held(emulator, specimen, engine.state["it"].id) == WIRE[key(specimen)]


@every_kind
def test_an_argument_that_leaves_the_program_leaves_egain(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up([declared(specimen)])
    for text in REMOVABLE[key(specimen)].split():
        path = tuple(text.split("."))
        fewer = [declared(specimen, without(specimen.full, path))]
        [kind] = engine.up(fewer).step("it").paths.values()
        assert kind == "delete", text
        left = held(emulator, specimen, engine.state["it"].id)
        assert left == pruned(WIRE[key(specimen)], path), text
        assert engine.refresh().changes == {}, text
        engine.up([declared(specimen)])
        assert held(emulator, specimen, engine.state["it"].id) == WIRE[key(specimen)], text


@every_kind
def test_what_is_gone_is_made_again_and_a_destroy_deletes_it_alone(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    collection = COLLECTIONS[specimen.noun]
    engine.up([declared(specimen)])
    first = engine.state["it"].id
    emulator.remove(collection, first)
    assert engine.refresh(preview=True).ops == {"it": "delete"}
    assert engine.up([declared(specimen)], refresh=True).ops == {"it": "create"}
    [again] = made(emulator, collection)
    assert again["id"] == engine.state["it"].id != first

    others = {each: len(emulator.objects(each)) for each in COLLECTIONS.values()}
    assert engine.destroy().ops == {"it": "delete"}
    assert emulator.counts()[f"DELETE /{collection}/{{id}}"] == 1
    others[collection] -= 1
    assert {each: len(emulator.objects(each)) for each in COLLECTIONS.values()} == others
    assert "it" not in engine.state


def _own(values: Properties) -> Properties:
    return {name: value for name, value in values.items() if name != "__provider"}


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [n for inner in value.values() for n in _numbers(inner)]
    if isinstance(value, list):
        return [n for inner in value for n in _numbers(inner)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_every_argument_that_may_be_left_out_is_tried() -> None:
    for specimen in EVERY:
        tried = {text.split(".")[0] for text in REMOVABLE[key(specimen)].split()}
        assert set(specimen.full) - set(specimen.smallest) <= tried
