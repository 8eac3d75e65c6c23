"""Time-outs bound everything, whatever trickles (docs/rules.md#limits)."""

from __future__ import annotations

import itertools
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.host.running import program
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.hostile import Call, Hostile, Trouble, Wire

pytestmark = pytest.mark.host
REQUEST, OPERATION = 0.5, 1.2
SLACK = 1.0
"""Seconds; what docs/rules.md promises."""
LIMITS = {
    "egain:requestTimeoutSeconds": str(REQUEST),
    "egain:operationTimeoutSeconds": str(OPERATION),
    "egain:validation": "warn",  # lets a large icon through
}


@pytest.fixture
def server(emulator: Emulator) -> Iterator[Hostile]:
    made = Hostile(emulator)
    yield made
    made.stop()


def endless(before: bytes, piece: bytes) -> Trouble:
    """Answer with a beginning, and then a drip."""

    def trouble(wire: Wire, _: bytes) -> None:
        wire.send(before)
        wire.drip(itertools.repeat(piece))

    return trouble


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
DRIPS: dict[str, Trouble] = {
    "a body": endless(OK + b"Content-Length: 9000\r\n\r\n", b" "),
    "a body without length": endless(OK + b"\r\n", b" "),
    "a chunked body": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "the size of a chunk": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "a header": endless(OK + b"X-Slow: ", b"x"),
    "headers": endless(OK, b"X-Slow: x\r\n"),
    "the status line": endless(b"HTTP/1.1 200 ", b"O"),
    "a redirect": endless(
        b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 900\r\n\r\n", b"x"
    ),
    "a refusal": endless(b"HTTP/1.1 400 No\r\nContent-Length: 90000\r\n\r\n", b"x"),
    "interim answers": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "silence": lambda wire, _: wire.hang(),
}
KEPT = [channel(f"a{n}", type=f"a{n}") for n in range(5)]
LARGE = "A" * 6_000_000  # more than the buffers of two sockets


def named(call: Call) -> str:
    """The drip that a POST asks for."""
    return str(json.loads(call.body)["displayName"])


def ready(server: Hostile, make_engine: MakeEngine, **config: str) -> Engine:
    """A host that has a token and may make as many calls at once as it likes."""
    engine = make_engine(config=server.config | LIMITS | config)
    engine.up(KEPT, parallel=4)
    server.clear()
    return engine


def bounded(server: Hostile, ended: float) -> None:
    """Nothing took longer than its limits, and nothing began after them."""
    began = [call.began for call in server.calls]
    assert ended - min(began) < OPERATION + SLACK
    assert max(began) - min(began) <= OPERATION + 0.2


def test_a_post_that_drips_is_looked_up_within_the_time_of_its_operation(
    server: Hostile, make_engine: MakeEngine
) -> None:
    """Each in its own way; no object holds another one up. One is never read: it stays in doubt."""
    engine = ready(server, make_engine)
    server.unread = lambda call: call.method == "POST" and call.length > len(LARGE)
    server.trouble = lambda call: DRIPS[named(call)] if call.method == "POST" else None
    objects = [channel(drip, type=drip, display_name=drip) for drip in DRIPS]
    unread = channel("unread", type="unread", icon=LARGE)
    result = engine.up([*KEPT, *objects, unread], parallel=16, check=False)
    bounded(server, time.monotonic())
    [message] = result.messages
    assert message.startswith('cannot tell whether channel "unread" was created: POST ')
    assert all(drip in engine.state for drip in DRIPS)


@pytest.mark.parametrize(("method", "failures"), [("GET", 5), ("PUT", 0), ("DELETE", 5)])
def test_any_other_call_that_drips_is_bounded(
    method: str, failures: int, server: Hostile, make_engine: MakeEngine
) -> None:
    """A PUT was carried out, as the read after it shows."""
    engine = ready(server, make_engine)
    drips = itertools.cycle(DRIPS.values())
    server.trouble = lambda call: next(drips) if call.method == method else None
    changed = [channel(f"a{n}", type=f"a{n}", display_name="New") for n in range(5)]
    result = engine.up([] if method == "DELETE" else changed, parallel=16, check=False)
    bounded(server, time.monotonic())
    assert len(result.messages) == failures


