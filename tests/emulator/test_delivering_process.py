"""Deliveries and the process: restarts, its end, and addresses on other machines."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .callbacks import Callbacks, slow
from .handle import Emulator
from .hub import Hub

Start = Callable[..., Emulator]


def under_way(hub: Hub) -> str:
    """Start a conversation whose first message a slow bot has received; return its id."""
    hub.callbacks.plans["/bot"] = slow(3)
    before = len(hub.callbacks.at("/bot"))
    answer = hub.send("text", "customer", content={"text": "slow"})
    until = time.monotonic() + 10
    while len(hub.callbacks.at("/bot")) == before and time.monotonic() < until:
        time.sleep(0.005)
    return str(answer.json()["messages"]["message"][0]["conversation"]["id"])


def test_conversations_hops_and_assets_survive_and_nothing_is_sent_again(
    start: Start, callbacks: Callbacks, tmp_path: Path
) -> None:
    db = str(tmp_path / "hub.db")
    hub = Hub(start("--db", db), callbacks)
    first = hub.say("hello")
    wish = {"channel": {"type": "custom_channel"}, "sender": {"type": "customer"}}
    ticket = hub.emulator.api("POST", "/assets", json={**wish, "name": "a.txt", "size": 1}).json()
    headers = {"Content-Type": "text/plain"}
    hub.emulator.session.post(ticket["contentUrl"], b"x", headers=headers, timeout=5)
    download = hub.emulator.api("GET", f"/assets/{ticket['id']}").json()["contentUrl"]
    second = under_way(hub)
    before = hub.page(first)
    hub.emulator.kill()
    hub.emulator = start("--db", db)
    assert hub.page(first) == before
    assert hub.end_of(second) == ("failed", "emulator_ended")
    page = hub.emulator.api("GET", f"/assets/{ticket['id']}").json()
    assert hub.emulator.session.get(page["contentUrl"], timeout=5).content == b"x"
    old = urlsplit(download)
    void = hub.emulator.session.get(f"{hub.emulator.url}{old.path}?{old.query}", timeout=5)
    assert void.json()["code"] == "403-908"
    assert len(callbacks.at("/bot")) == 2
    # The numbers of hops go on, and so does the conversation.
    last = hub.emulator.control("GET", "/hops")["last"]
    callbacks.plans.clear()
    callbacks.plans["/token"] = hub.token
    hub.say("more", second)
    assert hub.end_of(second) == ("sent", None)
    assert hub.emulator.control("GET", "/hops")["last"] > last


def test_a_database_from_before_there_were_assets_is_taken(
    start: Start, callbacks: Callbacks, tmp_path: Path
) -> None:
    db = tmp_path / "old.db"
    start("--db", str(db)).end()
    with sqlite3.connect(db) as old:
        old.execute("DROP TABLE blobs")
    old.close()
    hub = Hub(start("--db", str(db)), callbacks)
    assert hub.end_of(hub.say("hello")) == ("sent", None)


def test_it_ends_at_once_with_a_delivery_and_a_retained_message_under_way(
    start: Start, callbacks: Callbacks
) -> None:
    hub = Hub(start("--db", ":memory:"), callbacks)
    under_way(hub)
    hub.edit("flow", {"applications": hub.without_bot()})
    hub.edit("orders", {"chatConfigurations": {"onAgentUnavailability": "retain_and_retry"}})
    hub.emulator.control("PATCH", "/settings", {"agents_available": False})
    hub.send("text", "customer", content={"text": "wait"})
    begun = time.monotonic()
    assert hub.emulator.end() == 0
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://10.0.0.1/hook", "outside_not_https"),
        ("http://localhost:1/hook", "connection_refused"),
    ],
)
def test_outside_only_https_is_called(
    start: Start, callbacks: Callbacks, url: str, code: str
) -> None:
    hub = Hub(start("--db", ":memory:", "--deliver-outside"), callbacks)
    hub.role("bot", callback=url)
    assert hub.end_of(hub.say("hello")) == ("failed", code)
