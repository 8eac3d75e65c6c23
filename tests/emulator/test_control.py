"""The control surface: settings, clock, log, objects; for this machine only; no secrets."""

from __future__ import annotations

from typing import Any

import pytest

from .handle import BASE, Emulator
from .samples import BASIC, OAUTH2, chain, channel


def refused(emulator: Emulator, method: str, path: str, body: Any = None) -> tuple[int, str]:
    answer = emulator.session.request(
        method, f"{emulator.url}/_emulator{path}", json=body, timeout=5
    )
    return answer.status_code, answer.json()["error"]


def test_overview(emulator: Emulator) -> None:
    page = emulator.control("GET", "/")
    assert (page["base_path"], page["token_path"]) == (BASE, "/oauth2/token")
    assert (page["strict"], page["objects"]["clientapplications"]) == (True, 1)
    assert page["settings"]["lock"] is True
    assert emulator.control("GET", "/")["instance"] == page["instance"]


def test_reset_forgets_objects_faults_and_log_but_not_settings(emulator: Emulator) -> None:
    before = emulator.control("GET", "/")
    chain(emulator)
    emulator.fault("close")
    emulator.control("PATCH", "/settings", {"page_size": 5})
    emulator.control("POST", "/clock", {"advance": 60})
    emulator.control("POST", "/reset")
    after = emulator.control("GET", "/")
    assert sum(after["objects"].values()) == 1
    assert after["database"] == before["database"]
    assert after["generation"] != before["generation"]
    assert (after["faults"], emulator.control("GET", "/log")["total"]) == (0, 0)
    assert after["settings"]["page_size"] == 5
    emulator.control("POST", "/reset", {"settings": True})
    assert emulator.control("GET", "/settings") == before["settings"]
    assert emulator.control("GET", "/clock")["offset"] == 0
    assert refused(emulator, "POST", "/reset", {"everything": 1})[0] == 400


@pytest.mark.parametrize(
    ("patch", "key"),
    [
        ({"lok": True}, "lok"),
        ({"lock": 1}, "lock"),
        ({"lock_status": 500}, "lock_status"),
        ({"latency": -1}, "latency"),
        ({"latency": True}, "latency"),
        ({"page_size": 2.5}, "page_size"),
        ({"secrets_on_read": "maybe"}, "secrets_on_read"),
        ({"secrets_on_read": []}, "secrets_on_read"),
        ({"rate_limit": {"per_second": 1}}, "rate_limit"),
        ({"texts_on_write": "trim"}, "texts_on_write"),
        ({"texts_on_write": ["upper"]}, "texts_on_write"),
        ({"texts_on_write": [[]]}, "texts_on_write"),
        ({"values_on_read": "number"}, "values_on_read"),
        ({"rate_limit": {"per_second": 0, "burst": 1}}, "rate_limit.per_second"),
        ([], "settings"),
    ],
)
def test_a_wrong_setting_is_named_and_changes_nothing(
    emulator: Emulator, patch: Any, key: str
) -> None:
    before = emulator.control("GET", "/settings")
    status, text = refused(emulator, "PATCH", "/settings", patch)
    assert (status, text.startswith(key)) == (400, True), text
    assert emulator.control("GET", "/settings") == before


def test_clock(emulator: Emulator) -> None:
    emulator.control("POST", "/clock", {"offset": -86_400 * 365 * 10})
    key = emulator.create("/channels", channel())
    answer = emulator.api("GET", f"/channels/{key}")
    year = emulator.control("GET", "/clock")["now"][:4]
    assert answer.json()["created"][:4] == year
    assert f" {year} " in answer.headers["Date"]
    for body in ({}, {"advance": "1"}, {"advance": 1, "offset": 1}, {"advance": 1e300}):
        assert refused(emulator, "POST", "/clock", body)[0] == 400


def test_modified_never_goes_back_with_the_clock(emulator: Emulator) -> None:
    key = emulator.create("/channels", channel())
    first = emulator.api("GET", f"/channels/{key}").json()["modified"]
    emulator.control("POST", "/clock", {"advance": -3600})
    emulator.api("PUT", f"/channels/{key}", json=channel())
    assert emulator.api("GET", f"/channels/{key}").json()["modified"] > first


