"""The page at `/`: its files, and the headers that keep it harmless.

It runs nothing but its own scripts, loads nothing from anywhere else, writes names and messages as
text only (the browser refuses all else: Trusted Types), and stands in nobody's frame.
"""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

FOLDER = Path(__file__).with_name("static")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FILES = {file.name: _TYPES[file.suffix] for file in FOLDER.iterdir() if file.suffix in _TYPES}
"""What there is to fetch, and nothing else: no name leads out of the folder."""

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
    """`/` itself, and its files below the control surface's path."""
    return [Route("/", _index), Route(f"{control}/page/{{name}}", _file)]


async def _index(request: Request) -> Response:
    return _sent("index.html")


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    return _sent(name) if name in FILES else Response(status_code=404)


def _sent(name: str) -> Response:
    return FileResponse(FOLDER / name, media_type=FILES[name], headers=HEADERS)
