"""The emulator is for programs of this machine, not for the web pages that are open on it.

A page of another site can send requests here: directly, or under its own name if that name resolves
to 127.0.0.1 (DNS rebinding), and then it reads the answers too. A browser says so in `Origin` and
`Host`, which a page cannot change.
"""

from __future__ import annotations

import ipaddress

from starlette.responses import Response
from starlette.types import Scope

from . import errors
from .errors import json_response

TEXT = (
    "The emulator answers this machine only. Use 127.0.0.1, localhost or [::1] in the address, "
    "and no web page but its own."
)


def is_foreign(scope: Scope) -> bool:
    """Whether `Host` names another machine, or `Origin` another page than the emulator's own."""
    hosts, origins = (_values(scope, name) for name in (b"host", b"origin"))
    if len(hosts) != 1 or not _is_loopback(hosts[0]):
        return True
    return bool(origins) and origins != [f"http://{hosts[0]}"]


def refusal() -> Response:
    """Return the answer to a foreign call, in the form of the API and of the control surface."""
    body = {"code": f"403-{errors.FOREIGN}", "developerMessage": TEXT, "error": TEXT}
    return json_response(body, 403)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for key, value in scope["headers"] if key == name]


def _is_loopback(host: str) -> bool:
    name, colon, port = host.rpartition(":")
    if host.endswith("]") or not colon:
        name = host
    elif not (port.isascii() and port.isdecimal()):
        return False
    if name == "localhost":
        return True
    if name.startswith("["):
        return name == "[::1]"
    try:
        return ipaddress.IPv4Address(name).is_loopback
    except ValueError:
        return False
