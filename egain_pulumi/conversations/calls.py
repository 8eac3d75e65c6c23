"""The API calls of `Conversations` and `Assets`, and the errors that they raise."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..api.client import Answer, Client, Hooks
from ..api.retry import Sleep
from ..api.settings import Settings
from ..errors import EgainError
from .failures import Attempt
from .scopes import TO_READ, TO_WRITE, choose


class Calls:
    """One client for messages and assets; thread-safe."""

    def __init__(self, settings: Settings, hooks: Hooks | None = None) -> None:
        self.settings = settings
        self._client = Client(settings, hooks)

    def attempt(self, verb: str, thing: str, secrets: Sequence[str] = (), **more: Any) -> Attempt:
        """Return the description of an operation, for its errors."""
        scope = (TO_READ if verb == "read" else TO_WRITE)[0]
        own = self.settings.client_secret
        hidden = (*secrets, *([own.get_secret_value()] if own else []))
        return Attempt(verb, thing, self.settings.client_id, scope, hidden, **more)

    def call(
        self, method: str, path: Sequence[str], attempt: Attempt, content: Any = None
    ) -> Answer:
        """Send a request, and retry it where that is safe. Raises the errors of `failures`."""
        where = "".join(f"/{_segment(part)}" for part in path)
        scope = choose(self.settings.scope, TO_READ if method == "GET" else TO_WRITE)
        try:
            return self._client.call(method, where, self.deadline(), content, scope=scope)
        except EgainError as error:
            raise attempt.error(error) from None

    def deadline(self) -> float:
        """Return when an operation that begins now must end (`time.monotonic` seconds)."""
        return time.monotonic() + self.settings.operation_timeout_seconds

    @property
    def sleep(self) -> Sleep:
        """How the client waits between two tries."""
        return self._client.sleep


def _segment(id: str) -> str:
    """Quote one segment of a path. Raises EgainError for an id that would change the path."""
    if not isinstance(id, str) or not id.strip(" ."):
        raise EgainError("id: expects an id from eGain, as a text.")
    return quote(id, safe="")
