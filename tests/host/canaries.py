"""Distinct random secrets, and the search for every form in which one could show."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from urllib.parse import quote, quote_plus


class Canaries:
    """Makes them, remembers them, and finds them again."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}

    def new(self, place: str, around: str = "{}") -> str:
        """A new one for a place; `around` is the text that it stands in."""
        self._made[place] = secrets.token_hex(12)
        return around.replace("{}", self._made[place])

    def found_in(self, text: str) -> list[str]:
        """The places whose secret shows in a text, as it was or encoded, whole or cut."""
        return [
            place
            for place, canary in self._made.items()
            if any(form in text for form in _forms(canary))
        ]


def _forms(canary: str) -> Iterator[str]:
    yield canary
    # A text that was cut in the middle of a secret still shows most of it.
    yield canary[: len(canary) // 2]
    yield canary[len(canary) // 2 :]
    yield quote(canary, safe="")
    yield quote_plus(canary)
    yield json.dumps(canary)[1:-1]
    for shift in range(3):  # as base64, wherever in a longer text it began
        encoded = base64.b64encode(b"\0" * shift + canary.encode())
        yield encoded[4 if shift else 0 : -4].decode()
