"""The same time-outs hold for messages, conversations and uploads (docs/rules.md#limits)."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator

import pytest

from egain_pulumi.conversations import Conversations, EgainError, InDoubt
from tests.support.emulator import Emulator
from tests.support.hostile import Hostile, Wire

OPERATION, SLACK = 0.6, 1.0


@pytest.fixture
def server(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    made = Hostile(emulator)
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value.replace(emulator.url, made.url))
    monkeypatch.setenv("EGAIN_REQUEST_TIMEOUT_SECONDS", "0.4")
    monkeypatch.setenv("EGAIN_OPERATION_TIMEOUT_SECONDS", str(OPERATION))
    yield made
    made.stop()


def drip(wire: Wire, _: bytes) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    wire.drip(itertools.repeat(b"x"))


def test_what_drips_ends_in_its_time(server: Hostile) -> None:
    talk = Conversations()
    uploaded = json.dumps({"id": "a1", "contentUrl": f"{server.url}/upload"}).encode()
    head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

    def timed(work: Callable[[], object], *kinds: type[EgainError]) -> EgainError:
        began = time.monotonic()
        with pytest.raises(kinds) as caught:
            work()
        assert time.monotonic() - began < OPERATION + SLACK
        return caught.value

    with pytest.raises(EgainError):
        talk.conversation("none")  # its token is there from now on
    server.clear()
    server.trouble = lambda call: drip
    timed(lambda: talk.custom_bot(to="c1").text("Hi"), InDoubt)
    assert [call.method for call in server.calls] == ["POST"]  # never twice
    timed(lambda: talk.conversation("c1"), EgainError)
    server.trouble = lambda call: (
        drip if "upload" in call.path else lambda wire, _: wire.send(head + uploaded)
    )
    error = timed(
        lambda: talk.assets.add(b"x", channel="custom_channel", role="customer", name="a.txt"),
        InDoubt,
    )
    assert "the upload did not finish within EGAIN_OPERATION_TIMEOUT_SECONDS" in str(error)
