"""Read an emulator's record of a conversation (docs/emulator.md, "Following a message")."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from ..api.transport import RequestFailed, Transport
from ..errors import EgainError
from ..hub import Hub
from ..names import LOOPBACK
from .observation import Event, Line, Observation
from .report import Outcome

_SECONDS: Final = 10.0
_STOPS: Final = frozenset({"stopped", "undeliverable", "retained"})
_ASIDE: Final = frozenset({"text", "transcript"})
"""Steps beside a message's path: the message goes on without them."""


class Control:
    """The control API. Raises EgainError unless an emulator on this machine answers."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.hostname not in LOOPBACK:
            raise EgainError(
                f"--emulator: EGAIN_BASE_URL is {parts.hostname}, but an emulator runs on this "
                "machine; omit --emulator for a tenant"
            )
        self._root = f"{parts.scheme}://{parts.netloc}/_emulator"
        self._transport = Transport(1)
        if "instance" not in self._get("/"):
            raise EgainError(f"--emulator: {self._root} does not answer as an emulator")

    def conversation(self, id: str) -> Any:
        """Return a conversation with its messages and hops."""
        return self._get(f"/conversations/{quote(id, safe='')}")

    def _get(self, path: str) -> Any:
        try:
            reply = self._transport.send("GET", f"{self._root}{path}", seconds=_SECONDS)
        except RequestFailed as failed:
            raise EgainError(f"--emulator: {self._root}: {failed.reason}") from None
        try:
            found = json.loads(reply.body) if reply.status == 200 else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise EgainError(f"--emulator: {self._root}{path} answered {reply.status}")
        return found


def observe_emulator(page: Mapping[str, Any], hub: Hub) -> Observation:
    """Return what an emulator shows of a conversation."""
    began = datetime.fromisoformat(page["created"])
    labels = {each.id: each.label for each in hub.objects.values() if each.id}
    messages = {m["id"]: m for m in page["messages"]}
    others = {id: m for id, m in messages.items() if m["body"]["sender"]["type"] != "customer"}
    events: list[Event] = []
    shown: set[str] = set()
    for hop in page["hops"]:
        # A line comes right before its first hop: times are too coarse for the order.
        if (message := others.get(hop["message"])) and message["id"] not in shown:
            shown.add(message["id"])
            at = _since(message["created"], began)
            events.append(Event(("line", message["id"]), at, Outcome.OK, _line(message).label))
        events.append(_hop(hop, labels, began))
    aside = {*_ASIDE, "mail"}
    for message in page["messages"]:
        hops = [h for h in page["hops"] if h["message"] == message["id"] and h["step"] not in aside]
        # Some failures have no hop of their own, such as a second 401.
        if message["status"] == "failed" and not any(h["outcome"] in _STOPS for h in hops):
            events.append(_failure(message, hops[-1:], labels, began))
    escalation = [m for m in others.values() if m["body"]["type"]["value"] == "escalation.transfer"]
    waiting = any(hop["outcome"] == "retained" for hop in page["hops"][-2:])
    return Observation(
        events,
        [_line(message) for message in others.values() if message["status"] == "sent"],
        escalated=page["with"] == "agent" and all(m["status"] == "sent" for m in escalation),
        settled=waiting or all(m["status"] != "accepted" for m in page["messages"]),
    )


def _hop(hop: Mapping[str, Any], labels: Mapping[str, str], began: datetime) -> Event:
    outcome = Outcome.OK
    if hop["outcome"] in _STOPS:
        outcome = Outcome.NOTE if hop["step"] in _ASIDE else Outcome.ENDED
    elif hop["outcome"] in ("noted", "refused"):
        outcome = Outcome.NOTE
    call = [
        *([hop["to"]] if hop["to"] else []),
        *([str(hop["status"])] if hop["status"] else []),
        *([f"{hop['seconds']:.2f} s"] if hop["seconds"] is not None else []),
    ]
    what = _with_label(hop, labels, hop["why"])
    return Event(
        ("hop", f"{hop['n']:09}"),
        _since(hop["time"], began),
        outcome,
        f"{what} ({', '.join(call)})" if call else what,
        hop["code"] or "",
    )


def _failure(
    message: Mapping[str, Any],
    last: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    began: datetime,
) -> Event:
    """Return the end of a message at its last hop, with the message's own reason."""
    why = str(message["reason"])
    return Event(
        ("failed", message["id"]),
        _since(last[0]["time"] if last else message["created"], began),
        Outcome.ENDED,
        _with_label(last[0], labels, why) if last else why,
        message["code"] or "",
    )


def _with_label(hop: Mapping[str, Any], labels: Mapping[str, str], why: str) -> str:
    """Return the reason after the object of a hop."""
    about = hop["object"] or {}
    label = labels.get(about.get("id", ""), "")
    if not label and about.get("name"):
        kind = "".join(f" {c.lower()}" if c.isupper() else c for c in about["kind"]).strip()
        label = f'{kind} "{about["name"]}"'
    return f"{label}: {why}" if label else why


def _line(message: Mapping[str, Any]) -> Line:
    body = message["body"]
    content = body.get("content") or {}
    text = content.get("text") or content.get("html") or ""
    return Line(body["sender"]["type"], body["type"]["value"], str(text))


def _since(stamp: str, began: datetime) -> float:
    return (datetime.fromisoformat(stamp) - began).total_seconds()
