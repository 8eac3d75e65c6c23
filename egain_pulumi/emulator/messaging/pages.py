"""Messaging on the control surface: conversations, hops and failed messages.

Texts of messages are shown, secrets never: addresses have no query.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from .bodies import Body
from .endpoints import Messaging


class MessagingPages:
    """One method for each path, called as those of `control` are."""

    def __init__(self, messaging: Messaging) -> None:
        self._messaging = messaging

    def conversations(self, method: str, request: Request, body: Any) -> object:
        """Return all conversations, oldest first, without their messages."""
        return {"conversations": [self._row(key) for key in self._messaging.conversations.all]}

    def conversation(self, method: str, request: Request, body: Any) -> object:
        """Return one conversation with its messages and hops."""
        key = request.path_params["id"]
        if key not in self._messaging.conversations.all:
            raise LookupError(f"conversation {key} does not exist")
        messages = self._messaging.conversations.view_messages(key)
        hops = self._messaging.trail.as_json(conversation=key)
        return {**self._row(key), "messages": messages, "hops": hops}

    def hops(self, method: str, request: Request, body: Any) -> object:
        """Return the hops of all conversations; `?since=17` leaves out the first 17."""
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdecimal()):
            raise ValueError("since must be the number of a hop")
        trail = self._messaging.trail
        counts = self._messaging.deliveries.counts()
        return {**counts, "last": trail.last, "hops": trail.as_json(int(since))}

    def undeliverable(self, method: str, request: Request, body: Any) -> object:
        """Return the failed messages, with reason and mail address."""
        return {"messages": self._messaging.conversations.failed_messages()}

    def _row(self, key: str) -> Body:
        shown = self._messaging.conversations.view(key)
        return {**shown, "open": self._messaging.is_open(key)}
