"""The control surface of an emulator, read only: where a message went, and why."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

from ..api.transport import NoReply, Transport
from ..errors import EgainError
from ..names import LOOPBACK

_SECONDS = 10.0


class Control:
    """Raises EgainError where no emulator of ours answers, and for anything but this machine."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.hostname not in LOOPBACK:
            raise EgainError(
                f"--emulator: EGAIN_BASE_URL is {parts.hostname}, and an emulator runs on this "
                "machine; leave --emulator out for a tenant"
            )
        self._root = f"{parts.scheme}://{parts.netloc}/_emulator"
        self._transport = Transport(1)
        if "instance" not in self._get("/"):
            raise EgainError(f"--emulator: what answers at {self._root} is no emulator of ours")

    def conversation(self, id: str) -> Any:
        """One conversation with its messages and hops."""
        return self._get(f"/conversations/{quote(id, safe='')}")

    def _get(self, path: str) -> Any:
        try:
            reply = self._transport.send("GET", f"{self._root}{path}", seconds=_SECONDS)
        except NoReply as none:
            raise EgainError(f"--emulator: {self._root}: {none.reason}") from None
        try:
            found = json.loads(reply.body) if reply.status == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise EgainError(f"--emulator: {self._root}{path} answered {reply.status}")
        return found
