"""A callback server that records requests and answers as planned."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Received(NamedTuple):
    """A request; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def message(self) -> Any:
        """Return the single message of a delivery."""
        [only] = json.loads(self.body)["messages"]["message"]
        return only


Plan = Callable[[BaseHTTPRequestHandler], None]


class Callbacks:
    """Each path answers 200 unless `plans` has another answer. One server for the whole run."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.plans: dict[str, Plan] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                outer.take(self)

            do_POST = do_GET = do_PUT = handle_any

            def log_message(self, format: str, *arguments: Any) -> None:
                """Log nothing: tests read `received`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def take(self, request: BaseHTTPRequestHandler) -> None:
        """Record a request and answer it."""
        length = int(request.headers.get("Content-Length", 0))
        body = request.rfile.read(length).decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.received.append(Received(request.command, request.path, headers, body))
        self.plans.get(request.path.partition("?")[0], answer(200))(request)

    def at(self, path: str) -> list[Received]:
        """Return the requests of one path, in order."""
        return [one for one in self.received if one.path.partition("?")[0] == path]

    def reset(self) -> None:
        """Forget requests and plans."""
        self.received.clear()
        self.plans.clear()

    def stop(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def answer(status: int, body: bytes = b"", **headers: str) -> Plan:
    """Answer with this status, body and headers."""

    def plan(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return plan


def in_turn(*plans: Plan) -> Plan:
    """Use one plan after the other, and then the last one."""
    left = list(plans)

    def plan(request: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(request)

    return plan


def slow(seconds: float) -> Plan:
    """Close the connection after so many seconds, without an answer."""

    def plan(request: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        request.close_connection = True

    return plan


def held(released: threading.Event) -> Plan:
    """Answer 200 once the event is set."""

    def plan(request: BaseHTTPRequestHandler) -> None:
        released.wait(30)
        request.close_connection = True
        with contextlib.suppress(OSError):  # the emulator may have gone
            answer(200)(request)

    return plan


def dripping(request: BaseHTTPRequestHandler) -> None:
    """Answer in small parts, without an end."""
    request.close_connection = True
    try:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(100):
            request.wfile.write(f"X-{n}: x\r\n".encode())
            time.sleep(0.02)
    except OSError:
        return


def raw(data: bytes) -> Plan:
    """Send these bytes, then close the connection."""

    def plan(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.wfile.write(data)

    return plan


def tokens(*values: object, key: str = "accessToken") -> Plan:
    """Answer as a token endpoint, with one token after the other."""
    return in_turn(*(answer(200, json.dumps({key: value}).encode()) for value in values))


def accepts(*headers: str) -> Plan:
    """Answer 200 to these Authorization headers and 401 to all others."""

    def plan(request: BaseHTTPRequestHandler) -> None:
        known = request.headers.get("Authorization", "") in headers
        answer(200 if known else 401)(request)

    return plan
