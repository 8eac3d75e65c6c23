"""Conversations and their messages, in memory and written through to the store."""

from __future__ import annotations

import uuid
from typing import Any

from ..clock import Clock
from ..contract.shapes import MASK, Shape, for_people
from ..store import Store
from .bodies import Body, at, objects_at, shown_url, text_at
from .codes import Code, Reason
from .kinds import END, SYSTEM

CONVERSATIONS, MESSAGES = "conversations", "messages"
ACCEPTED, SENT, FAILED = "accepted", "sent", "failed"
BOT, AGENT = "bot", "agent"


class Conversations:
    """Rows as they are stored.

    A conversation: id, accountId, start (as the first message described it), with (bot, agent or
    None), escalated, ended, created, touched (seconds of the emulator's clock).
    A message: id, conversation, body, status, reason (with its code), mailed, created, sent.
    """

    def __init__(self, store: Store, clock: Clock, shape: Shape) -> None:
        """`shape` is what the contract says about a message."""
        self._store, self._clock, self._shape = store, clock, shape
        self.all: dict[str, Body] = {}
        self.messages: dict[str, Body] = {}
        self._of: dict[str, list[str]] = {}
        # Bodies under way, as they were sent; the stored ones may be redacted.
        self._whole: dict[str, Body] = {}

    def load(self, conversations: list[Body], messages: list[Body]) -> None:
        """Begin with what the database holds. What was under way when it ended has failed."""
        self.all = {row["id"]: row for row in conversations}
        # Databases from before there were codes have none.
        self.messages = {row["id"]: {"code": None, **row} for row in messages}
        self._of = {key: [] for key in self.all}
        self._whole.clear()
        for row in messages:
            self._of[row["conversation"]].append(row["id"])
            if row["status"] == ACCEPTED:
                self.settle(row["id"], FAILED, Reason(Code.EMULATOR_ENDED))

    def begin(self, account: str, start: Body) -> str:
        """A new conversation on an account; its id."""
        key, now = str(uuid.uuid4()), self._clock.now()
        self.all[key] = {
            "id": key,
            "accountId": account,
            "start": start,
            "with": None,
            "escalated": False,
            "ended": False,
            "created": self._clock.stamp(now),
            "touched": now,
        }
        self._of[key] = []
        self._save(key)
        return key

    def accept(self, conversation: str, body: Body) -> str:
        """Store a message that will be delivered; its id."""
        key, now = str(uuid.uuid4()), self._clock.now()
        self._whole[key] = body
        self.messages[key] = {
            "id": key,
            "conversation": conversation,
            "body": _redacted(body),
            "status": ACCEPTED,
            "reason": None,
            "code": None,
            "mailed": None,
            "created": self._clock.stamp(now),
            "sent": None,
        }
        self._of[conversation].append(key)
        self._store.put(MESSAGES, key, self.messages[key])
        row = self.all[conversation]
        if text_at(body, "sender", "type") != SYSTEM:
            row["touched"] = now
        row["ended"] = row["ended"] or text_at(body, "type", "value") == END
        self._save(conversation)
        return key

    def whole(self, message: str) -> Body:
        """A message's body as it was sent, while it is under way."""
        return self._whole[message]

    def settle(
        self, message: str, status: str, reason: Reason | None = None, mailed: str | None = None
    ) -> None:
        """Say how a message ended: sent, or failed for a reason; `mailed` is who was told."""
        self._whole.pop(message, None)
        row = self.messages[message]
        row.update(status=status, mailed=mailed)
        if reason:
            row.update(reason=reason.text, code=reason.code)
        if status == SENT:
            row["sent"] = self._clock.stamp()
        self._store.put(MESSAGES, message, row)

    def hand_to(self, conversation: str, who: str) -> None:
        """From now on the customer talks to the bot, or to the agents."""
        row = self.all[conversation]
        row["escalated"] = row["escalated"] or (row["with"] == BOT and who == AGENT)
        row["with"] = who
        self._save(conversation)

    def is_open(self, conversation: str, minutes: Any) -> bool:
        """Whether messages may still come, `minutes` being the account's `timeout`."""
        row = self.all[conversation]
        limited = isinstance(minutes, int | float) and not isinstance(minutes, bool)
        late = limited and self._clock.now() > row["touched"] + minutes * 60
        return not row["ended"] and not late

    def former(self, conversation: str) -> Body | None:
        """The customer's conversation on the same account before this one, if he is known."""
        row = self.all[conversation]
        who = contact(row["start"])
        rows = [
            other
            for other in self.all.values()
            if who and other["accountId"] == row["accountId"] and contact(other["start"]) == who
        ]
        before = rows[: rows.index(row)] if who else []
        return before[-1] if before else None

    def bodies(self, conversation: str) -> list[Body]:
        """What was said by people and bots, and came through."""
        rows = [self.messages[key] for key in self._of[conversation]]
        said = [row for row in rows if row["status"] == SENT]
        return [row["body"] for row in said if text_at(row["body"], "sender", "type") != SYSTEM]

    def finished(self, conversation: str) -> Body:
        """The contract's Conversation."""
        row = self.all[conversation]
        start = row["start"]
        kept = ("account", "conversationContact", "entryPoint", "customer")
        rows = [self.messages[key] for key in self._of[conversation]]
        return {
            "id": conversation,
            **{name: start[name] for name in kept if name in start},
            "messages": {"message": [_public(one) for one in rows]},
        }

    def shown(self, conversation: str) -> Body:
        """For people: the row, without what the contract does not know."""
        row = self.all[conversation]
        start = for_people(self._shape.properties["conversation"], row["start"])
        hidden = ("start", "touched", "ended")
        return {**start, **{name: value for name, value in row.items() if name not in hidden}}

    def messages_shown(self, conversation: str) -> list[Body]:
        """For people: messages in order, addresses without their query."""
        return [self._shown(self.messages[key]) for key in self._of[conversation]]

    def failed(self) -> list[Body]:
        """Messages that reached nobody, oldest first."""
        return [self._shown(row) for row in self.messages.values() if row["status"] == FAILED]

    def _shown(self, row: Body) -> Body:
        body = for_people(self._shape, row["body"])
        for attachment in objects_at(body, "attachments", "attachment"):
            if "url" in attachment:
                attachment["url"] = shown_url(str(attachment["url"]))
        return {**row, "body": body}

    def _save(self, conversation: str) -> None:
        self._store.put(CONVERSATIONS, conversation, self.all[conversation])


def contact(start: Body) -> str:
    """The customer's address that `lookupContact` (phone.mobile) names, "" if there is none."""
    kind, _, sub = text_at(start, "lookupContact").partition(".")
    for row in objects_at(start, "customer", "contacts", "contact"):
        if kind and text_at(row, "type") == kind and text_at(row, "subType") == sub:
            return text_at(row, "address")
    return ""


def _public(row: Body) -> Body:
    body = {name: value for name, value in row["body"].items() if name != "conversation"}
    out = {**body, "id": row["id"], "status": row["status"], "created": row["created"]}
    return {**out, "sent": row["sent"]} if row["sent"] else out


def _redacted(body: Body) -> Body:
    """With the words masked where the sender asked for it (content.redact)."""
    if at(body, "content", "redact") is not True:
        return body
    content = body["content"]
    return {**body, "content": {**content, **{k: MASK for k in ("text", "html") if k in content}}}
