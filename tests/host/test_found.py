"""Objects that eGain or somebody else made: found once or read by id, and never touched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import declared, ground
from tests.host.running import own, program, said
from tests.specimens import CLIENT_APPLICATION, IDS
from tests.support.emulator import Emulator
from tests.support.engine import Engine

pytestmark = pytest.mark.host
CALLS = {"POST", "PUT", "DELETE", "PATCH"}

FOUND = {
    "Authentication": ('AuthenticationResource.find("it", name="ground-Authentication")', "name"),
    "ClientApplication": (
        'ClientApplicationResource.find("it", name="ground-ClientApplication")',
        "name",
    ),
    "Participant": ('ParticipantResource.find("it", name="ground-Participant")', "name"),
    "Channel": ('ChannelResource.find("it", type="ground-channel")', "type"),
    "Account": ('AccountResource.find("it", name="ground-Account")', "name"),
}
COLLECTION = {kind: f"{kind.lower()}s" for kind in FOUND}


def methods(emulator: Emulator) -> set[str]:
    return {request["method"] for request in emulator.requests()}


def seed(emulator: Emulator) -> dict[str, Any]:
    """The application of eGain's own agents."""
    listed = emulator.objects("clientapplications", secrets=True)
    return next(each for each in listed if each["name"] == "eGain Agents")


