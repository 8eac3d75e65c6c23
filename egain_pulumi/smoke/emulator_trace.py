"""Read an emulator's record of a conversation (docs/emulator.md, "Following a message"). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ..hub import Hub
from .observation import Event, Line, Observation
from .report import Outcome

_STOPS: Final = frozenset({"stopped", "undeliverable", "retained"})
_ASIDE: Final = frozenset({"text", "transcript"})
"""Steps beside a message's path: the message goes on without them."""


def observe_emulator(page: Mapping[str, Any], hub: Hub) -> Observation:
    """Return what an emulator shows of a conversation."""
    began = _moment(page["created"])
    labels = {each.id: each.label for each in hub.objects.values() if each.id}
    messages = {m["id"]: m for m in page["messages"]}
    others = {id: m for id, m in messages.items() if m["body"]["sender"]["type"] != "customer"}
    events: list[Event] = []
    for hop in page["hops"]:
        # A line comes right before its first hop: times are too coarse for the order.
        if (message := others.get(hop["message"])) and hop["message"] not in _line_ids(events):
            at = (_moment(message["created"]) - began).total_seconds()
            events.append(Event(("line", message["id"]), at, Outcome.OK, _line(message).label))
        events.append(_hop(hop, labels, began))
    events += [
        _failure(m, page["hops"], labels, began)
        for m in page["messages"]
        if _failed_silently(m, page)
    ]
    escalation = [m for m in others.values() if m["body"]["type"]["value"] == "escalation.transfer"]
    waiting = any(hop["outcome"] == "retained" for hop in page["hops"][-2:])
    return Observation(
        events,
        [_line(message) for message in others.values() if message["status"] == "sent"],
        escalated=page["with"] == "agent" and all(m["status"] == "sent" for m in escalation),
        settled=waiting or all(m["status"] != "accepted" for m in page["messages"]),
    )


def _line_ids(events: Sequence[Event]) -> set[str]:
    return {each.key[1] for each in events if each.key[0] == "line"}


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
        (_moment(hop["time"]) - began).total_seconds(),
        outcome,
        f"{what} ({', '.join(call)})" if call else what,
        hop["code"] or "",
    )


def _failed_silently(message: Mapping[str, Any], page: Mapping[str, Any]) -> bool:
    """Return whether a message failed without a hop that says so, as after a second 401."""
    stops = [hop for hop in _hops_of(message, page["hops"]) if hop["outcome"] in _STOPS]
    return message["status"] == "failed" and not stops


def _failure(
    message: Mapping[str, Any],
    hops: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    began: datetime,
) -> Event:
    """Return the end of a message at its last hop, with the message's own reason."""
    last = _hops_of(message, hops)[-1:]
    why = str(message["reason"])
    return Event(
        ("failed", message["id"]),
        (_moment(last[0]["time"] if last else message["created"]) - began).total_seconds(),
        Outcome.ENDED,
        _with_label(last[0], labels, why) if last else why,
        message["code"] or "",
    )


def _hops_of(
    message: Mapping[str, Any], hops: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    aside = ("text", "transcript", "mail")
    return [h for h in hops if h["message"] == message["id"] and h["step"] not in aside]


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


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
