"""Names: the vendor's camelCase, "did you mean", addresses."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Iterable
from functools import cache
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from pydantic.alias_generators import to_camel


def closest(name: str, names: Iterable[str]) -> str | None:
    """Return the known name that was probably meant."""
    # camelCase first, since people copy from the vendor's pages.
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    candidates = list(names)
    if snake in candidates:
        return snake
    return next(iter(difflib.get_close_matches(name, candidates, 1)), None)


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this machine, the only host that plain http is allowed for."""


def is_loopback(url: str) -> bool:
    """Return whether a URL leads to this machine, under any name or address of it."""
    host = urlsplit(url).hostname or ""
    try:
        return host in LOOPBACK or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def wire_name(field: str) -> str:
    """Return the vendor's name of a field: `displayName` for `display_name`.

    There is no inverse: a name like `l10nProperties` does not show where its words begin.
    """
    return _IRREGULAR.get(field) or to_camel(field)


_IRREGULAR = {"l10n_properties": "l10nProperties"}  # `to_camel` capitalizes a letter after a digit


_ADDRESS: Final = re.compile(r"://(?:[^\s/?#]*@)?([^\s?#]*)([?#]\S*)?")
_SECRET_NAME: Final = re.compile(
    r"key|token|secret|signature|passw|pwd|credential|jwt"
    r"|^code$|(^|[^a-z])(sig|auth|pass)($|[^a-z])",
    re.I,
)
_RANDOM: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w+/=.~-]{20,}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_FEW: Final = 4


def public_address(text: str) -> str:
    """Return a text with each address in it without user, query and fragment, where keys travel."""
    return _ADDRESS.sub(lambda found: f"://{found[1]}{'?…' if found[2] else ''}", text)


def credentials_in(address: str) -> str | None:
    """Return where in an address credentials seem to be, without their value."""
    try:
        parts = urlsplit(address)
        query = [*parse_qsl(parts.query), *parse_qsl(parts.fragment)]
    except ValueError:
        return None
    if "@" in parts.netloc:
        return "a user name or password"
    for name, value in query:
        if _SECRET_NAME.search(name) and len(value) >= _FEW:
            return "a query with a key, token or password"
        if _RANDOM.fullmatch(value) and not _UUID.fullmatch(value):
            return "a query with a long random value"
    return None
