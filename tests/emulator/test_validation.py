"""Bodies that break the contract: the code, the path, and no value of the body."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from .handle import BASE, Emulator
from .samples import BASIC, OAUTH2, application, channel, named

AUTHS, APPS, CHANNELS = "/authentications", "/clientapplications", "/channels"


@pytest.mark.parametrize(
    ("path", "body", "code", "key"),
    [
        (AUTHS, {"type": "basic", "basicAuth": BASIC["basicAuth"]}, "400-143", "name"),
        (AUTHS, {"name": "n"}, "400-143", "type"),
        (AUTHS, {"name": "n", "type": "basic"}, "400-143", "basicAuth"),
        (
            AUTHS,
            {"name": "n", "type": "basic", "basicAuth": {"username": "u"}},
            "400-143",
            "basicAuth.password",
        ),
        (AUTHS, {"name": "n", "type": "oauth2", "oauth2": {}}, "400-143", "oauth2.tokenRequestUrl"),
        (AUTHS, {"name": "n", "type": "canary"}, "400-196", "type"),
        (AUTHS, named(BASIC, ""), "400-152", "name"),
        (AUTHS, named(BASIC, "canary" * 50), "400-152", "name"),
        (AUTHS, {**BASIC, "active": "canary"}, "400-152", "active"),
        (AUTHS, {**BASIC, "description": None}, "400-152", "description"),
        (APPS, {"name": "n", "roles": []}, "400-152", "roles"),
        (APPS, {"name": "n", "roles": ["canary"]}, "400-152", "roles[0]"),
        (APPS, application("n", "canary"), "400-196", "roles[0].name"),
        (CHANNELS, {**channel(), "icon": "canary!"}, "400-152", "icon"),
        (CHANNELS, {**channel(), "icon": "A" * 512_004}, "400-152", "icon"),
        ("/orchestrations", {"name": "n", "applications": {}}, "400-143", "applications.botCon"),
        (AUTHS, [], "400-152", "body"),
        (AUTHS, "canary", "400-152", "body"),
        (AUTHS, None, "400-152", "body"),
    ],
)
def test_refused_with_code_and_path(
    emulator: Emulator, path: str, body: Any, code: str, key: str
) -> None:
    answer = emulator.api("POST", path, data=json.dumps(body), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    assert answer.json()["details"][0]["key"].startswith(key)
    assert key == "body" or key in answer.json()["developerMessage"]
    assert "canary" not in answer.text


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"name": NaN}',
        b'{"name": 1e999}',
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"name": "a" "b"}',
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_unreadable_bodies(emulator: Emulator, raw: bytes) -> None:
    answer = emulator.api("POST", AUTHS, data=raw, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "400-904")


def test_odd_but_plain_json_is_taken(emulator: Emulator) -> None:
    twice = b'{"name": "a", "name": "n\\u0000\\ud83d\\ude00", "type": "basic", '
    rest = b'"big": 123456789012345678901234567890, "basicAuth": {"username": "", "password": ""}}'
    answer = emulator.api("POST", AUTHS, data=twice + rest, headers=JSON)
    assert answer.status_code == 201, answer.text
    stored = emulator.api("GET", f"{AUTHS}/{answer.json()['id']}").json()
    assert (stored["name"], stored["big"]) == ("n\0\U0001f600", 123456789012345678901234567890)


def test_the_largest_icon_fits_and_a_larger_body_is_refused(emulator: Emulator) -> None:
    key = emulator.create(CHANNELS, {**channel(), "icon": "A" * 512_000})
    assert len(emulator.api("GET", f"{CHANNELS}/{key}").json()["icon"]) == 512_000
    answer = emulator.api("POST", CHANNELS, json={**channel("x"), "icon": "A" * 5_000_000})
    assert (answer.status_code, answer.json()["code"]) == (400, "400-152")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_content_types(emulator: Emulator, kind: str) -> None:
    headers = {"Content-Type": kind}
    answer = emulator.api("POST", AUTHS, data=json.dumps(BASIC), headers=headers)
    assert answer.status_code == 400
    with_charset = {"Content-Type": "application/json; charset=utf-8"}
    answer = emulator.api("POST", AUTHS, data=json.dumps(BASIC), headers=with_charset)
    assert answer.status_code == 201


def test_paths_and_methods_outside_of_the_contract(emulator: Emulator) -> None:
    answer = emulator.api("PATCH", f"{AUTHS}/x")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, PUT, DELETE"
    assert answer.json()["code"].startswith("405-")
    for path in ("/nothing", "/authentications/", f"{AUTHS}/x/y", "//authentications"):
        answer = emulator.api("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "404-906"), path
    assert emulator.api("HEAD", AUTHS).status_code == 405


def test_an_identifier_that_cannot_be_one(emulator: Emulator) -> None:
    answer = emulator.api("GET", f"{AUTHS}/short")
    assert (answer.status_code, answer.json()["code"]) == (400, "400-108")


def test_user_message_only_when_asked_for(emulator: Emulator) -> None:
    path = f"{AUTHS}/{'0' * 36}"
    assert "userMessage" not in emulator.api("GET", path).json()
    asked = emulator.api("GET", path, headers={"X-egain-error-message": "yes"})
    assert asked.json()["userMessage"]
    wrong = emulator.api("GET", path, headers={"X-egain-error-message": "maybe"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "400-196")


def test_rules_that_the_contract_only_assumes_can_be_left_out(emulator: Emulator) -> None:
    body = application("n", "customer")
    body["roles"][0]["callback"] = "not an address"
    answer = emulator.api("POST", APPS, json=body)
    assert (answer.status_code, answer.json()["details"][0]["key"]) == (400, "roles[0].callback")
    emulator.control("PATCH", "/settings", {"validation": "documented"})
    assert emulator.api("POST", APPS, json=body).status_code == 201
    assert emulator.api("POST", APPS, json=application("m", "canary")).status_code == 400
    emulator.control("PATCH", "/settings", {"validation": "off"})
    assert emulator.api("POST", APPS, json=application("m", "canary")).status_code == 201


def test_bodies_are_echoed_only_when_switched_on(emulator: Emulator) -> None:
    bad = named(OAUTH2, "")
    assert "canary" not in emulator.api("POST", AUTHS, json=bad).text
    emulator.control("PATCH", "/settings", {"echo_bodies": True})
    answer = emulator.api("POST", AUTHS, json=bad)
    assert "canary-payload" in answer.json()["developerMessage"]
    refused = emulator.token(secret="wrong-canary")
    assert "wrong-canary" in refused.json()["error_description"]
    emulator.fault("status", do={"status": 503})
    answer = emulator.api("POST", AUTHS, json=bad)
    assert (answer.status_code, "canary-payload" in answer.text) == (503, True)


def test_requests_that_are_no_http_do_not_harm(emulator: Emulator) -> None:
    host, _, port = emulator.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(b"\x16\x03\x01 not http\r\n\r\n")
        assert b"400" in line.recv(200)
    assert emulator.raw("GET", AUTHS).status == 200
    assert BASE in emulator.control("GET", "/log")["requests"][-1]["path"]
