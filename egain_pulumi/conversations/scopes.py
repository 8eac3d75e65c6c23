"""Which scope to ask a token for. Pure.

Conversations and assets need other scopes than configuration (contract: `x-app-scopes-any-of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

MANAGE: Final = "app.conversation.conversationmgr.interaction.manage"
READ: Final = "app.conversation.conversationmgr.interaction.read"

TO_WRITE: Final = (MANAGE,)
TO_READ: Final = (READ, MANAGE)


def asked(configured: str, any_of: Sequence[str]) -> str:
    """The scope text for calls that need one of some scopes, in the form of the configured one.

    What is configured, if it stands for everything that the client has (`…/.default`) or names
    one of them; else the first of them, with the prefix that the configured ones have.
    """
    listed = configured.split()
    names = [scope.rpartition("/")[2] for scope in listed]
    if ".default" in names or any(name in any_of for name in names):
        return configured
    prefix, slash, _ = listed[0].rpartition("/") if listed else ("", "", "")
    return f"{prefix}{slash}{any_of[0]}"
