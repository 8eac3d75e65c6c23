"""Conversations and their messages, in memory and written through to the store."""

from __future__ import annotations

import uuid
from typing import Any

from .. import addresses
from ..clock import Clock
from ..contract.shapes import MASK, Shape, redact
from ..store import Store
from .bodies import Body, at, objects_at, text_at
from .codes import Code, Reason
from .kinds import END, SYSTEM

CONVERSATIONS, MESSAGES = "conversations", "messages"
ACCEPTED, SENT, FAILED = "accepted", "sent", "failed"
BOT, AGENT = "bot", "agent"


class Conversations:
    """The stored rows.

    A conversation: id, accountId, start (from the first message), with (bot, agent or None),
    escalated, ended, created, touched (last message, seconds of the emulator's clock).
    A message: id, conversation, body, status, reason (with its code), mailed, created, sent.
    """

    def __init__(self, store: Store, clock: Clock, shape: Shape) -> None:
        """`shape` is the shape of a message."""
        self._store, self._clock, self._shape = store, clock, shape
        self.all: dict[str, Body] = {}
        self.messages: dict[str, Body] = {}
        self._of: dict[str, list[str]] = {}
        # Bodies of messages in flight; the stored ones may be redacted.
        self._originals: dict[str, Body] = {}

    def load(self, conversations: list[Body], messages: list[Body]) -> None:
        """Start with the rows of the database; messages that were in flight have failed."""
        self.all = {row["id"]: row for row in conversations}
        # Databases from before codes existed lack them.
        self.messages = {row["id"]: {"code": None, **row} for row in messages}
        self._of = {key: [] for key in self.all}
        self._originals.clear()
        for row in messages:
            self._of[row["conversation"]].append(row["id"])
            if row["status"] == ACCEPTED:
                self.finish(row["id"], FAILED, Reason(Code.EMULATOR_ENDED))

    def begin(self, account: str, start: Body) -> str:
        """Create a conversation on an account; return its id."""
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
        """Store an accepted message; return its id."""
        key, now = str(uuid.uuid4()), self._clock.now()
        self._originals[key] = body
        self.messages[key] = {
            "id": key,
            "conversation": conversation,
            "body": _mask_text(body),
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

    def original(self, message: str) -> Body:
        """Return the body of a message in flight as it was sent."""
        return self._originals[message]

    def finish(
        self, message: str, status: str, reason: Reason | None = None, mailed: str | None = None
    ) -> None:
        """Store how a message ended: sent, or failed for a reason; `mailed` gets the mail."""
        self._originals.pop(message, None)
        row = self.messages[message]
        row.update(status=status, mailed=mailed)
        if reason:
            row.update(reason=reason.text, code=reason.code)
        if status == SENT:
            row["sent"] = self._clock.stamp()
        self._store.put(MESSAGES, message, row)

    def assign(self, conversation: str, who: str) -> None:
        """Send the customer's next messages to the bot, or to the agents."""
        row = self.all[conversation]
        row["escalated"] = row["escalated"] or (row["with"] == BOT and who == AGENT)
        row["with"] = who
        self._save(conversation)

    def is_open(self, conversation: str, minutes: Any) -> bool:
        """Whether more messages are accepted; `minutes` is the account's `timeout`."""
        row = self.all[conversation]
        limited = isinstance(minutes, int | float) and not isinstance(minutes, bool)
        late = limited and self._clock.now() > row["touched"] + minutes * 60
        return not row["ended"] and not late

    def previous(self, conversation: str) -> Body | None:
        """Return the identified customer's previous conversation on the same account."""
        row = self.all[conversation]
        who = contact(row["start"])
        rows = [
            other
            for other in self.all.values()
            if who and other["accountId"] == row["accountId"] and contact(other["start"]) == who
        ]
        before = rows[: rows.index(row)] if who else []
        return before[-1] if before else None

    def delivered_bodies(self, conversation: str) -> list[Body]:
        """Return the bodies of delivered messages, without the hub's own."""
        rows = [self.messages[key] for key in self._of[conversation]]
        said = [row for row in rows if row["status"] == SENT]
        return [row["body"] for row in said if text_at(row["body"], "sender", "type") != SYSTEM]

    def as_contract(self, conversation: str) -> Body:
        """Return the contract's Conversation."""
        row = self.all[conversation]
        start = row["start"]
        kept = ("account", "conversationContact", "entryPoint", "customer")
        rows = [self.messages[key] for key in self._of[conversation]]
        return {
            "id": conversation,
            **{name: start[name] for name in kept if name in start},
            "messages": {"message": [_public(one) for one in rows]},
        }

    def view(self, conversation: str) -> Body:
        """Return the row for the control surface, without values that are not in the contract."""
        row = self.all[conversation]
        start = redact(self._shape.properties["conversation"], row["start"])
        hidden = ("start", "touched", "ended")
        return {**start, **{name: value for name, value in row.items() if name not in hidden}}

    def view_messages(self, conversation: str) -> list[Body]:
        """Return the messages for the control surface, in order, addresses without query."""
        return [self._view_message(self.messages[key]) for key in self._of[conversation]]

    def failed_messages(self) -> list[Body]:
        """Return the failed messages, oldest first."""
        return [
            self._view_message(row) for row in self.messages.values() if row["status"] == FAILED
        ]

    def _view_message(self, row: Body) -> Body:
        body = redact(self._shape, row["body"])
        for attachment in objects_at(body, "attachments", "attachment"):
            if "url" in attachment:
                attachment["url"] = addresses.redact(str(attachment["url"]))
        return {**row, "body": body}

    def _save(self, conversation: str) -> None:
        self._store.put(CONVERSATIONS, conversation, self.all[conversation])


def contact(start: Body) -> str:
    """Return the customer's address that `lookupContact` names, "" if there is none."""
    kind, _, sub = text_at(start, "lookupContact").partition(".")
    for row in objects_at(start, "customer", "contacts", "contact"):
        if kind and text_at(row, "type") == kind and text_at(row, "subType") == sub:
            return text_at(row, "address")
    return ""


def _public(row: Body) -> Body:
    body = {name: value for name, value in row["body"].items() if name != "conversation"}
    out = {**body, "id": row["id"], "status": row["status"], "created": row["created"]}
    return {**out, "sent": row["sent"]} if row["sent"] else out


def _mask_text(body: Body) -> Body:
    """Mask the text of a message with content.redact."""
    if at(body, "content", "redact") is not True:
        return body
    content = body["content"]
    return {**body, "content": {**content, **{k: MASK for k in ("text", "html") if k in content}}}
