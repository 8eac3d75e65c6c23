"""`import_` where it cannot be done, or not yet: what is said, and that nothing was taken over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from egain_pulumi.schema.state import IMPORT
from tests.conftest import MakeEngine
from tests.host.objects import declared, ground, made
from tests.host.running import own, program, refusal, said
from tests.specimens import BASIC_AUTHENTICATION, CHANNEL, IDS, ORCHESTRATION, Specimen
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared

pytestmark = pytest.mark.host
ID = "11111111-1111-4111-8111-111111111111"
SMS = {**CHANNEL.smallest, "type": "sms"}
THEIRS = {
    "id": ID,
    "type": "sms",
    "displayName": SMS["display_name"],
    "icon": SMS["icon"],
    "active": True,
}
FLOW = {
    "name": ORCHESTRATION.smallest["name"],
    "applications": {"agentConfiguration": {"agents": [{"id": IDS["ClientApplication"]}]}},
    "active": True,
}


def imported(
    specimen: Specimen, by: str, name: str = "it", given: Mapping[str, Any] | None = None
) -> Declared:
    """A resource as a program with `import_` registers it."""
    return declared(specimen, {**(given or specimen.smallest), IMPORT: by}, name)


def test_what_no_import_can_be_is_reported_with_all_other_mistakes(
    engine: Engine, emulator: Emulator
) -> None:
    listed = refusal(
        engine,
        """
        channel("one", opts=ResourceOptions(import_="short"))
        channel("two", opts=ResourceOptions(import_="name:two"))
        authentication("three", opts=ResourceOptions(import_="type:basic"))
        orchestration("four", [], opts=ResourceOptions(import_="name:"))
        """,
    )
    expected = 'import_: expects an id of 36 characters, or "{}:…".'
    assert listed == [
        f'channel "one": {expected.format("type")}',
        f'channel "two": {expected.format("type")}',
        f'authentication "three": {expected.format("name")}',
        f'orchestration "four": {expected.format("name")}',
    ]
    assert emulator.counts(tokens=True) == {}


def test_an_object_of_another_kind_and_one_that_is_not_there_are_nothing_to_import(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.add("channels", THEIRS)
    wanted = imported(BASIC_AUTHENTICATION, ID)
    [message] = engine.up([wanted], check=False).messages
    assert message == f'cannot import authentication "it": eGain has no authentication "{ID}".'
    for by in ("type:other", IDS["Channel"]):
        [message] = engine.up([imported(CHANNEL, by)], check=False).messages
        assert message == f'cannot import channel "it": eGain has no channel "{by}".'
    assert engine.state.managed() == []


def test_what_cannot_be_read_is_not_taken_for_nothing(engine: Engine, emulator: Emulator) -> None:
    emulator.add("channels", THEIRS)
    for by, path in ((ID, "/channels/{id}"), ("type:sms", "/channels")):
        emulator.fault("GET", path, action="status", status=403)
        [message] = engine.up([imported(CHANNEL, by, given=SMS)], check=False).messages
        assert message.startswith('eGain refused to import channel "it" (403-')
    assert engine.state.managed() == []


def test_one_of_several_is_imported_by_its_id_and_by_no_name(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    one, two = (emulator.add("orchestrations", FLOW)["id"] for _ in range(2))
    [message] = engine.up([imported(ORCHESTRATION, "name:people-first")], check=False).messages
    assert message == (
        f'cannot import orchestration "it": several have "name:people-first" ({one}, {two}). '
        "Import one of them by its id."
    )
    engine.up([imported(ORCHESTRATION, two)])
    assert engine.state["it"].id == two


def test_one_object_is_imported_once(engine: Engine, emulator: Emulator) -> None:
    """An orchestration: for the others their unique value says it in the preview already."""
    ground(emulator)
    id = emulator.add("orchestrations", FLOW)["id"]
    twice = [imported(ORCHESTRATION, id, f"it-{number}") for number in range(8)]
    messages = engine.up(twice, check=False, parallel=8).messages
    for message in messages:
        assert f"[{id}]: it is in this stack already. Leave import_ out" in message
    assert messages
    assert [resource.id for resource in engine.state.managed()] == [id]
    engine.restart()
    [kept] = [each for each in twice if each.name in engine.state]
    other = next(each for each in twice if each is not kept)
    [message] = engine.up([kept, other], check=False).messages
    assert f"[{id}]: it is in this stack already" in message


def test_an_import_switches_nothing_whatever_is_declared(
    engine: Engine, emulator: Emulator
) -> None:
    engine.config["egain:onConflict"] = "overwrite"
    emulator.add("channels", THEIRS)
    for here in (True, False, None):  # None: eGain does not say, which means True
        emulator.edit("channels", ID, {"active": here})
        is_on, turn = (False, "on") if here is False else (True, "off")
        wrong = imported(CHANNEL, ID, given={**SMS, "active": not is_on})
        [message] = engine.up([wrong], check=False).messages
        assert f"active is {is_on} in eGain, and an import never changes it" in message
        assert f"Write active={is_on}, or turn it {turn} in eGain first." in message
        engine.up([imported(CHANNEL, ID, given={**SMS, "active": is_on})])
        engine.state.drop(engine.state["it"])
        engine.restart()  # as every command of the CLI does
    assert {call.split()[0] for call in emulator.counts()} == {"GET"}


def test_an_import_whose_put_fails_leaves_the_object_to_egain_and_works_later(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config, env=emulator.quick)
    basic = {"username": "hub", "password": "theirs"}
    there = {"id": ID, "name": "app-auth", "type": "basic", "basicAuth": basic, "active": True}
    emulator.add("authentications", there)
    given = {**BASIC_AUTHENTICATION.smallest, "secrets_version": 1}
    wanted = [imported(BASIC_AUTHENTICATION, "name:app-auth", given=given)]
    emulator.fault("PUT", action="status", status=400)
    [message] = engine.up(wanted, check=False).messages
    assert message.startswith(f'eGain refused to update authentication "it" [{ID}] (400-')
    assert engine.state.managed() == []
    emulator.fault("PUT", action="close", when="after")  # carried out, and then sent again
    engine.up(wanted)
    assert engine.state["it"].id == ID
    [stored] = emulator.objects("authentications", secrets=True)
    assert stored["basicAuth"]["password"] == "password-of-the-hub"
    assert "POST /authentications" not in emulator.counts()


def test_an_import_that_egain_took_in_part_is_in_the_state_and_finished_later(
    engine: Engine, emulator: Emulator
) -> None:
    """Overwriting was allowed, and eGain kept the `type`."""
    emulator.add("channels", THEIRS)
    emulator.settings(type_immutable=True)
    engine.config["egain:onConflict"] = "overwrite"
    wanted = [imported(CHANNEL, ID, given={**SMS, "type": "mms", "display_name": "New"})]
    [message] = engine.up(wanted, check=False).messages
    assert f'channel "it" [{ID}]: eGain kept the old type.' in message
    assert "Traceback" not in message
    kept = own(engine.state["it"].outputs)
    assert (engine.state["it"].id, kept["type"], kept["display_name"]) == (ID, "sms", "New")
    emulator.settings(type_immutable=False)
    engine.restart()
    engine.up(wanted)
    assert emulator.object("channels", ID)["type"] == "mms"
    assert engine.preview(wanted).changes == {}
    assert len(made(emulator, "channels")) == 1


def test_what_was_found_can_be_taken_over(engine: Engine, emulator: Emulator) -> None:
    """Under the name of the `find`, and beside it: what is found belongs to nobody here."""
    emulator.add("channels", THEIRS)
    find = 'ChannelResource.find("it", type="sms")'
    engine.up(program(find))
    engine.restart()
    result = engine.up([imported(CHANNEL, ID, given=SMS)])
    assert result.ops == {"it": "replace"}
    assert said(result, "info") == [f'channel "it": imports {ID}, creates nothing']
    assert {call.split()[0] for call in emulator.counts()} == {"GET"}
    assert own(engine.state["it"].inputs) == {**SMS, "imported": ID}
    assert [each["id"] for each in emulator.objects("channels")] == [ID]
