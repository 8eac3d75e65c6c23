"""Read where messages went, and why, from the control API of an emulator."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

from ..api.transport import RequestFailed, Transport
from ..errors import EgainError
from ..names import LOOPBACK

_SECONDS = 10.0


class Control:
    """The control API. Raises EgainError unless an emulator on this machine answers."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.hostname not in LOOPBACK:
            raise EgainError(
                f"--emulator: EGAIN_BASE_URL is {parts.hostname}, but an emulator runs on this "
                "machine; omit --emulator for a tenant"
            )
        self._root = f"{parts.scheme}://{parts.netloc}/_emulator"
        self._transport = Transport(1)
        if "instance" not in self._get("/"):
            raise EgainError(f"--emulator: {self._root} does not answer as an emulator")

    def conversation(self, id: str) -> Any:
        """Return a conversation with its messages and hops."""
        return self._get(f"/conversations/{quote(id, safe='')}")

    def _get(self, path: str) -> Any:
        try:
            reply = self._transport.send("GET", f"{self._root}{path}", seconds=_SECONDS)
        except RequestFailed as failed:
            raise EgainError(f"--emulator: {self._root}: {failed.reason}") from None
        try:
            found = json.loads(reply.body) if reply.status == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise EgainError(f"--emulator: {self._root}{path} answered {reply.status}")
        return found
