"""The scope to request for a token. Pure.

Conversations and assets need other scopes than configuration (contract: `x-app-scopes-any-of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

MANAGE: Final = "app.conversation.conversationmgr.interaction.manage"
READ: Final = "app.conversation.conversationmgr.interaction.read"

TO_WRITE: Final = (MANAGE,)
TO_READ: Final = (READ, MANAGE)


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