def test_each_kind_is_found_by_its_criterion_and_never_changed_or_deleted(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    body = "".join(
        f"found = {call.replace('it', kind, 1)}\npulumi.export('{kind}', found.{field})\n"
        for kind, (call, field) in FOUND.items()
    )
    shown = engine.preview(program(body))
    assert shown.counts == {"create": 5}
    channel = 'channel "Channel": finds type "ground-channel", creates nothing'
    assert channel in said(shown, "info")
    assert len(said(shown, "info")) == 5
    assert emulator.counts(tokens=True) == {}
    result = engine.up(program(body))
    assert emulator.counts() == {f"GET /{collection}": 1 for collection in COLLECTION.values()}
    tenant = emulator.mark
    for kind, (_, field) in FOUND.items():
        value = "ground-channel" if kind == "Channel" else f"ground-{kind}"
        found = engine.state[kind]
        assert (result.outputs[kind], found.id) == (value, IDS[kind])
        assert found.outputs["_tenant"] == tenant
        assert own(found.inputs) == {"find": {field: value}}
        assert own(found.outputs) == {"find": {field: value}, field: value}

    emulator.clear()
    assert engine.up(program(body)).changes == {}
    assert emulator.counts() == {}
    assert engine.refresh().changes == {}
    assert set(engine.destroy().ops.values()) == {"delete"}
    assert methods(emulator) == {"GET"}
    assert all(emulator.object(COLLECTION[kind], IDS[kind]) for kind in FOUND)


def test_a_client_application_is_found_by_its_role_or_by_both(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(
        program("""
            ClientApplicationResource.find("role", role="egain_agent")
            ClientApplicationResource.find("both", role="egain_agent", name="eGain Agents")
        """)
    )
    assert engine.state["role"].id == engine.state["both"].id == seed(emulator)["id"]


@pytest.mark.parametrize("criterion", ['role="customer"', 'role="egain_agent", name="none"'])
def test_none_is_an_error_that_lists_what_was_seen(
    criterion: str, engine: Engine, emulator: Emulator
) -> None:
    body = f'ClientApplicationResource.find("it", {criterion})'
    [message] = engine.up(program(body), check=False).messages
    assert message.startswith('cannot find client application "it" by ')
    assert f"eGain Agents ({seed(emulator)['id']}) with role egain_agent" in message
    assert message.endswith("Name one of them with role or name.")
    assert "it" not in engine.state


def test_several_are_an_error_that_lists_them(engine: Engine, emulator: Emulator) -> None:
    roles = seed(emulator)["roles"]
    other = emulator.add("clientapplications", {"name": "Night shift", "roles": roles})
    body = 'ClientApplicationResource.find("it", role="egain_agent")'
    [message] = engine.up(program(body), check=False).messages
    for name, id in (("eGain Agents", seed(emulator)["id"]), ("Night shift", other["id"])):
        assert f"{name} ({id})" in message


def test_another_criterion_finds_another_object_and_deletes_none(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    emulator.add("channels", {"type": "second", "displayName": "Second", "icon": "aa=="})
    body = """
        chat = ChannelResource.find("it", type="{}")
        account("orders", chat)
    """
    engine.up(program(body.format("ground-channel")))
    emulator.clear()
    result = engine.up(program(body.format("second")))
    assert result.ops == {"it": "replace", "orders": "update"}
    assert methods(emulator) == {"GET", "PUT"}
    assert engine.state["orders"].inputs["channel"] == {"id": engine.state["it"].id}
    assert len(emulator.objects("channels")) == 2


@pytest.mark.parametrize("change", ["gone", "renamed"])
def test_a_refresh_drops_what_is_gone_or_is_another_one_now(
    change: str, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    body = 'ParticipantResource.find("it", name="ground-Participant")'
    engine.up(program(body))
    if change == "gone":
        emulator.remove("participants", IDS["Participant"])
    else:
        emulator.edit("participants", IDS["Participant"], {"name": "other"})
    again = emulator.add("participants", {"name": "ground-Participant"})
    assert engine.refresh().ops == {"it": "delete"}
    assert engine.up(program(body)).ops == {"it": "create"}
    assert engine.state["it"].id == again["id"]


UNBELIEVABLE: list[tuple[dict[str, Any], str]] = [
    ({"action": "short_list"}, "the list cannot be trusted: 0 of 1 came"),
    (
        {"action": "duplicate_ids"},
        "the list cannot be trusted: an id occurs twice",
    ),
    ({"action": "html"}, "answered 200 with text/html instead of JSON"),
    ({"action": "empty"}, "answered 200 with malformed JSON"),
    ({"action": "invalid_json"}, "answered 200 with malformed JSON"),
    ({"action": "wrong_content_type"}, "answered 200 with text/plain instead of JSON"),
    ({"action": "status", "status": 200, "body": {"clientApplication": {}}}, "no list under"),
    (
        {"action": "status", "status": 200, "body": {"clientApplication": [{"name": 1}]}},
        "an object has no valid id",
    ),
]


def test_a_list_that_cannot_be_believed_finds_nothing(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config | {"egain:operationTimeoutSeconds": "0.3"})
    inputs = {"find": {"role": "egain_agent"}}
    agents = declared(CLIENT_APPLICATION, inputs, "agents")
    for do, words in UNBELIEVABLE:
        emulator.fault("GET", "/clientapplications", match={"times": None}, **do)
        [message] = engine.up([agents], check=False).messages
        emulator.heal()
        assert message.startswith('cannot find client application "agents": GET /clientapplicat')
        assert words in message
        assert not message.endswith(".."), message
        assert "agents" not in engine.state


def test_a_later_page_that_repeats_the_first_finds_nothing(
    engine: Engine, emulator: Emulator
) -> None:
    emulator.settings(page_size=2)
    for number in range(3):
        emulator.add("participants", {"name": f"p{number}"})
    body = 'ParticipantResource.find("it", name="p2")'
    emulator.fault("GET", "/participants", action="repeat_page", match={"times": None})
    [message] = engine.up(program(body), check=False).messages
    assert "the list cannot be trusted" in message
    emulator.heal()
    engine.up(program(body))
    assert engine.state["it"].id == emulator.objects("participants")[2]["id"]


GET = """
    it = AuthenticationResource.get("it", id="{id}")
    other = ClientApplicationResource.get("other", id="{other}")
    pulumi.export("name", it.name)
    pulumi.export("basic", it.basic_auth)
    pulumi.export("roles", other.roles)
"""


def test_get_reads_what_is_no_secret_in_previews_too_and_changes_nothing(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    role = {**seed(emulator)["roles"][0], "headers": [{"name": "X", "value": "header-canary"}]}
    emulator.edit("clientapplications", IDS["ClientApplication"], {"roles": [role]})
    body = GET.format(id=IDS["Authentication"], other=IDS["ClientApplication"])
    wanted = {
        "version": "v3",
        "callback": role["callback"],
        "notification_email": role["notificationEmail"],
    }
    for operation in (engine.preview, engine.up):
        outputs = operation(program(body)).outputs
        assert outputs["name"] == "ground-Authentication"
        assert outputs["basic"] == {"username": "u"}
        found = outputs["roles"]["egain_agent"]
        assert {key: found[key] for key in wanted} == wanted
        assert found.get("headers", {}) == {}
    shown = json.dumps(engine.export()) + engine.output
    assert "header-canary" not in shown
    assert "ground-password" not in shown

    emulator.edit("authentications", IDS["Authentication"], {"name": "renamed"})
    engine.refresh()
    assert engine.state["it"].outputs["name"] == "renamed"
    engine.destroy()
    assert methods(emulator) == {"GET"}


def test_a_get_of_nothing_is_an_error_and_a_refresh_of_it_drops_it(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    body = f'ChannelResource.get("it", id="{IDS["Channel"]}")'
    engine.up(program(body))
    emulator.remove("channels", IDS["Channel"])
    assert engine.refresh().ops == {"it": "delete"}
    engine.restart()
    for operation in (engine.preview, engine.up):
        [message] = operation(program(body), check=False).messages
        assert message == f'cannot get channel "it": eGain has no channel {IDS["Channel"]}.'


def test_a_get_without_credentials_says_that_it_reads_in_previews(
    make_engine: MakeEngine,
) -> None:
    engine = make_engine()
    body = f'ChannelResource.get("it", id="{IDS["Channel"]}")'
    result = engine.preview(program(body), check=False)
    [message] = result.messages
    assert 'channel "it"' in message
    assert "preview" in message
    assert "egain:baseUrl (EGAIN_BASE_URL)" in message
    assert "\n" not in message
    assert said(result, "error") == []
