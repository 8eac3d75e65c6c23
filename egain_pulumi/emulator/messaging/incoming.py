"""The checks of a request to send messages, beyond its schema; they change nothing.

Later problems are hops, not refusals: a 202 means that messages were accepted, not that they
arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import errors
from ..contract.shapes import Path
from ..contract.validation import Problem, refusal
from ..errors import ApiError
from ..tenant import Tenant
from .assets import Assets
from .bodies import Body, at, objects_at, text_at
from .conversations import Conversations
from .kinds import BEGINNING, CUSTOMER, REFERRING, ROLES, TEXT, may_send


@dataclass(frozen=True)
class Incoming:
    """Messages for one conversation: an open one, or a new one on an account."""

    conversation: str | None
    account: str | None
    messages: list[Body]


class Reader:
    """Reads requests and checks them against the tenant's objects."""

    def __init__(self, tenant: Tenant, conversations: Conversations, assets: Assets) -> None:
        self._tenant, self._conversations, self._assets = tenant, conversations, assets

    def read(self, body: Body, *, rules: bool) -> Incoming:
        """Return the messages; `rules` False: check only what routing needs."""
        rows = at(body, "messages", "message")
        if not isinstance(rows, list) or not rows:
            raise refusal([Problem(("messages", "message"), "is required", errors.MISSING)])
        found = [p for n, row in enumerate(rows) for p in self._problems(n, row, rules=rules)]
        if found:
            raise refusal(found)
        first = rows[0]["conversation"]
        for n, row in enumerate(rows):
            if _conversation_key(row) != _conversation_key(rows[0]):
                found.append(Problem(_path(n, "conversation"), "must be that of the first message"))
            if row["sender"]["type"] != rows[0]["sender"]["type"]:
                found.append(
                    Problem(_path(n, "sender", "type"), "must be that of the first message")
                )
        if found:
            raise refusal(found)
        if "id" in first:
            return Incoming(self._check_open(first["id"]), None, rows)
        return Incoming(None, self._account(rows[0]), rows)

    def account_of(self, conversation: str) -> Body:
        """Return the conversation's account, empty if it was deleted."""
        key = self._conversations.all[conversation]["accountId"]
        return self._tenant.objects["accounts"].get(key, {})

    def is_open(self, conversation: str) -> bool:
        """Whether a conversation accepts messages: neither ended nor timed out."""
        minutes = at(self.account_of(conversation), "chatConfigurations", "timeout")
        return self._conversations.is_open(conversation, minutes)

    def _problems(self, n: int, row: Any, *, rules: bool) -> list[Problem]:
        kind, role = text_at(row, "type", "value"), text_at(row, "sender", "type")
        needed: dict[tuple[str, ...], str] = {("type", "value"): kind, ("sender", "type"): role}
        if not isinstance(at(row, "conversation"), dict):
            needed["conversation",] = ""
        missing = [steps for steps, value in needed.items() if not value]
        if missing:
            return [Problem(_path(n, *s), "is required", errors.MISSING) for s in missing]
        if role not in ROLES:
            rule = f"must be one of: {', '.join(ROLES)}"
            return [Problem(_path(n, "sender", "type"), rule, errors.OUTSIDE_SET)]
        found = list(self._attachment_problems(n, row))
        if not rules:
            return found
        if not may_send(role, kind):
            found.append(Problem(_path(n, "type", "value"), f"is not a kind that {role} may send"))
        said = any(text_at(row, "content", part) for part in ("text", "html"))
        if kind == TEXT and not said and not objects_at(row, "attachments", "attachment"):
            found.append(Problem(_path(n, "content"), "is required", errors.MISSING))
        if kind in REFERRING and not text_at(row, "parent", "messageId"):
            found.append(Problem(_path(n, "parent", "messageId"), "is required", errors.MISSING))
        return found

    def _attachment_problems(self, n: int, row: Any) -> list[Problem]:
        found = []
        for m, attachment in enumerate(objects_at(row, "attachments", "attachment")):
            path = _path(n, "attachments", "attachment", m)
            if "id" in attachment and not self._assets.is_uploaded(attachment["id"]):
                found.append(Problem((*path, "id"), "no uploaded asset has this id"))
            elif "id" not in attachment and not text_at(attachment, "url"):
                found.append(Problem((*path, "url"), "is required", errors.MISSING))
        return found

    def _check_open(self, key: Any) -> str:
        if not isinstance(key, str) or key not in self._conversations.all:
            raise refusal([Problem(_path(0, "conversation", "id"), "no conversation has this id")])
        if not self.is_open(key):
            raise ApiError(400, errors.ENDED, "The conversation is no longer open.")
        return key

    def _account(self, row: Body) -> str:
        """Return the account of a first message: the oldest with its address."""
        kind, address = _conversation_key(row)
        account = _path(0, "conversation", "account")
        if not kind or not address:
            missing = (*account, "channel", "type") if not kind else (*account, "address")
            raise refusal([Problem(missing, "is required", errors.MISSING)])
        if row["sender"]["type"] != CUSTOMER:
            raise refusal([Problem(account, "only a customer begins a conversation; give the id")])
        if text_at(row, "type", "value") not in BEGINNING:
            rule = f"a conversation begins with one of: {', '.join(sorted(BEGINNING))}"
            raise refusal([Problem(_path(0, "type", "value"), rule)])
        channels = self._tenant.objects["channels"]
        for key, body in self._tenant.objects["accounts"].items():
            channel = channels.get(text_at(body, "channel", "id"), {})
            if (channel.get("type"), body.get("address")) == (kind, address):
                return key
        raise refusal([Problem(account, "no account has this channel type and address")])


def _conversation_key(row: Any) -> tuple[str, str]:
    """Return how a message names its conversation: by id, or by channel type and address."""
    ref = row["conversation"]
    if "id" in ref:
        return "", str(ref["id"])
    return text_at(ref, "account", "channel", "type"), text_at(ref, "account", "address")


def _path(n: int, *steps: str | int) -> Path:
    return ("messages", "message", n, *steps)
