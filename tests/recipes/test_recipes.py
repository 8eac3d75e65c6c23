"""The pages say what the CLI says today, and rotating a secret leaves no moment without a login."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.recipes.pages import EXAMPLE, SECOND_CHANNEL, hub, pages, recipes
from tests.support.cli import Stack
from tests.support.emulator import Emulator

ROTATING = "Rotating a secret without an outage"
NEW = "another-secret"


@pytest.mark.cli
def test_reports_and_previews_are_what_is_written_today(tmp_path: Path, emulator: Emulator) -> None:
    for file, text in pages(tmp_path, emulator).items():
        assert file.read_text("utf-8") == text, f"{file.name}: run python -m tests.recipes"
        assert NEW not in text
        assert str(tmp_path) not in text


def test_the_example_shows_the_change_that_was_made_to_it() -> None:
    assert f"```diff\n{SECOND_CHANNEL}```\n" in (EXAMPLE / "README.md").read_text("utf-8")
    assert set(recipes()) == {ROTATING, "Moving a bot", "Turning a channel off"}


@pytest.fixture
def deployed(tmp_path: Path, emulator: Emulator) -> Stack:
    """The example, deployed."""
    stack = hub(tmp_path, emulator)
    stack.up()
    return stack


@pytest.mark.cli
def test_a_secret_is_rotated_without_a_moment_in_which_the_bot_has_no_login(
    deployed: Stack, emulator: Emulator
) -> None:
    [old] = emulator.objects("authentications", secrets=True)
    bot = deployed.resources()["bot"]["id"]
    recipes()[ROTATING].follow(deployed)

    # The worst moment: the new login is there, and the bot cannot be pointed at it.
    emulator.clear()
    emulator.fault("PUT", f"/clientapplications/{bot}", action="status", status=403)
    failed = deployed.up(check=False)
    assert 'eGain refused to update client application "bot"' in failed.output
    logins = {each["id"]: each for each in emulator.objects("authentications", secrets=True)}
    assert logins.pop(old["id"]) == old, "the old login is untouched"
    [new] = logins.values()
    assert login_of(emulator, bot) == old["id"]

    deployed.up()
    assert [new] == emulator.objects("authentications", secrets=True)
    assert (new["name"], NEW in new["oauth2"]["payload"]) == ("bot-login-2", True)
    assert login_of(emulator, bot) == new["id"]
    assert writes(emulator) == [
        ("POST", "/authentications", 201),
        ("PUT", f"/clientapplications/{bot}", 403),
        ("PUT", f"/clientapplications/{bot}", 204),
        ("DELETE", f"/authentications/{old['id']}", 204),
    ]
    assert deployed.preview(json=True).digest["changeSummary"] == {"same": 11}


@pytest.mark.cli
@pytest.mark.soak
def test_a_moved_bot_gets_its_address_and_its_login_at_once(
    deployed: Stack, emulator: Emulator
) -> None:
    bot = deployed.resources()["bot"]["id"]
    recipes()["Moving a bot"].follow(deployed)
    emulator.clear()
    deployed.up()
    assert [method for method, _, _ in writes(emulator)] == ["POST", "PUT", "DELETE"]
    assert writes(emulator)[1][1] == f"/clientapplications/{bot}"
    [login] = emulator.objects("authentications")
    assert login["oauth2"]["tokenRequestUrl"].startswith("https://bot.example.net/")
    assert login_of(emulator, bot) == login["id"]


def login_of(emulator: Emulator, bot: str) -> Any:
    """The id of the authentication that a bot has in eGain."""
    [role] = emulator.object("clientapplications", bot)["roles"]
    return role["authentication"]["id"]


def writes(emulator: Emulator) -> list[tuple[str, str, int]]:
    """What was written, in order: method, path, status."""
    base = emulator.base_url.removeprefix(emulator.url)
    return [
        (each["method"], each["path"].removeprefix(base), each["status"])
        for each in emulator.requests()
        if each["method"] != "GET"
    ]
