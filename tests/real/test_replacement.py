"""A replacement one half of which fails, with the real CLI; more of them are in `tests/host`."""

from __future__ import annotations

import pytest

from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli

PROGRAM = """
from pulumi import ResourceOptions
from egain_pulumi import ClientApplicationResource, ParticipantResource

role = {{"version": "v3", "callback": "https://127.0.0.1/", "notification_email": "a@127.0.0.1"}}
bot = ClientApplicationResource("bot", name="{name}", roles={{"custom_bot": role}},
                                opts=ResourceOptions(replace_on_changes=["name"]))
ParticipantResource("greeter", name="greeter", type="custom_bot", application=bot)
"""


def test_the_next_up_makes_up_for_either_half(stack: Stack, emulator: Emulator) -> None:
    stack.program(PROGRAM.format(name="first"))
    stack.up()
    old = stack.resources()["bot"]["id"]
    stack.program(PROGRAM.format(name="second"))

    emulator.fault("POST", "/clientapplications", action="status", status=403)
    failed = stack.up(check=False)
    assert 'eGain refused to create client application "bot" (403-' in failed.output
    assert halves(stack) == [(old, False)]

    emulator.fault("PUT", "/participants/{id}", action="status", status=403)
    failed = stack.up(check=False)
    assert 'eGain refused to update participant "greeter" [' in failed.output
    [(new, kept), (left, marked)] = halves(stack)
    assert (left, kept, marked) == (old, False, True)
    assert {new, old} <= {each["id"] for each in emulator.objects("clientapplications")}

    stack.up()
    assert halves(stack) == [(new, False)]
    ids = {each["id"] for each in emulator.objects("clientapplications")}
    assert (new in ids, old in ids) == (True, False)
    [greeter] = emulator.objects("participants")
    assert greeter["application"] == {"id": new}
    assert stack.preview(json=True).digest["changeSummary"] == {"same": 3}


def halves(stack: Stack) -> list[tuple[str, bool]]:
    """Id and mark of every bot in the state: is it still to be deleted?"""
    listed = stack.checkpoint()["deployment"]["resources"]
    found = [
        (each["id"], each.get("delete", False)) for each in listed if each["urn"].endswith("::bot")
    ]
    return sorted(found, key=lambda half: half[1])
