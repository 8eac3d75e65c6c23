"""The control surface is for this machine only, and not for other web pages open on it."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from ..errors import json_response

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def only_loopback(app: ASGIApp) -> ASGIApp:
    """Refuse calls of foreign web pages: another Host (DNS rebinding) or another Origin."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        host = _host(headers.get("host", ""))
        origin = headers.get("origin")
        ok = host in _LOOPBACK and (origin is None or _host(origin.partition("//")[2]) in _LOOPBACK)
        answer = json_response(
            {"error": "only this machine may call this: use 127.0.0.1 or localhost"}, 403
        )
        await (app if ok else answer)(scope, receive, send)

    return guard


def _host(text: str) -> str:
    """Return a Host header or an origin without its port."""
    name, _, port = text.lower().rpartition(":")
    return name if name and port.isdecimal() and not text.endswith("]") else text.lower()
