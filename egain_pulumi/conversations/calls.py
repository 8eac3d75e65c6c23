"""The API calls of `Conversations` and `Assets`, and the errors that they raise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..api import ids
from ..api.client import Answer, Client
from ..api.limits import Hooks
from ..api.settings import Settings
from ..errors import EgainError
from .failures import Attempt

_MANAGE: Final = "app.conversation.conversationmgr.interaction.manage"
_READ: Final = "app.conversation.conversationmgr.interaction.read"
# Configuration needs other scopes (contract: `x-app-scopes-any-of`).
TO_WRITE: Final = (_MANAGE,)
TO_READ: Final = (_READ, _MANAGE)


class Calls:
    """One client for messages and assets; thread-safe."""

    def __init__(self, settings: Settings, hooks: Hooks | None = None) -> None:
        self.settings = settings
        self.client = Client(settings, hooks)

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
            deadline = self.client.deadline()
            return self.client.call(method, where, deadline, content, scope=scope)
        except EgainError as error:
            raise attempt.error(error) from None


def choose(configured: str, any_of: Sequence[str]) -> str:
    """Return the scope to request for calls that need one of several scopes.

    Return the configured scopes if they are `…/.default` (all scopes of the client) or contain a
    needed one; otherwise the first needed one, with the prefix of the configured scopes.
    """
    listed = configured.split()
    names = [scope.rpartition("/")[2] for scope in listed]
    if ".default" in names or any(name in any_of for name in names):
        return configured
    prefix, slash, _ = listed[0].rpartition("/") if listed else ("", "", "")
    return f"{prefix}{slash}{any_of[0]}"


def _segment(id: str) -> str:
    """Quote one segment of a path. Raises EgainError for an id that would change the path."""
    if not ids.is_id(id):
        raise EgainError("id: expects an id from eGain, as a text.")
    return ids.segment(id)
