"""Faults on messages and assets: `before` accepts nothing, `after` accepts it exactly once."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
import requests

from egain_pulumi.emulator.faults.registry import ACTIONS, NEEDS

from .hub import Hub, message
from .test_assets import announce, upload, uploaded

PATH = "/conversations/messages"
OPTIONS: dict[str, dict[str, Any]] = {
    "hang": {"seconds": 0.2, "clock": "real"},
    "big_body": {"bytes": 100_000},
    "redirect": {"location": "http://127.0.0.1:9/"},
}
ON_EVERY_CALL = [action for action in ACTIONS if action not in NEEDS]


def send_hurriedly(hub: Hub) -> int | None:
    """Send a message; return its status, None without a complete answer."""
    row = message("text", "customer", content={"text": "hello"})
    body = {"messages": {"message": [row]}}
    try:
        answer = hub.emulator.api("POST", PATH, json=body, timeout=0.1, allow_redirects=False)
    except requests.RequestException:
        return None
    return answer.status_code


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("action", ON_EVERY_CALL)
def test_a_faulty_answer_says_nothing_about_the_message(hub: Hub, action: str, when: str) -> None:
    do = {"when": when, **OPTIONS.get(action, {})}
    fault = hub.emulator.fault(action, method="POST", path=PATH, do=do)
    send_hurriedly(hub)
    if action == "hang":
        time.sleep(0.2)  # past its end: the call must not be carried out then either
    hub.settle()
    assert hub.emulator.fired(fault) == 1
    taken = len(hub.emulator.control("GET", "/conversations")["conversations"])
    assert taken == (1 if when == "after" else 0)
    assert len(hub.at_bot()) == taken


def test_a_pretended_success_looks_like_one(hub: Hub) -> None:
    hub.emulator.fault("wrong_content_type", path=PATH, do={"when": "before"})
    answer = hub.send("text", "customer", content={"text": "hello"})
    assert answer.status_code == 202
    uuid.UUID(answer.json()["messages"]["message"][0]["conversation"]["id"])
    hub.settle()
    assert hub.at_bot() == []


def test_the_rate_limit_counts_messages_but_no_uploads(hub: Hub) -> None:
    ticket = announce(hub).json()
    hub.emulator.control("PATCH", "/settings", {"rate_limit": {"per_second": 0.001, "burst": 1}})
    assert hub.send("text", "customer", content={"text": "hello"}).status_code == 202
    assert upload(hub, ticket["contentUrl"]).status_code == 201
    refused = hub.send("text", "customer", content={"text": "hello"})
    assert (refused.status_code, refused.json()["code"]) == (429, "429-001")
    hub.settle()
    assert len(hub.at_bot()) == 1


def test_late_visibility_hides_conversations_and_assets(hub: Hub) -> None:
    for path in (PATH, "/assets"):
        hub.emulator.fault("late_visibility", method="POST", path=path, do={"reads": 1})
    conversation = hub.say("hello")
    hub.do("conversation.end", "customer", conversation)
    for path in (f"/conversations/{conversation}", f"/assets/{uploaded(hub)}"):
        seen = [hub.emulator.api("GET", path).status_code for _ in range(2)]
        assert seen == [404, 200]


def test_uploads_and_downloads_can_fail_too(hub: Hub) -> None:
    ticket = announce(hub).json()
    template = "/core/assetmgr/v3/assets/upload"
    lost = hub.emulator.fault("status", path=template, do={"when": "after", "status": 502})
    assert upload(hub, ticket["contentUrl"]).status_code == 502
    assert hub.emulator.api("GET", f"/assets/{ticket['id']}").status_code == 200
    assert hub.emulator.fired(lost) == 1
    entry = hub.emulator.control("GET", "/log")["requests"][-2]
    assert (entry["template"], entry["query"]) == (template, {})


def test_assets_meet_every_fault(hub: Hub) -> None:
    key = uploaded(hub)
    for action in ON_EVERY_CALL:
        do = OPTIONS.get(action, {})
        fault = hub.emulator.fault(action, path="/assets/{id}", do=do)
        try:
            hub.emulator.api("GET", f"/assets/{key}", timeout=0.1, allow_redirects=False)
        except requests.RequestException as problem:
            assert not isinstance(problem, requests.exceptions.InvalidURL)
        assert hub.emulator.fired(fault) == 1, action
