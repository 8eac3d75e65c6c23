"""A server that drips, lies and cuts: between the plugin host and an emulator, on raw sockets.

server = Hostile(emulator)
server.trouble = lambda call: drip(BODY) if call.method == "GET" else None
assert server.calls[-1].began ...

Each call goes on to the emulator, unless its trouble says otherwise; the real answer is what the
trouble then spoils. Every call is written down with the moment at which its first byte came.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.support.emulator import Emulator

PACE = 0.05
"""Seconds between two bytes of what drips."""
_LONGEST = 30.0
"""Seconds after which the server itself gives up."""


@dataclass
class Call:
    """One request, as it came."""

    number: int
    began: float
    method: str
    path: str
    head: bytes = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def length(self) -> int:
        """How many bytes of a body it announces."""
        found = re.search(rb"\r\ncontent-length: *(\d+)", self.head, re.I)
        return int(found[1]) if found else 0


class Wire:
    """The connection of one call, for its trouble."""

    def __init__(self, connection: socket.socket, ended: threading.Event) -> None:
        self._connection, self._ended = connection, ended

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def drip(self, data: Iterator[bytes] | bytes, pace: float = PACE) -> None:
        """Send piece by piece, a byte at a time unless told otherwise."""
        pieces = (bytes([byte]) for byte in data) if isinstance(data, bytes) else data
        until = time.monotonic() + _LONGEST
        for piece in pieces:
            self.send(piece)
            if self._ended.wait(pace) or time.monotonic() > until:
                return

    def hang(self) -> None:
        """Say nothing until the other side has gone."""
        with contextlib.suppress(OSError):
            while not self._ended.is_set() and self._connection.recv(2**16):
                pass

    def reset(self) -> None:
        """Close without a word."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Trouble = Callable[[Wire, bytes], None]
"""Answers on the wire; the bytes are the emulator's own answer."""


class Hostile:
    """See above. `unread` chooses calls whose body is not read, or only in drips."""

    def __init__(self, emulator: Emulator, context: ssl.SSLContext | None = None) -> None:
        self._target, self._context = urlsplit(emulator.url), context
        self._emulator = emulator
        self.trouble: Callable[[Call], Trouble | None] = lambda call: None
        self.unread: Callable[[Call], bool] = lambda call: False
        self.calls: list[Call] = []
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        port = self._listener.getsockname()[1]
        self.url = f"https://localhost:{port}" if context else f"http://127.0.0.1:{port}"
        self._begin(self._accept)

    @property
    def config(self) -> dict[str, Any]:
        """Stack configuration that leads here."""
        own = self._emulator.config
        moved = {"egain:baseUrl": self._emulator.base_url, "egain:tokenUrl": self.token_url}
        moved["egain:baseUrl"] = moved["egain:baseUrl"].replace(self._emulator.url, self.url)
        return own | moved

    @property
    def token_url(self) -> str:
        """The address of the token endpoint."""
        return self._emulator.token_url.replace(self._emulator.url, self.url)

    def clear(self) -> None:
        """Behave, and forget all calls."""
        self.trouble, self.unread = lambda call: None, lambda call: False
        self.calls.clear()

    def stop(self) -> None:
        """End all connections and threads."""
        self._ended.set()
        # A listener that waits is woken by a call.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self._listener.getsockname()[1])).close()
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(_LONGEST)
        self._listener.close()

    def _begin(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            connection, _ = self._listener.accept()
            with self._lock:
                self._open.add(connection)
            self._begin(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        talk = connection
        with contextlib.suppress(OSError), connection:
            connection.settimeout(_LONGEST)
            if self._context is not None:
                talk = self._context.wrap_socket(connection, server_side=True)
                with self._lock:
                    self._open.add(talk)
            with talk:
                while not self._ended.is_set() and self._answer(talk):
                    pass
        with self._lock:
            self._open -= {connection, talk}
        self._threads.remove(threading.current_thread())

    def _answer(self, connection: socket.socket) -> bool:
        """Answer one call; whether another may follow."""
        data = connection.recv(2**16)
        began = time.monotonic()
        while data and b"\r\n\r\n" not in data:
            more = connection.recv(2**16)
            if not more:
                return False
            data += more
        if not data:
            return False
        head, _, body = data.partition(b"\r\n\r\n")
        method, path = head.split(b" ", 2)[:2]
        with self._lock:
            call = Call(len(self.calls), began, method.decode(), path.decode(), head)
            self.calls.append(call)
        wire = Wire(connection, self._ended)
        if self.unread(call):
            while not self._ended.wait(PACE) and connection.recv(1):
                pass
            return False
        while len(body) < call.length:
            body += connection.recv(2**16)
        call.body = body
        trouble = self.trouble(call)
        answer = self._forward(head, body)
        if trouble is None:
            wire.send(answer)
            return True
        trouble(wire, answer)
        return False

    def _forward(self, head: bytes, body: bytes) -> bytes:
        """Return the emulator's answer, as bytes."""
        address = (str(self._target.hostname), int(self._target.port or 80))
        with socket.create_connection(address, timeout=_LONGEST) as there:
            head = re.sub(rb"\r\nconnection:[^\r]*", b"", head, flags=re.I)
            there.sendall(head + b"\r\nConnection: close\r\n\r\n" + body)
            answer = b"".join(iter(lambda: there.recv(2**16), b""))
        return re.sub(rb"\r\nconnection: close", b"", answer, count=1, flags=re.I)
