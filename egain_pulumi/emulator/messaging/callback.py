"""One HTTP call to a callback or a token endpoint, limited in time and size.

It follows no redirect and uses no proxy. No problem contains a header's value or text of an answer.
TLS certificates are verified as usual (SSL_CERT_FILE adds certificates).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import h11

from .codes import Code, Reason

MOST_BYTES = 64 * 1024
_SAFE = "/%:@!$&'()*+,;=~-._"
_OWN = frozenset((b"host", b"content-length", b"transfer-encoding", b"connection"))
Pairs = Sequence[tuple[str, str]]


class Unreachable(Exception):
    """There is no usable answer. The subject of `reason` is "the callback", for example."""

    def __init__(self, code: Code, **facts: object) -> None:
        super().__init__(code)
        self._code, self._facts = code, facts

    def reason(self, subject: str) -> Reason:
        return Reason(self._code, subject=subject, **self._facts)


@dataclass(frozen=True)
class Answer:
    """Status and complete body."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Limits:
    """seconds: real time for a whole call. outside: whether it may leave this machine."""

    seconds: float
    outside: bool


async def call(method: str, url: str, headers: Pairs, body: bytes, limits: Limits) -> Answer:
    """Return the answer, whatever its status; raise Unreachable if there is none."""
    place = _place(url, outside=limits.outside)
    request = _request(method, place, headers, body)
    try:
        async with asyncio.timeout(limits.seconds):
            return await _exchange(place, request, body)
    except TimeoutError:
        raise Unreachable(Code.TIMEOUT, seconds=limits.seconds) from None
    except h11.RemoteProtocolError:
        raise Unreachable(Code.NOT_HTTP) from None
    except ssl.SSLCertVerificationError as problem:
        raise Unreachable(Code.CERTIFICATE_INVALID, problem=problem.verify_message) from None
    except ssl.SSLError:
        raise Unreachable(Code.NO_TLS) from None
    except ConnectionRefusedError:
        raise Unreachable(Code.CONNECTION_REFUSED) from None
    except socket.gaierror:
        raise Unreachable(Code.HOST_UNKNOWN) from None
    except OSError as problem:
        raise Unreachable(Code.CONNECTION_LOST, problem=type(problem).__name__) from None


class _Place(NamedTuple):
    """The parts of an address: name for TLS and Host, hosts to try, path with query."""

    secure: bool
    name: str
    hosts: list[str]
    port: int
    netloc: str
    target: str


def _place(url: str, *, outside: bool) -> _Place:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        if not host:
            raise ValueError
        # The form that is resolved; a name without that form raises a ValueError too.
        host = host.encode("ascii" if ":" in host else "idna").decode("ascii")
    except ValueError:
        raise Unreachable(Code.ADDRESS_UNUSABLE) from None
    if parts.scheme not in ("http", "https"):
        raise Unreachable(Code.ADDRESS_NOT_HTTP)
    if parts.username is not None:
        raise Unreachable(Code.ADDRESS_WITH_CREDENTIALS)
    hosts = _loopback_addresses(host)
    if not hosts and not outside:
        raise Unreachable(Code.OUTSIDE_NOT_ALLOWED)
    if not hosts and parts.scheme == "http":
        raise Unreachable(Code.OUTSIDE_NOT_HTTPS)
    netloc = f"[{host}]" if ":" in host else host
    target = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        target += "?" + quote(parts.query, safe="?" + _SAFE)
    return _Place(
        secure=parts.scheme == "https",
        name=host,
        hosts=hosts or [host],
        port=port or (443 if parts.scheme == "https" else 80),
        netloc=f"{netloc}:{port}" if port else netloc,
        target=target,
    )


def _loopback_addresses(host: str) -> list[str]:
    """Return the addresses of a host that is this machine, none for any other.

    Other names are not resolved, because their owner could point them at this machine.
    """
    if host == "localhost":
        return ["127.0.0.1", "::1"]
    try:
        return [host] if ipaddress.ip_address(host).is_loopback else []
    except ValueError:
        return []


def _request(method: str, place: _Place, headers: Pairs, body: bytes) -> h11.Request:
    """Build the request; of two equal headers the last one counts."""
    named: dict[bytes, tuple[bytes, bytes]] = {}
    for name, value in headers:
        try:
            key = name.encode("ascii")
            named[key.lower()] = key, value.encode("latin-1")
        except UnicodeEncodeError:
            raise Unreachable(Code.HEADER_UNSENDABLE) from None
        if key.lower() in _OWN:
            raise Unreachable(Code.HEADER_RESERVED, header=key.decode())
    own = [
        (b"Host", place.netloc.encode("ascii")),
        (b"Content-Length", str(len(body)).encode()),
        (b"Connection", b"close"),
    ]
    try:
        return h11.Request(method=method, target=place.target, headers=[*own, *named.values()])
    except (h11.LocalProtocolError, UnicodeEncodeError):
        raise Unreachable(Code.HEADER_UNSENDABLE) from None


async def _exchange(place: _Place, request: h11.Request, body: bytes) -> Answer:
    reader, writer = await _connect(place)
    try:
        line = h11.Connection(h11.CLIENT, max_incomplete_event_size=16 * 1024)
        sent = [line.send(request), line.send(h11.Data(body)), line.send(h11.EndOfMessage())]
        # A callback may answer and close before it has read the whole request.
        with contextlib.suppress(ConnectionError):
            writer.write(b"".join(part for part in sent if part))
            await writer.drain()
        return await _answer(line, reader)
    finally:
        writer.transport.abort()


async def _connect(place: _Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    tls = ssl.create_default_context() if place.secure else None
    name = place.name if place.secure else None
    for host in place.hosts[:-1]:
        with contextlib.suppress(ConnectionRefusedError):
            return await asyncio.open_connection(host, place.port, ssl=tls, server_hostname=name)
    return await asyncio.open_connection(place.hosts[-1], place.port, ssl=tls, server_hostname=name)


async def _answer(line: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    status, size = 0, 0
    parts: list[bytes] = []
    while True:
        event = line.next_event()
        match event:
            case h11.NEED_DATA:
                line.receive_data(await reader.read(16 * 1024))
            case h11.Response():
                status = event.status_code
            case h11.Data():
                size += len(event.data)
                parts.append(bytes(event.data))
                if size > MOST_BYTES:
                    raise Unreachable(Code.ANSWER_TOO_LARGE, limit=MOST_BYTES)
            case h11.EndOfMessage():
                return Answer(status, b"".join(parts))
            case h11.ConnectionClosed():
                raise Unreachable(Code.NOT_HTTP)
            case _:
                continue  # an informational answer, such as 100 Continue
