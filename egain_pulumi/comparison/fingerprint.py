"""Fingerprints of secrets: without the key they tell nothing, not even by guessing. Pure."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final

from ..schema.secrets import is_mask
from ..schema.state import KEPT

SET: Final = "set"
NOT_SET: Final = "not set"
NOT_SHOWN: Final = "not shown"
"""This tenant shows no secrets, so that nobody can tell whether this one is set."""
PREFIX: Final = "hmac-sha256:"


def mark(value: Any, key: bytes | None) -> str:
    """Return what an export says of a secret: its fingerprint, or that it is set, or not."""
    if value is None:
        return NOT_SHOWN
    if value == "":
        return NOT_SET
    if key is None or is_mask(value) or value == KEPT:
        return SET
    return f"{PREFIX}{hmac.new(key, value.encode(), hashlib.sha256).hexdigest()}"


def key_id(key: bytes | None) -> str | None:
    """Return what tells two keys apart: fingerprints of different keys cannot be compared."""
    return hmac.new(key, b"egain-pulumi export", hashlib.sha256).hexdigest()[:16] if key else None
