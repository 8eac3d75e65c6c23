"""Addresses as they may be shown: without user, query and fragment, each of which may be secret."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

UNCLEAR = "(address not shown)"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")


def redact(url: str) -> str:
    """Return an address without its secret parts."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, f":{parts.port}" if parts.port else ""
    except ValueError:
        return UNCLEAR
    # Without a host, or with an @ after it, a part that is shown could be user and password.
    if not host or "@" in parts.path:
        return UNCLEAR
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{parts.path}"


def redact_in(text: str) -> str:
    """Return a text in which each address is redacted."""
    return _ADDRESS.sub(lambda found: redact(found[0]), text)
