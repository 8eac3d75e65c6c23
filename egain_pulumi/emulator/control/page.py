"""The page at `/`: its files, its security headers, and the calls that only it makes.

The headers allow only its own scripts, no other source, no markup from text (Trusted Types) and no
frame around it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from ..api import body_of
from ..gateway import Gateway
from ..wire import Call
from .connections import connections

FOLDER = Path(__file__).parent.parent / "static"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FILES = {file.name: _TYPES[file.suffix] for file in FOLDER.iterdir() if file.suffix in _TYPES}
"""The files that can be fetched: no other name, so no path leads out of the folder."""

MESSAGES_PATH = "/conversations/messages"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # After an upgrade the page must fit the emulator.
    "Cache-Control": "no-store",
}


def routes(control: str) -> list[Route]:
    """Return the routes of `/` and of its files below `control`."""
    return [Route("/", _index), Route(f"{control}/page/{{name}}", _file)]


async def _index(request: Request) -> Response:
    return _respond("index.html")


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    return _respond(name) if name in FILES else Response(status_code=404)


def _respond(name: str) -> Response:
    return FileResponse(FOLDER / name, media_type=FILES[name], headers=HEADERS)


class Calls:
    """The calls of the control surface that only the page makes."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def messages(self, method: str, request: Request, body: Any) -> object:
        """Accept messages as the API does, but without a token: the chat. Raises ApiError."""
        api = self.gateway.api
        call = Call(
            method,
            request.url.path,
            MESSAGES_PATH,
            {},
            (),
            Headers({"content-type": "application/json"}),
            json.dumps(body).encode(),
        )
        operation = api.contract.operations[method, MESSAGES_PATH]
        return body_of(api.perform(operation, call, self.gateway.settings))

    def connections(self, method: str, request: Request, body: Any) -> object:
        """Return the objects and references that the page draws."""
        return connections(self.gateway.api.tenant)
