"""A bot behind the hub's callback, which answers at once and sends its messages afterwards."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

import requests

from tests.emulator.callbacks import answer
from tests.emulator.handle import BASE
from tests.emulator.hub import Hub

GREETING = "Hello! Orders or complaints?"
HANDING_OVER = "I will get somebody for you."


class Bot:
    """Greets the customer, and escalates a message that contains "agent"."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._token = hub.emulator.bearer()
        self._taken: queue.Queue[Any] = queue.Queue()
        hub.callbacks.plans["/bot"] = self._take
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def stop(self) -> None:
        """Stop the bot."""
        self._taken.put(None)
        self._thread.join()

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        answer(200)(request)
        self._taken.put(self._hub.callbacks.at("/bot")[-1].message)

    def _work(self) -> None:
        while (message := self._taken.get()) is not None:
            words = message.get("content", {}).get("text", "")
            conversation = {"id": message["conversation"]["id"]}
            if "agent" in words:
                self._send(conversation, "text", content={"text": HANDING_OVER})
                self._send(conversation, "escalation.transfer")
            elif words:
                self._send(conversation, "text", content={"text": GREETING})

    def _send(self, conversation: Any, kind: str, **parts: Any) -> None:
        message = {"type": {"value": kind}, "sender": {"type": "custom_bot"}, **parts}
        body = {"messages": {"message": [{**message, "conversation": conversation}]}}
        requests.post(
            f"{self._hub.emulator.url}{BASE}/conversations/messages",
            json=body,
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=10,
        ).raise_for_status()
