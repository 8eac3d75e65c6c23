"""No report of a failure has a secret, because reports are published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi import keep_secret, smoke
from egain_pulumi.resources import KINDS
from tests.emulator.callbacks import Callbacks, answer
from tests.smoke.stacks import secret, stack
from tests.smoke.world import World

BASIC = {"username": "hub", "password": "canary-password"}


def everything(world: World, *arguments: str) -> str:
    """What a run shows, in all its forms."""
    shown = []
    for form in ((), ("--json",)):
        code, out, err = world.smoke(*arguments, *form, "--junit", "j.xml", "--wait", "0.3")
        assert code == 1, err
        shown += [out, err, Path("j.xml").read_text()]
    return "".join(shown)


def clean(world: World, shown: str) -> None:
    """Neither one of ours, nor one of the stack's, nor the client's."""
    assert "bot-auth" in shown or "no answer came" in shown
    for each in ("canary", world.secret, "local-secret"):
        assert each not in shown


@pytest.mark.cli
@pytest.mark.parametrize("seen", [("--emulator",), ("--tenant",)], ids=["emulator", "tenant"])
def test_of_a_callback_that_refuses(
    world: World, callbacks: Callbacks, folder: Path, seen: tuple[str, ...]
) -> None:
    callbacks.plans["/bot"] = answer(401, b"canary-answer")
    world.edit("authentications", "bot-auth", {"type": "basic", "basicAuth": BASIC})
    headers = [{"name": "X-Key", "value": "canary-header"}]
    world.role("bot", callback=f"{callbacks.url}/bot?key=canary-query", headers=headers)
    clean(world, everything(world, *seen, "--account", "orders"))
    assert callbacks.at("/bot")[0].headers["x-key"] == "canary-header"


@pytest.mark.cli
def test_of_a_login_that_refuses(world: World, callbacks: Callbacks, folder: Path) -> None:
    callbacks.plans["/token"] = answer(401, b'{"error": "canary-answer"}')
    login = {
        "tokenRequestUrl": f"{callbacks.url}/token?key=canary-query",
        "payload": "canary-payload",
        "headers": [{"name": "X-Login", "value": "canary-header"}],
    }
    world.edit("authentications", "bot-auth", {"oauth2": login})
    clean(world, everything(world, "--emulator", "--account", "orders"))
    assert callbacks.at("/token")[0].body == "canary-payload"


@pytest.mark.cli
def test_of_a_state_that_has_its_secrets_written_out(world: World, folder: Path) -> None:
    assert world.secret in world.plain.read_text()
    world.stop_bot()
    try:
        shown = everything(world, "--emulator", "--state", str(world.plain))
        clean(world, shown + everything(world, "--callbacks-only", "--state", str(world.plain)))
    finally:
        world.start_bot()


def test_of_addresses_that_are_secrets_themselves(callbacks: Callbacks) -> None:
    login: dict[str, Any] = {
        "token_request_url": secret(f"{callbacks.url}/canary-login"),
        "access_token_path": "$.t",
    }
    callbacks.plans["/canary-login"] = answer(200, b'{"t": "canary-token"}')
    text = stack(f"{callbacks.url}/canary-bot", {"type": "oauth2", "oauth2": login})
    plain = json.dumps(f"{callbacks.url}/canary-bot")
    text = text.replace(plain, json.dumps(secret(f"{callbacks.url}/canary-bot")))
    report = smoke.callbacks(text, KINDS)
    assert len(callbacks.at("/canary-bot")) == 2
    shown = "\n".join(smoke.text(report)) + smoke.junit(report)
    assert "a secret address" in shown
    assert "canary" not in shown


def test_what_stands_for_a_secret_that_only_egain_knows_is_not_sent(callbacks: Callbacks) -> None:
    login: dict[str, Any] = {
        "token_request_url": f"{callbacks.url}/token",
        "headers": {"X-Login": keep_secret()},
    }
    callbacks.plans["/bot"] = answer(401)
    text = stack(f"{callbacks.url}/bot", {"type": "oauth2", "oauth2": login})
    text = text.replace(json.dumps(secret({"X-Key": "k"})), json.dumps({"X-Key": keep_secret()}))
    shown = "\n".join(smoke.text(smoke.callbacks(text, KINDS)))
    assert "this stack does not know the secrets of the authentication" in shown
    assert callbacks.at("/token") == []
    assert "x-key" not in callbacks.at("/bot")[0].headers


@pytest.mark.cli
def test_of_a_pulumi_that_fails_halfway(world: World, folder: Path) -> None:
    fake = folder / "pulumi"
    fake.write_text("#!/bin/sh\necho canary; exit 1\n")
    fake.chmod(0o755)
    code, out, err = world.smoke("--callbacks-only", "--stack", "x", env={"PATH": str(folder)})
    assert (code, out) == (2, "")
    said = "pulumi stack export --show-secrets --stack x: exit code 1"
    assert err == f"egain-pulumi: {said}\n"
