"""`import_`: an object that exists becomes this stack's, and nothing is created."""

from __future__ import annotations

from typing import Any

import pytest

from tests.host.running import own, program, said
from tests.specimens import ICON
from tests.support.emulator import Emulator
from tests.support.engine import Engine

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


def test_declared_secrets_are_sent_once(engine: Engine, emulator: Emulator) -> None:
    emulator.settings(secrets_on_read="masked")
    there = {"id": ID, "name": "old", "type": "basic", "basicAuth": BASIC, "active": True}
    emulator.add("authentications", there)
    body = (
        'AuthenticationResource("a", name="old", type="basic", basic_auth={"username": "u", '
        '"password": "new-canary"}, opts=ResourceOptions(import_="name:old"))'
    )
    shown = engine.preview(program(body))
    assert said(shown, "info") == [
        'authentication "a": imports name:old, creates nothing, sends 1 secret'
    ]
    emulator.clear()
    engine.up(program(body))
    counts = calls(emulator)
    assert counts["PUT /authentications/{id}"] == 1
    assert "POST /authentications" not in counts
    [stored] = emulator.objects("authentications", secrets=True)
    assert stored["basicAuth"] == {"username": "u", "password": "new-canary"}


def test_what_differs_stops_it_unless_it_is_to_be_overwritten(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.add("channels", {**CHANNEL, "displayName": "Text", "description": "theirs"})
    failed = engine.up(program(sms()), check=False)
    assert failed.messages == [
        f'cannot import channel "sms" [{ID}]: eGain has other values than this program: '
        'display_name: "Text" → "SMS". Write what eGain has, or set egain:onConflict to '
        "overwrite to change it with the import."
    ]
    assert {call.split()[0] for call in calls(emulator)} == {"GET"}
    assert "sms" not in engine.state
    engine.config["egain:onConflict"] = "overwrite"
    engine.up(program(sms()))
    kept = emulator.object("channels", ID)
    assert (kept["displayName"], kept["description"]) == ("SMS", "theirs")


def test_an_import_switches_nothing_on_or_off(engine: Engine, emulator: Emulator) -> None:
    emulator.add("channels", {**CHANNEL, "active": False})
    engine.config["egain:onConflict"] = "overwrite"
    failed = engine.up(program(sms()), check=False)
    assert "active is False in eGain, and an import changes nothing of that" in failed.messages[0]
    assert "Write active=False, or turn it on in eGain first." in failed.messages[0]
    assert emulator.object("channels", ID)["active"] is False
    engine.up(program(sms(more=", active=False")))
    assert engine.state["sms"].id == ID


@pytest.mark.parametrize("by", [ID, "type:sms"])
def test_nothing_to_import_is_one_line(engine: Engine, emulator: Emulator, by: str) -> None:
    failed = engine.up(program(sms(by=by)), check=False)
    assert failed.messages == [f'cannot import channel "sms": eGain has no channel "{by}".']
    assert emulator.objects("channels") == []


def test_a_replacement_does_not_adopt_what_it_then_deletes(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.add("channels", CHANNEL)
    engine.up(program(sms()))
    changed = (
        sms()
        .replace('"SMS"', '"Text"')
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
    body: Any = (
        'opts = ResourceOptions(import_="type:sms")\n'
        'ChannelResource("sms", type="sms", display_name="SMS", icon=ICON, opts=opts)\n'
        "assert opts.import_ == 'type:sms'"
    )
    emulator.add("channels", CHANNEL)
    engine.up(program(body))
    assert engine.state["sms"].id == ID
