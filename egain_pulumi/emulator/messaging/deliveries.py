"""The worker: routes and delivers messages in the background, in order per conversation.

It is canceled by the end of the server's event loop and by a reset.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from ..contract.answer_check import Checker
from ..settings import Settings
from ..tenant import Tenant
from . import notices, payload, restrictions
from .assets import Assets
from .bodies import Body, text_at
from .callback import Limits
from .codes import Code, Reason
from .conversations import FAILED, SENT, Conversations
from .courier import Courier
from .kinds import AGENTS, CUSTOMER, END
from .routing import NoAgents, Router, Target
from .trail import NOTED, STOPPED, Trail
from .walk import Ended, Stopped, Undeliverable, Walk

MOST_AT_ONCE = 16


@dataclass(frozen=True)
class Parts:
    """The parts that the worker needs."""

    tenant: Tenant
    conversations: Conversations
    assets: Assets
    trail: Trail
    router: Router
    courier: Courier
    checker: Checker
    outside: bool


class Deliveries:
    """One queue and one task per conversation; at most 16 calls of callbacks at once."""

    def __init__(self, parts: Parts, settings: Settings) -> None:
        self._parts, self._settings = parts, settings
        self._changed = asyncio.Event()
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._queues: dict[str, deque[str]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._retained: set[str] = set()

    def configure(self, settings: Settings) -> None:
        """Apply changed settings: agents may be available now."""
        self._settings = settings
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def submit(self, message: str) -> None:
        """Queue an accepted message behind those of its conversation."""
        conversation = self._parts.conversations.messages[message]["conversation"]
        self._queues.setdefault(conversation, deque()).append(message)
        if conversation not in self._tasks:
            self._tasks[conversation] = asyncio.create_task(self._work(conversation))

    def counts(self) -> dict[str, int]:
        """Count messages that are `pending`, and of those the `retained`.

        A message is retained if it waits for agents, or behind one that does.
        """
        pending = sum(len(queue) for queue in self._queues.values())
        waiting = sum(len(self._queues[key]) for key in self._retained)
        return {"pending": pending, "retained": waiting}

    def clear(self) -> None:
        """Drop all messages in flight."""
        for task in self._tasks.values():
            task.cancel()
        self._queues, self._tasks = {}, {}
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._retained.clear()

    async def _work(self, conversation: str) -> None:
        queue = self._queues[conversation]
        while queue:
            message = queue[0]
            try:
                await self._process(conversation, message)
            except Exception as problem:  # noqa: BLE001 (a bug of ours must not end the queue)
                reason = Reason(Code.EMULATOR_FAILED, problem=type(problem).__name__)
                self._parts.checker.record(reason.text)
                self._parts.conversations.finish(message, FAILED, reason)
            queue.popleft()
        del self._queues[conversation], self._tasks[conversation]

    async def _process(self, conversation: str, message: str) -> None:
        parts = self._parts
        walk = Walk(parts.tenant, parts.trail, conversation, message)
        body = parts.conversations.original(message)
        try:
            target = await self._route(walk, body)
        except Stopped as stopped:
            parts.conversations.finish(message, FAILED, stopped.reason)
            if stopped.text:
                await self._notify(walk, body, stopped.text, stopped.filling)
            return
        sent = await self._deliver(walk, target, body)
        if not sent and text_at(body, "sender", "type") in AGENTS:
            await self._notify(walk, body, restrictions.FAILED)
        if text_at(body, "type", "value") == END:
            await self._send_transcript(walk)

    async def _route(self, walk: Walk, body: Body) -> Target:
        """Return the target of a message; wait for agents if the account says so."""
        while True:
            try:
                return self._parts.router.route(walk, body, self._settings)
            except NoAgents:
                await self._notify(walk, body, restrictions.RETAIN)
                self._retained.add(walk.conversation)
                while not self._settings.agents_available:
                    await self._changed.wait()
                self._retained.discard(walk.conversation)

    async def _deliver(self, walk: Walk, target: Target, body: Body) -> bool:
        """Deliver one message; return whether it arrived."""
        parts = self._parts
        conversation = parts.conversations.all[walk.conversation]
        one = payload.message(body, walk.message, conversation, parts.assets, self._settings)
        try:
            await self._post(walk, target, payload.delivery([one]))
        except Stopped as stopped:
            parts.conversations.finish(walk.message, FAILED, stopped.reason)
        except Undeliverable as problem:
            mail = text_at(target.role, "notificationEmail") or None
            if mail:
                walk.note("mail", NOTED, Reason(Code.MAIL_DUE, address=mail))
            parts.conversations.finish(walk.message, FAILED, problem.reason, mail)
        else:
            parts.conversations.finish(walk.message, SENT)
            return True
        return False

    async def _post(self, walk: Walk, target: Target, body: Body) -> None:
        self._parts.checker.check_delivery(body, self._settings)
        limits = Limits(self._settings.callback_seconds, self._parts.outside)
        async with self._slots:
            await self._parts.courier.deliver(walk, target, body, limits)

    async def _notify(self, walk: Walk, body: Body, name: str, filling: str = "") -> None:
        """Send a text of the channel to the sender of `body`; texts about agents to the customer.

        A failure of this text causes no further one.
        """
        parts = self._parts
        role = CUSTOMER if name in restrictions.ABOUT_AGENTS else text_at(body, "sender", "type")
        words = notices.words(parts.tenant, parts.conversations, walk, role, name, filling)
        if words is None:
            return
        said = notices.message(walk.conversation, words)
        key = parts.conversations.accept(walk.conversation, said)
        walk.note("text", NOTED, Reason(Code.NOTICE_SENT, name=name, message=key))
        second = Walk(parts.tenant, parts.trail, walk.conversation, key)
        try:
            target = parts.router.to_sender(second, role, self._settings)
        except Ended as ended:
            parts.conversations.finish(key, FAILED, ended.reason)
            return
        await self._deliver(second, target, said)

    async def _send_transcript(self, walk: Walk) -> None:
        """Deliver all messages at once (forwardTranscript); a failure is only noted."""
        parts = self._parts
        try:
            target = parts.router.transcript(walk)
            if target is None:
                return
            row = parts.conversations.all[walk.conversation]
            said = [
                payload.message(body, walk.message, row, parts.assets, self._settings)
                for body in parts.conversations.delivered_bodies(walk.conversation)
            ]
            walk.note("transcript", NOTED, Reason(Code.TRANSCRIPT, count=len(said)))
            await self._post(walk, target, payload.delivery(said))
        except Ended as ended:
            walk.note("transcript", STOPPED, ended.reason)
