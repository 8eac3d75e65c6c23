"""docs/rules.md#values-that-are-equal: a tenant that shows numbers and switches as text, trims,
normalizes and escapes texts. What is sent has the contract's types: the emulator refuses others."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest

from tests.host.objects import COLLECTIONS, channel, declared, ground, held
from tests.host.running import program
from tests.host.wireforms import WIRE
from tests.specimens import (
    ACCOUNT,
    CLIENT_APPLICATION,
    ICON,
    PARTICIPANT,
    SPECIMENS,
    VARIANTS,
    Specimen,
)
from tests.support.emulator import Emulator
from tests.support.engine import Engine

pytestmark = pytest.mark.host
TEXT = 'Café & "co"\nnow'
by_key = pytest.mark.parametrize(
    "specimen", [*SPECIMENS, *VARIANTS], ids=lambda s: s.full[s.unique or "name"]
)
EXACT = ("id", "type", "version", "onAgentUnavailability", "method", "icon", "headers", "payload")
KEYS = ("language", "password", "features", "extensions", "richMessageTypes")


def shown(value: Any, name: str = "") -> Any:
    """A wire form as such a tenant shows it."""
    if isinstance(value, Mapping):
        keyed = {"name", "value"} == set(value) or "language" in value or "callback" in value
        return {k: v if keyed and k == "name" else shown(v, k) for k, v in value.items()}
    if name in EXACT or name in KEYS:
        return value
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        other = unicodedata.normalize("NFD", html.escape(html.escape(value)))
        return f" {other}\r\n".replace("\n", "\r\n")
    return f"{value:.3f}"


@by_key
def test_other_looks_are_neither_drift_nor_sent_back(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    given = {**specimen.full, "description": TEXT}
    wire = {**WIRE[str(specimen.full[specimen.unique or "name"])], "description": TEXT}
    engine.up([declared(specimen, given)])
    id, collection = engine.state["it"].id, COLLECTIONS[specimen.noun]
    emulator.edit(collection, id, shown(wire) | {"unknown": "1"})
    assert engine.refresh().changes == {}

    # Only such looks differ: no PUT, whether or not the program says another one.
    emulator.clear()
    engine.up([declared(specimen, {**given, "description": f"{TEXT} "})])
    assert [call for call in emulator.counts() if call.startswith("PUT")] == []

    changed = {**given, "active": False}
    engine.up([declared(specimen, changed)])
    assert held(emulator, specimen, id) == {**wire, "active": False, "unknown": "1"}


@by_key
def test_what_was_only_read_is_sent_with_the_types_of_the_contract(
    specimen: Specimen, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    small = {**specimen.smallest, "active": True}
    engine.up([declared(specimen, small)])
    id, collection = engine.state["it"].id, COLLECTIONS[specimen.noun]
    own = held(emulator, specimen, id)
    unique = specimen.full[specimen.unique or "name"]
    wire = no_secrets(WIRE[str(unique)]) | ({} if specimen.unique else own)
    undeclared = {k: v for k, v in wire.items() if k not in own}
    deeper = {k: v for k, v in wire.items() if isinstance(own.get(k), dict)}
    if "roles" in own:
        deeper["roles"] = wire["roles"]
    more = texts_as_they_are(shown(undeclared | deeper), undeclared | deeper)
    emulator.edit(collection, id, {**more, "unknown": {"n": "1", "b": "true"}})
    engine.up([declared(specimen, {**small, "active": False})])
    expected = {**own, **undeclared, **deeper, "active": False, "unknown": {"n": "1", "b": "true"}}
    assert held(emulator, specimen, id) == expected


def no_secrets(wire: Any) -> Any:
    """A wire form without what a tenant may mask, which an update then refuses to send back."""
    if isinstance(wire, Mapping):
        return {k: no_secrets(v) for k, v in wire.items() if k not in ("headers", "payload")}
    return [no_secrets(item) for item in wire] if isinstance(wire, list) else wire


def texts_as_they_are(shown: Any, wire: Any) -> Any:
    """What such a tenant shows, texts left as they are: an undeclared one goes back as it came."""
    if isinstance(wire, Mapping):
        return {key: texts_as_they_are(shown[key], wire[key]) for key in wire}
    if isinstance(wire, list):
        return [texts_as_they_are(*both) for both in zip(shown, wire, strict=True)]
    return wire if isinstance(wire, str) else shown


def test_a_modelled_attribute_that_is_null_is_left_out(engine: Engine, emulator: Emulator) -> None:
    """At every depth, in a keyed list and in a wrapped one; the emulator itself shows no null."""
    ground(emulator)
    smallest = {s.noun: s.smallest for s in (ACCOUNT, CLIENT_APPLICATION, PARTICIPANT)}
    by_noun = {s.noun: s for s in (ACCOUNT, CLIENT_APPLICATION, PARTICIPANT)}
    engine.up([declared(by_noun[noun], given, noun) for noun, given in smallest.items()])
    before = {noun: held(emulator, by_noun[noun], engine.state[noun].id) for noun in by_noun}
    nulls: dict[str, Any] = {
        "Account": {"chatConfigurations": {"timeout": None, "entryPoint": None}, "active": None},
        "ClientApplication": {
            "roles": [{**before["ClientApplication"]["roles"][0], "headers": None}]
        },
        "Participant": {"intents": {"intent": None}, "options": None, "unknown": None},
    }
    for noun, more in nulls.items():
        body = {"id": engine.state[noun].id, **before[noun], **more}
        path = f"/{COLLECTIONS[noun]}/{{id}}"
        emulator.fault("GET", path, action="status", status=200, body=body)
    changed = {noun: {**given, "description": "New."} for noun, given in smallest.items()}
    engine.up([declared(by_noun[noun], given, noun) for noun, given in changed.items()])
    for noun, specimen in by_noun.items():
        after = held(emulator, specimen, engine.state[noun].id)
        assert after.pop("unknown", None) is None  # not modelled: it goes back as it came
        assert after.pop("intents", {"intent": []}) == {"intent": []}
        assert after == {**before[noun], "description": "New."}


def test_a_real_edit_is_a_conflict_and_shows_what_nobody_sees(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel(display_name="A b")])
    emulator.edit("channels", engine.state["it"].id, {"displayName": "A\u00a0b"})
    [message] = engine.up([channel(display_name="C")], check=False).messages
    assert r'display_name is "A\u00a0b" in eGain, and was "A b" when' in message
    assert r'write display_name="A\u00a0b"' in message


def test_a_unique_value_in_other_looks_is_found_imported_and_named(
    engine: Engine, emulator: Emulator
) -> None:
    there = {"type": "Caf\u00e9 &amp; co", "displayName": "Chat", "icon": ICON, "active": True}
    id = emulator.add("channels", there)["id"]
    engine.up(program('ChannelResource.find("a", type="Cafe\u0301 & co")'))
    assert engine.state["a"].id == id
    imported = 'channel("b", type="Caf\u00e9 & co", opts=ResourceOptions(import_="type:{}"))'
    engine.up(program(imported.format("Cafe\u0301 & co")))
    assert engine.state["b"].id == id
    engine.state.drop(engine.state["b"])
    engine.restart()
    emulator.fault("POST", "/channels", action="status", status=409)
    [message] = engine.up([channel(type="Caf\u00e9 & co")], check=False).messages
    assert f"already exists ({id})" in message
