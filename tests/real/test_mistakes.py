"""Mistakes on purpose, read as the engineer at 2 a.m. reads them."""

from __future__ import annotations

import pytest

from tests.real.conftest import edit
from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli


def test_all_mistakes_of_a_program_are_listed_at_once(hub: Stack, emulator: Emulator) -> None:
    edit(hub, '"callback": config.require("botCallback")', '"callbak": "https://bot"')
    edit(hub, "channel=chat,", "channel=bot,")
    edit(hub, 'type="custom_bot",\n    application=bot', "application=bot")
    edit(
        hub,
        '"max_text_length": 2000,\n            "features"',
        '"max_text_length": "2000",\n            "features"',
    )
    failed = hub.preview(check=False)
    assert failed.code != 0
    for line in (
        "roles.custom_bot.callbak: unknown field; did you mean callback?",
        'channel: expects a ChannelResource, got ClientApplicationResource "bot".',
        'participant "greeter": type: is required.',
        "restrictions.inbound.max_text_length: expects a whole number, without quotes.",
    ):
        assert line in failed.output
    assert "problems in this program; see the other errors" in failed.output
    assert "Traceback" not in failed.output
    assert emulator.counts(tokens=True) == {}


def test_a_wrong_secret_is_one_line_and_not_tried_again(hub: Stack, emulator: Emulator) -> None:
    hub.env |= {"EGAIN_CLIENT_SECRET": "wrong-secret-canary"}
    failed = hub.up(check=False)
    assert "eGain gave no token to client local (invalid_client): check" in failed.output
    assert "egain:clientSecret (EGAIN_CLIENT_SECRET)" in failed.output
    assert "Traceback" not in failed.output
    assert "canary" not in failed.output
    objects = emulator.overview()["objects"]
    assert objects.pop("clientapplications") == 1
    assert set(objects.values()) == {0}


def test_a_misspelled_setting_is_refused_at_preview(hub: Stack, emulator: Emulator) -> None:
    hub.config({"egain:baseURL": "https://api.egain.cloud/x"})
    failed = hub.preview(check=False)
    assert "egain:baseURL is not a setting; did you mean egain:baseUrl?" in failed.output
    assert failed.code != 0


def test_a_template_and_the_published_passphrase_are_refused(hub: Stack) -> None:
    hub.config({"conversation-hub:opsEmail": "CHANGE_ME"})
    unfinished = hub.preview(check=False)
    assert "still has CHANGE_ME in conversation-hub:opsEmail." in unfinished.output
    assert "Traceback" not in unfinished.output
    hub.name = "staging"
    hub.run("stack", "init")
    published = hub.preview(check=False)
    assert 'stack "staging" would be encrypted with the published passphrase' in published.output


def test_prod_refuses_to_delete(hub: Stack, emulator: Emulator) -> None:
    hub.config({"egain:allowDelete": "false"})
    hub.up()
    refused = hub.destroy(check=False)
    assert refused.code != 0
    assert "egain:allowDelete is false (configuration of the last up)" in refused.output
    assert len(emulator.objects("accounts")) == 2
