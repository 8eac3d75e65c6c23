"""A server that replaces the customer's application during a test and keeps deliveries."""

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
_MOST_KEPT: Final = 1_000  # messages: a real hub delivers those of other customers as well
_HERE: Final = "127.0.0.1"


class Listener:
    """Answers 200 at once and keeps each message with its `time.monotonic`.

    It listens on this machine only, unless another host is given, reads only JSON and answers only
    with a status. Raises EgainError if the port is in use.
    """

    def __init__(self, port: int, host: str = _HERE) -> None:
        self._messages: deque[tuple[float, Received]] = deque(maxlen=_MOST_KEPT)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5  # seconds, for clients that announce more than they send

            def do_POST(self) -> None:
                self.send_response(outer._take(self))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Log nothing: the report has the deliveries."""

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as problem:
            raise EgainError(
                f"cannot listen on {host}:{port}: {problem.strerror}; choose another port"
            ) from None
        self._server.daemon_threads = True
        self.address = f"{host}:{self._server.server_port}"
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def messages(self, conversation: str) -> list[tuple[float, Received]]:
        """Return the messages of a conversation, in order of arrival."""
        return [(at, m) for at, m in list(self._messages) if m.conversation == conversation]

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
        self._messages.extend((now, each) for each in received(delivered))
        return 200


def port_of(callback: str | None) -> int | None:
    """Return the port of a callback on this machine; None for any other callback."""
    try:
        parts = urlsplit(callback or "")
        here = parts.scheme == "http" and parts.hostname in LOOPBACK
        return (parts.port or 80) if here else None
    except ValueError:
        return None


def parse_listen(text: str) -> tuple[str, int]:
    """Return host and port of `--listen`: `8080` or `0.0.0.0:8080`. Raises EgainError."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise EgainError(f"--listen: expects a port or host:port, such as 8080, not {text!r}")
    return host or _HERE, int(port)
