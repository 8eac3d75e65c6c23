"""Tenants that rewrite what they store or show: texts, JSON types, nulls."""

from __future__ import annotations

from typing import Any

import pytest

from .handle import Emulator
from .samples import BASIC, OAUTH2, chain, channel, named

RAW = "  Caf" + "e\u0301" + " & <b>\r\nline\rend "
ANSWERS = {
    "lf": "  Caf" + "e\u0301" + " & <b>\nline\rend ",
    "trim": "Caf" + "e\u0301" + " & <b>\r\nline\rend",
    "nfc": "  Caf\u00e9 & <b>\r\nline\rend ",
    "html": "  Caf" + "e\u0301" + " &amp; &lt;b&gt;\r\nline\rend ",
}


def setting(emulator: Emulator, **changes: Any) -> None:
    emulator.control("PATCH", "/settings", changes)


@pytest.mark.parametrize("form", ANSWERS)
def test_texts_on_write(emulator: Emulator, form: str) -> None:
    setting(emulator, texts_on_write=[form])
    texts = [{"language": "en-US", "properties": [{"name": "msg", "value": RAW}]}]
    sent = {**channel(), "displayName": RAW, "description": RAW, "l10nProperties": texts}
    key = emulator.create("/channels", sent)
    stored = emulator.api("GET", f"/channels/{key}").json()
    value = stored["l10nProperties"][0]["properties"][0]["value"]
    assert {stored["displayName"], stored["description"], value} == {ANSWERS[form]}
    assert stored["icon"] == sent["icon"]


def test_texts_are_escaped_anew_at_each_write(emulator: Emulator) -> None:
    setting(emulator, texts_on_write=["trim", "html"])
    key = emulator.create("/channels", {**channel(), "displayName": " a & b"})
    for shown in ("a &amp; b", "a &amp;amp; b"):
        read = emulator.api("GET", f"/channels/{key}").json()
        assert read["displayName"] == shown
        assert emulator.api("PUT", f"/channels/{key}", json=read).status_code == 204


def test_secrets_and_addresses_are_no_texts_and_names_are(emulator: Emulator) -> None:
    setting(emulator, texts_on_write=["lf", "trim", "nfc", "html"])
    token = {**OAUTH2["oauth2"], "payload": RAW, "tokenRequestUrl": "https://b.example/?a=1&b=2"}
    token["headers"] = [{"name": "X-Key", "value": RAW}]
    key = emulator.create("/authentications", {**OAUTH2, "name": " both ", "oauth2": token})
    stored = emulator.api("GET", f"/authentications/{key}").json()
    assert (stored["oauth2"], stored["name"]) == (token, "both")
    # The name is taken as it is stored.
    answer = emulator.api("POST", "/authentications", json=named(BASIC, "both  "))
    assert answer.status_code == 409


def test_numbers_and_booleans_as_text_are_refused_when_they_come_back(emulator: Emulator) -> None:
    path, key, _ = chain(emulator)["Account"]
    plain = emulator.api("GET", f"{path}/{key}").json()
    setting(emulator, values_on_read="text")
    read = emulator.api("GET", f"{path}/{key}").json()
    [row] = emulator.api("GET", path).json()["account"]
    assert row == read
    assert read["active"] == "true"
    assert plain["chatConfigurations"]["timeout"] == 30
    assert read["chatConfigurations"]["timeout"] == "30"
    assert (read["id"], read["modified"]) == (plain["id"], plain["modified"])
    answer = emulator.api("PUT", f"{path}/{key}", json=read)
    assert (answer.status_code, answer.json()["code"]) == (400, "400-152")
    assert emulator.api("PUT", f"{path}/{key}", json=plain).status_code == 204


def test_unset_attributes_as_null_are_refused_when_they_come_back(emulator: Emulator) -> None:
    key = emulator.create("/authentications", OAUTH2)
    plain = emulator.api("GET", f"/authentications/{key}").json()
    setting(emulator, unset_on_read="null")
    read = emulator.api("GET", f"/authentications/{key}").json()
    assert {name for name in read if name not in plain} == {"description", "basicAuth"}
    assert (read["description"], read["basicAuth"]) == (None, None)
    assert read["oauth2"] == plain["oauth2"]
    assert emulator.api("PUT", f"/authentications/{key}", json=read).status_code == 400
    basic = emulator.create("/authentications", {**BASIC, "description": "set"})
    # A mask says that there is a secret: an unset one stays null.
    setting(emulator, secrets_on_read="masked")
    shown = emulator.api("GET", f"/authentications/{basic}").json()
    assert (shown["oauth2"], shown["description"]) == (None, "set")
    assert shown["basicAuth"] == {"username": "hub", "password": "********"}
    assert emulator.api("PUT", f"/authentications/{key}", json=plain).status_code == 204


def test_null_at_every_level(emulator: Emulator) -> None:
    setting(emulator, unset_on_read="null")
    made = chain(emulator)
    path, key, _ = made["ClientApplication"]
    [role] = emulator.api("GET", f"{path}/{key}").json()["roles"]
    assert role["authentication"] == {"id": made["Authentication"][1]}
    key = emulator.create("/channels", {**channel("other"), "restrictions": {"inbound": {}}})
    restrictions = emulator.api("GET", f"/channels/{key}").json()["restrictions"]
    assert restrictions["outbound"] is None
    assert set(restrictions["inbound"].values()) == {None}
