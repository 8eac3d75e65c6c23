"""Stacks with one callback, as `pulumi stack export --show-secrets` writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from egain_pulumi import smoke
from egain_pulumi.resources import KINDS
from tests.emulator.callbacks import answer
from tests.hub.builders import state

SEALED = "4dabf18193072939515e22adb298388d"
BASIC = {"type": "basic", "basic_auth": {"username": "hub", "password": "canary-password"}}


def secret(value: Any) -> dict[str, str]:
    """A secret as `--show-secrets` writes it."""
    return {SEALED: "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(value)}


def stack(callback: str, login: dict[str, Any] | None, role: str = "custom_bot") -> str:
    """The state of a bot, and of how eGain proves to it who is calling."""
    part: dict[str, Any] = {
        "version": "v3",
        "callback": callback,
        "headers": secret({"X-Key": "k"}),
    }
    resources = {}
    if login is not None:
        part["authentication"] = {"id": "auth-id"}
        resources["auth"] = _resource("Authentication", "auth", "auth-id", login)
    inputs = {"name": "bot", "active": True, "roles": {role: part}}
    resources["bot"] = _resource("ClientApplication", "bot", "bot-id", inputs)
    return state(resources)


def _resource(noun: str, name: str, id: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:prod::conversation-hub::pulumi-python:dynamic/egain:{noun}::{name}",
        "type": f"pulumi-python:dynamic/egain:{noun}",
        "id": id,
        "custom": True,
        "inputs": {"active": True, **inputs},
        "outputs": {"active": True, **inputs},
    }


def oauth2(url: str, path: str = "$.accessToken") -> dict[str, Any]:
    """An authentication with a token endpoint."""
    part = {
        "token_request_url": url,
        "method": "POST",
        "headers": {"X-Login": secret("canary-header")},
        "payload": secret("canary-payload"),
        "access_token_path": path,
    }
    return {"type": "oauth2", "oauth2": part}


def takes(*known: str) -> Callable[[Any], None]:
    """A callback that is careful."""

    def plan(request: Any) -> None:
        answer(200 if request.headers.get("Authorization") in known else 401)(request)

    return plan


def ends(text: str) -> list[str]:
    """The codes of the steps that failed."""
    report = smoke.callbacks(text, KINDS)
    whole = "\n".join(smoke.text(report)) + smoke.junit(report) + json.dumps(smoke.document(report))
    assert "canary" not in whole
    return [end.code for check in report.checks for end in check.ends]


HUB = "Basic aHViOmNhbmFyeS1wYXNzd29yZA=="
