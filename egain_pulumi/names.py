"""Names: the vendor's camelCase, "did you mean", loopback hosts."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

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
