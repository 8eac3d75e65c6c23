"""The main job on real parts: from the program through the real CLI to a server process."""

from __future__ import annotations

import pytest

from tests.real.conftest import edit
from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli

KINDS = {
    "POST /authentications": 1,
    "POST /clientapplications": 2,
    "POST /participants": 1,
    "POST /channels": 1,
    "POST /orchestrations": 2,
    "POST /accounts": 2,
    "GET /clientapplications": 1,
    "GET /orchestrations": 1,
}


def test_the_hub_lives_from_preview_to_destroy(hub: Stack, emulator: Emulator) -> None:
    without = {name: value for name, value in hub.env.items() if not name.startswith("EGAIN_")}
    credentials = hub.env
    hub.env = without
    first = hub.preview()
    assert "11 to create" in first.output
    assert "The preview is complete without it; pulumi up needs it." in first.output
    assert emulator.counts(tokens=True) == {}
    hub.env = credentials

    hub.up()
    assert emulator.counts() == KINDS
    declared = hub.resources()["chat"]["sourcePosition"]
    file, _, line = declared.removeprefix("project:///").partition("#")
    assert "chat = ChannelResource(" in (hub.folder / file).read_text().splitlines()[int(line) - 1]

    emulator.clear()
    assert hub.preview(json=True).digest["changeSummary"] == {"same": 11}
    assert emulator.counts(tokens=True) == {}

    edit(hub, '"X-Environment": pulumi.get_stack()', '"X-Environment": "changed"')
    edit(hub, 'display_name="Chat"', 'display_name="Live Chat"')
    shown = hub.preview("--diff").output
    assert 'display_name: "Chat" => "Live Chat"' in shown
    assert "X-Environment: [secret] => [secret]" in shown
    assert shown.count("[secret]") == 2
    assert emulator.counts(tokens=True) == {}

    hub.up()
    assert emulator.counts() == {
        "GET /channels/{id}": 1,
        "PUT /channels/{id}": 1,
        "GET /clientapplications/{id}": 1,
        "PUT /clientapplications/{id}": 1,
    }

    channel = emulator.objects("channels")[0]["id"]
    emulator.edit("channels", channel, {"active": False, "description": "not ours to look at"})
    drift = hub.refresh("--expect-no-changes", "--diff", preview=True, check=False)
    assert drift.code != 0
    assert "active: true => false" in drift.output
    assert "not ours to look at" not in drift.output
    hub.refresh()
    hub.up()
    assert emulator.object("channels", channel)["active"] is True

    hub.destroy()
    left = {kind: n for kind, n in emulator.overview()["objects"].items() if n}
    assert left == {"clientapplications": 1}, "only the agents' own application is left"


def test_a_failed_up_leaves_in_the_state_what_exists(hub: Stack, emulator: Emulator) -> None:
    fault = emulator.fault(
        "POST",
        "/accounts",
        action="status",
        status=400,
        body={"code": "400-196", "developerMessage": "no such entry point"},
        match={"times": 2},
    )
    failed = hub.up(check=False)
    assert failed.code != 0
    assert emulator.fired(fault) >= 1
    assert "eGain refused to create account" in failed.output
    assert "no such entry point" in failed.output
    assert "Traceback" not in failed.output
    there = {
        each["id"]
        for kind in (
            "authentications",
            "clientapplications",
            "participants",
            "channels",
            "orchestrations",
            "accounts",
        )
        for each in emulator.objects(kind)
    }
    stored = {resource["id"] for resource in hub.resources().values() if resource.get("id")}
    assert stored == there
    emulator.heal()
    hub.up()
    assert hub.preview(json=True).digest["changeSummary"] == {"same": 11}


def test_an_object_deleted_behind_our_back_is_made_again(hub: Stack, emulator: Emulator) -> None:
    hub.up()
    account = hub.resources()["orders"]["id"]
    emulator.remove("accounts", account)
    edit(hub, '"timeout": 30', '"timeout": 45')
    gone = hub.up(check=False)
    assert f'account "orders" [{account}] not updated: it is no longer in eGain. ' in gone.output
    assert "pulumi up --refresh" in gone.output
    hub.up("--refresh")
    assert hub.resources()["orders"]["id"] != account
    assert len(emulator.objects("accounts")) == 2