def test_threads_that_wait_for_a_token_wait_no_longer_than_their_own_time(
    server: Hostile, make_engine: MakeEngine
) -> None:
    """One holds the lock while the token drips: the others need not outlast it."""
    drips = itertools.cycle(DRIPS.values())
    engine = make_engine(config=server.config | LIMITS)
    server.trouble = lambda call: next(drips)
    for _ in range(2):
        server.calls.clear()
        result = engine.up(KEPT, parallel=16, check=False)
        bounded(server, time.monotonic())
        assert len(result.messages) == 5
        assert all("token" in each for each in result.messages)


def test_pages_without_end_are_bounded(server: Hostile, make_engine: MakeEngine) -> None:
    """Each page comes at once; together they never end."""
    engine = ready(server, make_engine)
    numbers = itertools.count()

    def page(wire: Wire, _: bytes) -> None:
        row = {"id": f"{next(numbers)}", "type": "x", "displayName": "x"}
        body = json.dumps({"channel": [row], "paginationInfo": {"count": 10**6}}).encode()
        wire.send(OK + b"Connection: close\r\n\r\n" + body)

    server.trouble = lambda call: page if call.path.split("?")[0].endswith("channels") else None
    result = engine.up(program('ChannelResource.find("it", type="x")'), check=False)
    bounded(server, time.monotonic())
    assert "egain:operationTimeoutSeconds" in str(result.messages)
    assert len(server.calls) > 20


def test_tls_that_is_never_made_is_bounded(make_engine: MakeEngine, emulator: Emulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}"
        moved = {"egain:baseUrl": f"{address}/v3", "egain:tokenUrl": f"{address}/token"}
        engine = make_engine(config=emulator.config | LIMITS | moved)
        engine.preview([channel()])
        began = time.monotonic()
        [message] = engine.up([channel()], check=False).messages
        assert time.monotonic() - began < OPERATION + SLACK
    assert "connecting timed out" in message
    assert "EGAIN_TOKEN_URL" in message


@pytest.mark.parametrize("drip", ["a header", "a body", "silence"])
def test_a_ctrl_c_ends_what_drips(drip: str, server: Hostile, make_engine: MakeEngine) -> None:
    engine = make_engine(config=server.config)  # with the time-outs of every day
    engine.up(KEPT, parallel=4)
    server.clear()
    server.trouble = lambda call: DRIPS[drip] if call.method == "POST" else None
    with ThreadPoolExecutor(1) as pool:
        up = pool.submit(engine.up, [*KEPT, channel()], check=False)
        while not server.calls:
            assert not up.done()
        began = time.monotonic()
        engine.provider.cancel()
        [message] = up.result().messages
        assert time.monotonic() - began < SLACK + 0.3
    assert message.startswith('cannot tell whether channel "it" was created: POST ')
    assert len(server.calls) == 1


def test_a_ctrl_c_leaves_a_put_in_doubt(server: Hostile, make_engine: MakeEngine) -> None:
    engine = make_engine(config=server.config)
    engine.up(KEPT)
    server.clear()
    server.trouble = lambda call: DRIPS["silence"] if call.method == "PUT" else None
    changed = [channel("a0", type="a0", display_name="New"), *KEPT[1:]]
    with ThreadPoolExecutor(1) as pool:
        up = pool.submit(engine.up, changed, check=False)
        while len(server.calls) < 2:
            assert not up.done()
        engine.provider.cancel()
        [message] = up.result().messages
    assert message.startswith('cannot update channel "a0" [')
    assert ": no answer: canceled (correlation id " in message
    assert [call.method for call in server.calls] == ["GET", "PUT"]
