"""Waits, and answers that nobody should believe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.steps import Result
from tests.support.values import Secret

pytestmark = pytest.mark.host
TOKEN = "/oauth2/token"
QUICK = {"egain:operationTimeoutSeconds": "0.8", "egain:requestTimeoutSeconds": "0.3"}


class Elsewhere:
    """Another host, that writes down who calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str | None]] = []
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            def _record(self) -> None:
                calls.append((self.command, self.headers.get("Authorization")))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            do_GET = do_POST = do_PUT = do_DELETE = _record

            def log_message(self, format: str, *args: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    made = Elsewhere()
    yield made
    made.stop()


def test_a_redirect_is_not_followed_and_takes_no_token_elsewhere(
    elsewhere: Elsewhere, engine: Engine, emulator: Emulator
) -> None:
    def redirected(method: str, path: str, status: int = 302) -> str:
        return emulator.fault(
            method, path, action="redirect", location=elsewhere.url, status=status
        )

    redirected("POST", TOKEN, 307)
    [message] = engine.up([channel()], check=False).messages
    assert "answered 307 without JSON; check egain:tokenUrl" in message
    engine.up([channel("other", type="other")])
    redirected("POST", "/channels", 308)
    engine.up([channel("other", type="other"), channel()])  # looked up, then sent again
    assert emulator.counts()["POST /channels"] == 3
    calls: dict[str, Callable[[], Result]] = {
        "GET": lambda: engine.refresh(check=False),
        "PUT": lambda: engine.up([channel(display_name="New")], check=False),
        "DELETE": lambda: engine.destroy(check=False),
    }
    for method, work in calls.items():
        redirected(method, "/channels/{id}")
        [message] = work().messages
        assert "answered with a redirect, which is not followed" in message, method
        assert f"{method} /channels/" in message, method
        assert "it" in engine.state
    assert elsewhere.calls == []


def test_an_answer_without_end_is_left_and_asked_for_again(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel()])
    fault = emulator.fault("GET", "/channels/{id}", action="big_body", bytes=90_000_000)
    assert engine.refresh().changes == {}
    assert emulator.fired(fault) == 1


@pytest.mark.parametrize("form", ["0", "Mon, 01 Jan 2024 00:00:00 GMT"], ids=["seconds", "date"])
def test_a_429_is_waited_for_whatever_the_method(
    form: str, engine: Engine, emulator: Emulator
) -> None:
    engine.up([channel()])
    headers = {"Retry-After": form}
    faults = [
        emulator.fault(method, "re:/channels", action="status", status=429, headers=headers)
        for method in ("POST", "GET", "PUT", "DELETE")
    ]
    engine.up([channel(display_name="New"), channel("new", type="new")])
    engine.destroy()
    assert [emulator.fired(each) for each in faults] == [1, 1, 1, 1]
    assert emulator.counts()["POST /channels"] == 3
    assert emulator.objects("channels") == []


def test_a_429_whose_wait_cannot_be_read_is_waited_for_all_the_same(
    engine: Engine, emulator: Emulator
) -> None:
    headers = {"Retry-After": "soon", "X-RateLimit-Reset": "later"}
    emulator.fault("POST", "/channels", action="status", status=429, headers=headers)
    engine.up([channel()])
    assert emulator.counts() == {"POST /channels": 2}


def test_a_429_that_outlasts_the_operation_ends_it_without_another_call(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine(config=emulator.config | QUICK)
    headers = {"Retry-After": "3600"}
    emulator.fault("POST", "/channels", action="status", status=429, headers=headers)
    [message] = engine.up([channel()], check=False).messages
    assert 'channel "it"' in message
    assert "/channels" in message
    assert emulator.counts() == {"POST /channels": 1}


def test_nobody_listening_is_tried_again_and_then_named(make_engine: MakeEngine) -> None:
    nobody = {
        "egain:baseUrl": "http://127.0.0.1:9/v3",
        "egain:tokenUrl": "http://127.0.0.1:9/token",
        "egain:clientId": "local",
        "egain:clientSecret": Secret("local-secret"),
    }
    engine = make_engine(config=nobody | QUICK)
    [message] = engine.up([channel()], check=False).messages
    assert message == (
        'cannot create channel "it": no token from http://127.0.0.1:9/token: connection refused '
        "or host unknown. Run it again. If it fails again, check the network, any proxy and "
        "egain:tokenUrl (EGAIN_TOKEN_URL)."
    )
