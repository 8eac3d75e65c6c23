"""A call, and the ways to answer it: completely, in part, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_BODY = 4 * 1024 * 1024
DATABASE_HEADER = "X-Emulator-Database"
_MAX_DRAINED = 256 * 1024 * 1024


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


@dataclass(frozen=True)
class Call:
    """A complete request. `template` is the path in the contract, None for an unknown path."""

    method: str
    path: str
    template: str | None
    params: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    headers: Headers
    body: bytes = b""
    too_large: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    def with_query(self, **values: str) -> Call:
        """Return the same call with other query parameters."""
        return replace(self, query=tuple(values.items()))


def query_of(scope: Scope) -> tuple[tuple[str, str], ...]:
    text = scope["query_string"].decode("latin-1")
    return tuple(parse_qsl(text, keep_blank_values=True, errors="replace"))


async def read_body(receive: Receive, most: int = MAX_BODY) -> tuple[bytes, bool]:
    """Return the body, and whether it was larger than `most` bytes.

    A larger body is read (up to 256 MiB) and dropped, so that the client gets an answer instead of
    a broken connection. Raises ClientGone.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        size += len(message.get("body", b""))
        if size <= most:
            parts.append(message.get("body", b""))
        elif size > _MAX_DRAINED:
            return b"", True
        if not message.get("more_body", False):
            return (b"", True) if size > most else (b"".join(parts), False)


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol that keeps each client's transport, and answers non-HTTP.

    ASGI cannot end a connection without an answer; the transport can.
    """

    transports: ClassVar[dict[tuple[str, int], asyncio.Transport]] = {}
    database: ClassVar[str] = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client:
            self.transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.client and self.transports.get(self.client) is self.transport:
            del self.transports[self.client]
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, which no ASGI application sees, and close."""
        lines = ["HTTP/1.1 400 Bad Request", f"{DATABASE_HEADER}: {self.database}"]
        lines += ["Content-Type: text/plain; charset=utf-8", f"Content-Length: {len(msg)}"]
        self.transport.write("\r\n".join([*lines, "Connection: close", "", msg]).encode("ascii"))
        self.transport.close()


class Wire:
    """The connection to one client."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._transport = Protocol.transports.get(tuple(scope["client"]))

    @property
    def gone(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    async def reply(self, response: Response) -> None:
        """Send a complete answer."""
        await response(self._scope, self._receive, self._send)

    async def until_gone(self) -> None:
        """Wait until the client closes the connection."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def abort(self, *, reset: bool) -> None:
        """End the connection without an answer: close it (FIN), or with `reset` break it (RST)."""
        if self._transport is None:
            return
        if reset:
            linger = struct.pack("ii", 1, 0)
            with contextlib.suppress(OSError):  # the client may have closed it already
                self._transport.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, linger
                )
        self._transport.abort()
        await self.until_gone()

    async def cut(self, response: Response) -> None:
        """Announce the full length, send the first half, close."""
        body = bytes(response.body)
        await self._start(response.status_code, response.raw_headers)
        await self._part(body[: len(body) // 2])
        if self._transport is not None:
            self._transport.close()
            await self.until_gone()

    async def stream(self, response: Response, size: int, chunk: int = 64 * 1024) -> None:
        """Stream a JSON text of `size` bytes without its length, until the client closes."""
        length = b"content-length"
        await self._start(
            response.status_code, [pair for pair in response.raw_headers if pair[0] != length]
        )
        await self._part(b'{"id":"')
        left = size - 9
        while left > 0 and not self.gone:
            await self._part(b"x" * min(chunk, left))
            left -= chunk
            await asyncio.sleep(0)
        await self._part(b'"}', more=False)

    async def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _part(self, body: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})
