"""The token endpoint, and what a token allows."""

from __future__ import annotations

from typing import Any

import pytest

from .handle import BASE, Emulator
from .samples import BASIC

PREFIX = "https://api.egain.cloud/auth/"
MANAGE = "app.conversation.conversationmgr.manage"
READ = "app.conversation.conversationmgr.read"
MESSAGES = "app.conversation.conversationmgr.interaction.read"


def status(emulator: Emulator, token: str, method: str = "GET", path: str = "/accounts") -> Any:
    answer = emulator.session.request(
        method,
        emulator.url + BASE + path,
        headers={"Authorization": f"Bearer {token}"},
        json=BASIC if method == "POST" else None,
        timeout=5,
    )
    code = answer.json()["code"] if answer.status_code >= 400 else None
    return answer.status_code, code


def test_a_token_as_oauth_says(emulator: Emulator) -> None:
    answer = emulator.token()
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert status(emulator, body["access_token"]) == (200, None)


@pytest.mark.parametrize(
    ("form", "code", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"scope": "nothing.known"}, 400, "invalid_scope"),
    ],
)
def test_refusals(emulator: Emulator, form: dict[str, str], code: int, error: str) -> None:
    answer = emulator.token(**form)
    assert (answer.status_code, answer.json()["error"]) == (code, error)


def test_only_forms_by_post(emulator: Emulator) -> None:
    url = emulator.url + "/oauth2/token"
    assert emulator.session.get(url, timeout=5).status_code == 405
    as_json = emulator.session.post(url, json={"grant_type": "client_credentials"}, timeout=5)
    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")


def test_credentials_in_a_basic_header(emulator: Emulator) -> None:
    form = {"grant_type": "client_credentials", "scope": ".default"}
    url = emulator.url + "/oauth2/token"
    answer = emulator.session.post(url, form, auth=("local", "local-secret"), timeout=5)
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic bG9jYWw6eA=="])
def test_without_a_valid_token(emulator: Emulator, header: str) -> None:
    answer = emulator.api("GET", "/accounts", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "401-104")


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_scopes_one_by_one(emulator: Emulator, prefix: str) -> None:
    read = emulator.token(scope=f"{prefix}{READ} {prefix}{MESSAGES}").json()["access_token"]
    assert status(emulator, read) == (200, None)
    # The list of authentications needs the manage scope; all other reads take the read scope.
    assert status(emulator, read, path="/authentications") == (403, "403-197")
    assert status(emulator, read, "POST", "/authentications") == (403, "403-197")
    messages = emulator.token(scope=prefix + MESSAGES).json()["access_token"]
    assert status(emulator, messages) == (403, "403-197")
    manage = emulator.token(scope=prefix + MANAGE).json()["access_token"]
    assert status(emulator, manage, "POST", "/authentications") == (201, None)


def test_further_clients_with_fewer_scopes(emulator: Emulator) -> None:
    wish = {"client_id": "ci", "client_secret": "s3", "scopes": [READ]}
    assert emulator.control("POST", "/clients", wish)["clients"]["ci"] == [READ]
    token = emulator.token("ci", "s3").json()["access_token"]
    assert status(emulator, token) == (200, None)
    assert status(emulator, token, path="/authentications") == (403, "403-197")
    assert emulator.token("ci", "s3", scope=MANAGE).json()["error"] == "invalid_scope"
    assert emulator.control("GET", "/log")["requests"][-2]["client"] == "ci"
    emulator.control("DELETE", "/clients/ci")
    assert emulator.token("ci", "s3").status_code == 401


def test_tokens_expire_by_the_emulators_clock(emulator: Emulator) -> None:
    token = emulator.token().json()["access_token"]
    emulator.control("POST", "/clock", {"advance": 3599})
    assert status(emulator, token) == (200, None)
    emulator.control("POST", "/clock", {"advance": 2})
    assert status(emulator, token) == (401, "401-104")
    emulator.control("PATCH", "/settings", {"token_lifetime": 5, "send_expires_in": False})
    body = emulator.token().json()
    assert "expires_in" not in body
    emulator.control("POST", "/clock", {"advance": 6})
    assert status(emulator, body["access_token"]) == (401, "401-104")


def test_tokens_can_be_revoked_all_at_once(emulator: Emulator) -> None:
    token = emulator.token().json()["access_token"]
    assert emulator.control("DELETE", "/tokens")["revoked"] >= 1
    assert status(emulator, token) == (401, "401-104")
