"""`import_`: an object that exists becomes this stack's, and nothing is created."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi.schema.state import IMPORT
from tests.host.objects import channel, declared
from tests.host.running import own, program, said
from tests.specimens import AUTHENTICATION, ICON
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared

pytestmark = pytest.mark.host

ID = "11111111-1111-4111-8111-111111111111"
CHANNEL = {"id": ID, "type": "sms", "displayName": "SMS", "icon": ICON, "active": True}
BASIC = {"username": "u", "password": "import-canary"}


def sms(more: str = "", by: str = ID) -> str:
    return (
        f'ChannelResource("sms", type="sms", display_name="SMS", icon=ICON{more}, '
        f'opts=ResourceOptions(import_="{by}"))'
    )


def calls(emulator: Emulator) -> dict[str, int]:
    """What was sent, and how often; afterwards nothing was."""
    found = emulator.counts()
    emulator.clear()
    return found


@pytest.mark.parametrize("by", [ID, "type:sms"])
def test_an_equal_object_is_recorded_and_only_read(
    engine: Engine, emulator: Emulator, by: str
) -> None:
    emulator.add("channels", {**CHANNEL, "description": "of the console"})
    shown = engine.preview(program(sms(by=by)))
    assert said(shown, "info") == [f'channel "sms": imports {by}, creates nothing']
    assert emulator.counts(tokens=True) == {}
    engine.up(program(sms(by=by)))
    assert {call.split()[0] for call in calls(emulator)} == {"GET"}
    assert engine.state["sms"].id == ID
    assert own(engine.state["sms"].inputs)["imported"] == by
    assert len(emulator.objects("channels")) == 1

    without = sms(by=by).replace(f'import_="{by}"', "")
    for again in (sms(by=by), without):
        result = engine.up(program(again))
        assert (result.changes, said(result, "info"), calls(emulator)) == ({}, [], {})
    assert engine.refresh().changes == {}
    engine.destroy()
    assert emulator.objects("channels") == []


def test_what_differs_stops_it_unless_it_is_to_be_overwritten(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.add("channels", {**CHANNEL, "displayName": "Text", "description": "theirs"})
    failed = engine.up(program(sms()), check=False)
    assert failed.messages == [
        f'cannot import channel "sms" [{ID}]: eGain has other values than this program: '
        'display_name: "Text" → "SMS". Write what eGain has, or set egain:onConflict '
        "(EGAIN_ON_CONFLICT) to overwrite to change it with the import."
    ]
    assert {call.split()[0] for call in calls(emulator)} == {"GET"}
    assert "sms" not in engine.state
    engine.config["egain:onConflict"] = "overwrite"
    engine.up(program(sms()))
    kept = emulator.object("channels", ID)
    assert (kept["displayName"], kept["description"]) == ("SMS", "theirs")


def test_a_replacement_does_not_adopt_what_it_then_deletes(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.add("channels", CHANNEL)
    engine.up(program(sms()))
    changed = (
        sms()
        .replace('"SMS"', '"Text"')
        .replace('type="sms"', 'type="text"')
        .replace("ResourceOptions(", 'ResourceOptions(replace_on_changes=["display_name"], ')
    )
    failed = engine.up(program(changed), check=False)
    assert f'cannot import channel "sms" [{ID}]: it is in this stack already.' in failed.messages[0]
    assert emulator.object("channels", ID)["displayName"] == "SMS"


def test_an_object_that_moves_to_another_resource_is_not_deleted_with_the_first(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.add("channels", CHANNEL)
    engine.up(program(sms()))
    engine.restart()  # as every command of the CLI does
    result = engine.up(program(sms().replace('ChannelResource("sms"', 'ChannelResource("text"')))
    assert engine.state["text"].id == ID
    assert "sms" not in engine.state
    assert any("another resource has taken it over" in line for line in said(result, "warning"))
    assert emulator.object("channels", ID)["displayName"] == "SMS"


def test_options_that_resources_share_are_not_changed(engine: Engine, emulator: Emulator) -> None:
    bot = emulator.objects("clientapplications")[0]["id"]
    basic = {"name": "it", "type": "basic", "basicAuth": BASIC, "active": True}
    there = {"name": "it", "type": "custom_bot", "application": {"id": bot}, "active": True}
    ids = [emulator.add("authentications", basic)["id"], emulator.add("participants", there)["id"]]
    body = f"""
        opts = ResourceOptions(import_="name:it")
        AuthenticationResource("a", name="it", type="basic", opts=opts,
                               basic_auth={{"username": "u", "password": "import-canary"}})
        participant("b", "{bot}", name="it", opts=opts)
        assert opts.import_ == "name:it"
    """
    engine.up(program(body))
    assert [engine.state["a"].id, engine.state["b"].id] == ids


def test_many_are_imported_at_once(engine: Engine, emulator: Emulator) -> None:
    names = [f"c{number}" for number in range(16)]
    ids = {name: emulator.add("channels", theirs(name))["id"] for name in names}
    engine.up([imported(name) for name in names], parallel=16)
    assert {resource.name: resource.id for resource in engine.state.managed()} == ids
    assert emulator.counts(tokens=True) == {"POST /oauth2/token": 1, "GET /channels": 16}


def test_another_object_in_the_option_later_changes_nothing(
    engine: Engine, emulator: Emulator
) -> None:
    """What a resource was imported from is decided once."""
    id = emulator.add("channels", theirs("one"))["id"]
    emulator.add("channels", theirs("two"))
    engine.up([imported("one")])
    emulator.clear()
    result = engine.up([imported("one", by="type:two")])
    assert (result.changes, emulator.counts()) == ({}, {})
    assert engine.state["one"].id == id


def theirs(type: str) -> dict[str, Any]:
    """A channel that somebody else has made."""
    return {key: value for key, value in CHANNEL.items() if key != "id"} | {"type": type}


def imported(name: str, by: str = "") -> Declared:
    """The same as a program with `import_` registers it."""
    given: dict[str, Any] = {"type": name, "display_name": "SMS", IMPORT: by or f"type:{name}"}
    return channel(name, **given)


@pytest.mark.parametrize("reads", ["plain", "masked"])
def test_every_secret_is_announced_and_sent_unless_egain_shows_that_it_has_it(
    reads: str, engine: Engine, emulator: Emulator
) -> None:
    emulator.settings(secrets_on_read=reads)
    given = {**AUTHENTICATION.full, "extra": {"attribute": "value"}}
    engine.up([declared(AUTHENTICATION, given)])
    engine.state.drop(engine.state["it"])
    engine.restart()
    emulator.clear()
    asked = {IMPORT: "name:bot-auth", "secrets_version": 1}
    wanted = [declared(AUTHENTICATION, {**given, **asked})]
    shown = engine.preview(wanted)
    assert shown.ops == {"it": "create"}
    text = 'authentication "it": imports name:bot-auth, creates nothing, sends 4 secrets'
    assert said(shown, "info") == [text]
    assert emulator.counts(tokens=True) == {}
    engine.up(wanted)
    puts = emulator.counts().get("PUT /authentications/{id}", 0)
    assert puts == (0 if reads == "plain" else 1)
    assert engine.preview(wanted).changes == {}
