"""Which answers of a callback are deliveries."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from egain_pulumi.emulator.messaging.callback import MOST_BYTES
from egain_pulumi.emulator.messaging.deliveries import MOST_AT_ONCE

from .callbacks import Callbacks, answer, dripping, held, in_turn, raw, slow
from .hub import Hub

BIG = b"x" * (MOST_BYTES + 1)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + 9 * (
    b"2000\r\n" + 8192 * b"x" + b"\r\n"
)


def sent_to_bot(hub: Hub) -> Any:
    """Say hello; return the last hop of its delivery, and the message."""
    conversation = hub.say("hello")
    page = hub.page(conversation)
    [hop] = [h for h in page["hops"] if h["step"] == "deliver"][-1:]
    message = page["messages"][0]
    arrived = hop["outcome"] == "delivered"
    expected = (None, None) if arrived else (hop["why"], hop["code"])
    assert (message["reason"], message["code"]) == expected
    return hop, message


def test_a_delivery_carries_the_roles_headers(hub: Hub) -> None:
    hub.role("bot", headers=[{"name": "content-type", "value": "application/json; charset=utf-8"}])
    hop, _ = sent_to_bot(hub)
    [received] = hub.callbacks.at("/bot")
    assert (received.method, received.headers["authorization"]) == ("POST", "Bearer canary-token-1")
    assert received.headers["content-type"] == "application/json; charset=utf-8"
    assert (hop["outcome"], hop["status"], hop["to"]) == (
        "delivered",
        200,
        f"{hub.callbacks.url}/bot",
    )
    assert hop["seconds"] > 0
    hub.role("bot", headers=[{"name": "X-Role", "value": "canary"}])
    hub.say("again")
    assert hub.callbacks.at("/bot")[1].headers["x-role"] == "canary"


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (answer(204), "callback_status"),
        (answer(202), "callback_status"),
        (answer(403), "callback_forbidden"),
        (answer(404), "callback_status"),
        (answer(503, Retry_After="0"), "callback_status"),
        (answer(302, Location="/elsewhere"), "callback_redirect"),
        (answer(307, Location="/elsewhere"), "callback_redirect"),
        (answer(200, BIG), "answer_too_large"),
        (raw(CHUNKED), "answer_too_large"),
        (raw(b"hello\r\n\r\n"), "not_http"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), "not_http"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000), "not_http"),
        (raw(b""), "not_http"),
    ],
)
def test_everything_but_a_small_200_is_undeliverable_and_tried_once(
    hub: Hub, plan: Any, code: str
) -> None:
    hub.callbacks.plans["/bot"] = plan
    hop, message = sent_to_bot(hub)
    assert (hop["outcome"], hop["code"]) == ("undeliverable", code)
    assert hop["why"].startswith("the callback ")
    assert (message["status"], message["mailed"]) == ("failed", "ops@example.com")
    assert hub.last_hop("noted")["code"] == "mail_due"
    assert len(hub.callbacks.at("/bot")) == 1
    assert hub.callbacks.at("/elsewhere") == []
    [lost] = hub.emulator.control("GET", "/undeliverable")["messages"]
    assert lost["mailed"] == "ops@example.com"


@pytest.mark.parametrize("plan", [slow(1.5), dripping], ids=["silent", "dripping"])
def test_a_slow_callback_is_given_up(hub: Hub, plan: Any) -> None:
    hub.emulator.control("PATCH", "/settings", {"callback_seconds": 0.2})
    hub.callbacks.plans["/bot"] = plan
    hop, _ = sent_to_bot(hub)
    assert hop["code"] == "timeout"
    assert " 0.2 seconds" in hop["why"]
    assert 0.2 <= hop["seconds"] < 1.4


def test_a_small_answer_does_no_harm(hub: Hub) -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    hub.callbacks.plans["/bot"] = raw(early)
    hop, message = sent_to_bot(hub)
    assert (hop["outcome"], message["status"]) == ("delivered", "sent")


def test_a_callback_that_is_down(hub: Hub) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        hub.role("bot", callback=f"http://127.0.0.1:{closed.getsockname()[1]}/bot")
        hop, message = sent_to_bot(hub)
    assert hop["code"] == "connection_refused"
    assert message["mailed"] == "ops@example.com"


def test_a_callback_that_breaks_the_connection(hub: Hub) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def reset() -> None:
        line, _ = listener.accept()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        line.close()

    breaker = threading.Thread(target=reset)
    breaker.start()
    hub.role("bot", callback=f"http://127.0.0.1:{listener.getsockname()[1]}/bot")
    hop, _ = sent_to_bot(hub)
    breaker.join()
    listener.close()
    assert hop["code"] in ("connection_lost", "not_http")
    assert hop["outcome"] == "undeliverable"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://bot.example.com/hook", "outside_not_allowed"),
        ("http://127.0.0.1.example.com/", "outside_not_allowed"),
        ("http://10.0.0.1/", "outside_not_allowed"),
        ("http://169.254.169.254/latest/", "outside_not_allowed"),
        ("http://0.0.0.0:1/", "outside_not_allowed"),
        ("http://[::ffff:10.0.0.1]/", "outside_not_allowed"),
        ("http://user:canary@127.0.0.1/", "address_with_credentials"),
        ("ftp://127.0.0.1/", "address_not_http"),
        ("http://127.0.0.1:99999/", "address_unusable"),
        ("http://[half/", "address_unusable"),
        ("/bot", "address_unusable"),
        ("", "address_unusable"),
    ],
)
def test_an_address_that_is_not_called(hub: Hub, url: str, code: str) -> None:
    hub.role("bot", callback=url)
    hop, _ = sent_to_bot(hub)
    assert (hop["outcome"], hop["code"]) == ("undeliverable", code)
    assert "canary" not in str(hop)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:canary@bot.example.com:8443/hook", "https://bot.example.com:8443/hook"),
        ("https://canary@bot.example.com/hook", "https://bot.example.com/hook"),
        ("https://bot.example.com/hook?code=canary&x=1", "https://bot.example.com/hook"),
        ("https://bot.example.com/hook#canary", "https://bot.example.com/hook"),
        ("https://[::1]:1/hook?canary", "https://[::1]:1/hook"),
        ("https://user:canary/canary@bot.example.com/", "(address not shown)"),
        ("https://user/canary@bot.example.com/", "(address not shown)"),
        ("user:canary@bot.example.com/hook", "(address not shown)"),
        ("https:/user:canary@bot.example.com", "(address not shown)"),
        ("canary", "(address not shown)"),
    ],
)
def test_addresses_are_shown_without_their_secrets(hub: Hub, url: str, shown: str) -> None:
    hub.role("bot", callback=url)
    token = {"type": "oauth2", "oauth2": {"tokenRequestUrl": url, "accessTokenPath": "$.a"}}
    second = hub.emulator.control("POST", "/objects/authentications", {"name": "two", **token})
    assert second["oauth2"]["tokenRequestUrl"] == shown
    control = hub.emulator.control
    hop, message = sent_to_bot(hub)
    assert hop["to"] == shown
    pages = [
        control("GET", path)
        for path in (
            "/objects",
            "/objects/clientapplications",
            f"/objects/authentications/{second['id']}",
            "/connections",
            "/hops",
            "/undeliverable",
            "/conversations",
            f"/conversations/{message['conversation']}",
            "/log",
        )
    ]
    assert "canary" not in str(pages)
    roles = [row["roles"][0]["callback"] for row in pages[1]["objects"]]
    assert roles.count(shown) == 1
    facts = [fact["value"] for row in pages[3]["objects"] for fact in row["facts"]]
    assert facts.count(shown) == 2


def test_localhost_is_this_machine(hub: Hub, callbacks: Callbacks) -> None:
    hub.role("bot", callback=callbacks.url.replace("127.0.0.1", "localhost") + "/bot?key=canary")
    hop, _ = sent_to_bot(hub)
    assert hop["outcome"] == "delivered"
    assert hop["to"].endswith("/bot")
    assert callbacks.at("/bot")[0].path == "/bot?key=canary"


def test_tls_is_checked(hub: Hub) -> None:
    hub.role("bot", callback=hub.callbacks.url.replace("http:", "https:") + "/bot")
    hop, _ = sent_to_bot(hub)
    assert hop["code"] == "no_tls"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"name": "X-Text", "value": "canary\u2603"}, "header_unsendable"),
        ({"name": "X-Text", "value": "canary\r\nX-Other: 1"}, "header_unsendable"),
        ({"name": "", "value": "canary"}, "header_unsendable"),
        ({"name": "Content-Length", "value": "1"}, "header_reserved"),
        ({"name": "host", "value": "canary"}, "header_reserved"),
    ],
)
def test_a_header_that_cannot_be_sent(hub: Hub, header: dict[str, str], code: str) -> None:
    hub.role("bot", headers=[header])
    hop, _ = sent_to_bot(hub)
    assert (hop["code"], "canary" in str(hop)) == (code, False)
    assert code != "header_reserved" or header["name"] in hop["why"]


def test_the_payload_of_v1_is_not_known(hub: Hub) -> None:
    hub.role("bot", version="v1")
    hop, _ = sent_to_bot(hub)
    assert hop["code"] == "role_version_unknown"
    assert hub.at_bot() == []


def test_sixteen_callbacks_are_called_at_once(hub: Hub) -> None:
    released = threading.Event()
    hub.callbacks.plans["/bot"] = held(released)
    for n in range(MOST_AT_ONCE + 4):
        assert hub.send("text", "customer", content={"text": str(n)}).status_code == 202
    until = time.monotonic() + 4
    while len(hub.callbacks.at("/bot")) < MOST_AT_ONCE and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(0.1)
    assert len(hub.callbacks.at("/bot")) == MOST_AT_ONCE
    released.set()
    hub.settle()
    assert len(hub.callbacks.at("/bot")) == MOST_AT_ONCE + 4


def test_one_conversation_does_not_wait_for_another(hub: Hub) -> None:
    released = threading.Event()
    hub.callbacks.plans["/bot"] = in_turn(held(released), answer(200))
    first = hub.send("text", "customer", content={"text": "slow"})
    until = time.monotonic() + 10
    while not hub.callbacks.at("/bot") and time.monotonic() < until:
        time.sleep(0.005)
    second = hub.send("text", "customer", content={"text": "quick"}).json()
    key = second["messages"]["message"][0]["conversation"]["id"]
    while hub.end_of(key)[0] == "accepted" and time.monotonic() < until:
        time.sleep(0.005)
    assert hub.end_of(key)[0] == "sent"
    slow_one = first.json()["messages"]["message"][0]["conversation"]["id"]
    assert hub.end_of(slow_one)[0] == "accepted"
    hub.emulator.control("POST", "/reset")
    # The answer to a delivery of the former tenant means nothing to the new one.
    released.set()
    time.sleep(0.1)
    assert hub.settle() == []
