"""The customer's application for the length of a test: it takes what eGain delivers."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlsplit

from ..conversations import Received, received
from ..errors import EgainError
from ..names import LOOPBACK

_MOST_BYTES: Final = 2**20
_MOST_KEPT: Final = 1_000  # messages: of a real hub, others' come here as well
_HERE: Final = "127.0.0.1"


class Listener:
    """A server that answers 200 at once and keeps what came, each with its `time.monotonic`.

    On this machine alone, unless another host is given. It reads nothing but JSON and answers
    nothing but a status. Raises EgainError where the port is taken.
    """

    def __init__(self, port: int, host: str = _HERE) -> None:
        self._came: deque[tuple[float, Received]] = deque(maxlen=_MOST_KEPT)
        outer = self

        class Door(BaseHTTPRequestHandler):
            timeout = 5  # seconds, for whoever announces more than he sends

            def do_POST(self) -> None:
                self.send_response(outer._take(self))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """The report says what came."""

        try:
            self._server = ThreadingHTTPServer((host, port), Door)
        except OSError as problem:
            raise EgainError(
                f"cannot listen at {host}:{port}: {problem.strerror}; is it taken?"
            ) from None
        self._server.daemon_threads = True
        self.address = f"{host}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.daemon = True
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def came(self, conversation: str) -> list[tuple[float, Received]]:
        """What came for a conversation, in order of arrival."""
        return [(at, each) for at, each in list(self._came) if each.conversation == conversation]

    def _take(self, request: BaseHTTPRequestHandler) -> int:
        length = request.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            return 411
        if int(length) > _MOST_BYTES:
            return 413
        now = time.monotonic()
        try:
            delivered = json.loads(request.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return 400
        self._came.extend((now, each) for each in received(delivered))
        return 200


def port_of(callback: str | None) -> int | None:
    """The port of a callback that a listener here would be; None: it leads elsewhere."""
    try:
        parts = urlsplit(callback or "")
        here = parts.scheme == "http" and parts.hostname in LOOPBACK
        return (parts.port or 80) if here else None
    except ValueError:
        return None


def place(text: str) -> tuple[str, int]:
    """Host and port of `--listen`: `8080`, or `0.0.0.0:8080`. Raises EgainError."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise EgainError(f"--listen: expects a port, or host:port, such as 8080; not {text!r}")
    return host or _HERE, int(port)