def test_log(emulator: Emulator) -> None:
    key = emulator.create("/authentications", OAUTH2)
    headers = {"User-Agent": "me/1", "X-Correlation-Id": "c-1"}
    emulator.api("GET", f"/authentications/{key}", headers=headers)
    emulator.api("GET", "/authentications?$pagenum=1&other=canary-query", headers=headers)
    log = emulator.control("GET", "/log")
    assert log["counts"] == {
        "GET /authentications": 1,
        "GET /authentications/{id}": 1,
        "POST /authentications": 1,
    }
    assert log["statuses"] == {"200": 1, "201": 1, "400": 1}
    entry = log["requests"][1]
    assert entry["path"] == f"{BASE}/authentications/{key}"
    assert (entry["template"], entry["status"]) == ("/authentications/{id}", 200)
    assert (entry["user_agent"], entry["correlation_id"], entry["client"]) == (
        "me/1",
        "c-1",
        "local",
    )
    assert entry["seconds"] >= 0
    assert log["requests"][2]["query"] == {"$pagenum": "1"}
    assert "canary" not in str(log)
    assert emulator.bearer() not in str(log)
    since = emulator.control("GET", "/log", params={"since": log["requests"][1]["n"]})
    assert [entry["n"] for entry in since["requests"]] == [log["last"]]
    emulator.control("DELETE", "/log")
    assert emulator.control("GET", "/log")["counts"] == {}


def test_pages_show_no_secret_unless_asked_for(emulator: Emulator) -> None:
    made = chain(emulator)
    path, key, body = made["Account"]
    emulator.api("PUT", f"{path}/{key}", json={**body, "providerKey": {"x": "canary-unknown"}})
    everything = str(emulator.control("GET", "/objects"))
    assert "canary" not in everything
    assert "[secret]" in everything
    [shown] = emulator.control("GET", "/objects/authentications")["objects"]
    assert shown["oauth2"]["headers"] == [{"name": "X-Key", "value": "[secret]"}]
    assert shown["oauth2"]["method"] == "POST"
    plain = emulator.control("GET", f"/objects/accounts/{key}", params={"secrets": "plain"})
    assert plain["providerKey"] == {"x": "canary-unknown"}


def test_edits_behind_the_apis_back(emulator: Emulator) -> None:
    made = chain(emulator)
    path, key, _ = made["Channel"]
    before = emulator.api("GET", f"{path}/{key}").json()
    emulator.control(
        "PATCH",
        f"/objects/channels/{key}",
        {"displayName": "Console", "icon": None, "restrictions": {"inbound": {"features": []}}},
    )
    after = emulator.api("GET", f"{path}/{key}").json()
    assert after["displayName"] == "Console"
    assert "icon" not in after
    assert after["restrictions"] == {"inbound": {"features": []}}
    assert (after["created"], after["modified"] > before["modified"]) == (before["created"], True)
    # No rule stands in the way: a referred-to object can go, a duplicate can come.
    emulator.control("DELETE", f"/objects/channels/{key}")
    assert emulator.api("GET", f"{path}/{key}").status_code == 404
    made_there = emulator.control("POST", "/objects/authentications", {**BASIC, "name": "oauth2"})
    answer = emulator.api("GET", f"/authentications/{made_there['id']}")
    assert answer.json()["name"] == "oauth2"
    assert refused(emulator, "PATCH", f"/objects/channels/{key}", {})[0] == 404
    assert refused(emulator, "GET", "/objects/nothing")[0] == 404
    assert refused(emulator, "POST", "/objects/channels", [])[0] == 400


def test_control_calls_are_neither_logged_nor_hit_by_faults(emulator: Emulator) -> None:
    emulator.fault("close", times=None)
    emulator.control("GET", "/")
    assert emulator.control("GET", "/log")["total"] == 0
    assert refused(emulator, "GET", "/nothing")[0] == 404
