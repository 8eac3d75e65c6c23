"""The page's files and calls, without a browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import egain_pulumi.emulator
from tests.emulator.handle import Emulator
from tests.emulator.hub import Hub, message

STATIC = Path(egain_pulumi.emulator.__file__).with_name("static")
FILES = sorted(file.name for file in STATIC.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_short_loads_nothing_and_has_no_inline_code(name: str) -> None:
    text = (STATIC / name).read_text("utf-8")
    assert len(text.splitlines()) <= 200
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    for word in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=", " on"):
        assert word not in text or (word == " on" and f"{word}click=" not in text), word


def test_files_come_with_their_type_and_the_policy_and_nothing_else_comes(
    emulator: Emulator,
) -> None:
    index = emulator.session.get(emulator.url + "/", timeout=10)
    assert index.headers["Content-Type"] == "text/html; charset=utf-8"
    for name in FILES:
        answer = emulator.session.get(f"{emulator.url}/_emulator/page/{name}", timeout=10)
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
    for name in ("../api.py", "..%2fapi.py", "%2e%2e/api.py", "index.html%00", "nothing.js", ""):
        assert emulator.raw("GET", f"/../../../_emulator/page/{name}").status == 404, name
        found = emulator.session.get(f"{emulator.url}/_emulator/page/{name}", timeout=10)
        assert found.status_code == 404, name
    assert emulator.control("GET", "/log")["counts"].keys() <= {"GET (unknown path)"}


def test_messages_of_the_control_surface_are_those_of_the_api(emulator: Emulator, hub: Hub) -> None:
    wish = {"messages": {"message": [message("text", "customer", content={"text": "hello"})]}}
    made = emulator.control("POST", "/messages", wish)["messages"]["message"][0]
    hub.settle()
    assert hub.end_of(made["conversation"]["id"]) == ("sent", None)
    url = f"{emulator.url}/_emulator/messages"
    bodies: list[object] = [[], {}, {"messages": {"message": [message("agent.join", "customer")]}}]
    for body in bodies:
        refused = emulator.session.post(url, json=body, timeout=10)
        same = emulator.api("POST", "/conversations/messages", json=body)
        assert (refused.status_code, refused.json()) == (same.status_code, same.json())
    assert refused.json()["code"] == "400-152"


def test_connections_name_references_and_facts_and_no_secret(emulator: Emulator, hub: Hub) -> None:
    hub.role("bot", callback="https://me:canary@bot.example/hook?key=canary#canary")
    found = emulator.control("GET", "/connections")["objects"]
    assert "canary" not in json.dumps(found)
    by_id = {each["id"]: each for each in found}
    assert len(by_id) == 8
    flow = by_id[hub.ids["flow"]]
    assert {to["id"] for to in flow["refers"]} == {
        hub.ids[name] for name in ("bot", "greeter", "agents", "customers")
    }
    facts = {fact["path"]: fact["value"] for fact in by_id[hub.ids["bot"]]["facts"]}
    assert facts["roles[0].callback"] == "https://bot.example/hook"
    assert "roles[0].headers[0].value" not in facts
    assert by_id[hub.ids["chat"]]["name"] == "custom_channel"
