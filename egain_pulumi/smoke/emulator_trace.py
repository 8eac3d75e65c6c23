"""What an emulator shows of a conversation (`docs/emulator.md`, "Following a message"). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ..hub import Hub
from .observation import Event, Said, Sight
from .report import Outcome

_STOPS: Final = frozenset({"stopped", "undeliverable", "retained"})
_ASIDE: Final = frozenset({"text", "transcript"})
"""Steps beside a message's way: it goes on without them."""


def on_emulator(page: Mapping[str, Any], hub: Hub) -> Sight:
    """What an emulator shows of a conversation."""
    began = _moment(page["created"])
    labels = {each.id: each.label for each in hub.objects.values() if each.id}
    messages = {m["id"]: m for m in page["messages"]}
    others = {id: m for id, m in messages.items() if m["body"]["sender"]["type"] != "customer"}
    events: list[Event] = []
    for hop in page["hops"]:
        # What is said comes right before the first hop that it makes: times are too coarse.
        if (message := others.get(hop["message"])) and hop["message"] not in _told(events):
            at = (_moment(message["created"]) - began).total_seconds()
            events.append(Event(("said", message["id"]), at, Outcome.OK, _said(message).label))
        events.append(_hop(hop, labels, began))
    events += [
        _failed(m, page["hops"], labels, began) for m in page["messages"] if _silent(m, page)
    ]
    escalation = [m for m in others.values() if m["body"]["type"]["value"] == "escalation.transfer"]
    waiting = any(hop["outcome"] == "retained" for hop in page["hops"][-2:])
    return Sight(
        events,
        [_said(message) for message in others.values() if message["status"] == "sent"],
        escalated=page["with"] == "agent" and all(m["status"] == "sent" for m in escalation),
        settled=waiting or all(m["status"] != "accepted" for m in page["messages"]),
    )


def _told(events: Sequence[Event]) -> set[str]:
    return {each.key[1] for each in events if each.key[0] == "said"}


def _hop(hop: Mapping[str, Any], labels: Mapping[str, str], began: datetime) -> Event:
    outcome = Outcome.OK
    if hop["outcome"] in _STOPS:
        outcome = Outcome.NOTE if hop["step"] in _ASIDE else Outcome.ENDED
    elif hop["outcome"] in ("noted", "refused"):
        outcome = Outcome.NOTE
    about = hop["object"] or {}
    label = labels.get(about.get("id", "")) or _named(about)
    call = [
        *([hop["to"]] if hop["to"] else []),
        *([str(hop["status"])] if hop["status"] else []),
        *([f"{hop['seconds']:.2f} s"] if hop["seconds"] is not None else []),
    ]
    what = f"{label}: {hop['why']}" if label else hop["why"]
    return Event(
        ("hop", f"{hop['n']:09}"),
        (_moment(hop["time"]) - began).total_seconds(),
        outcome,
        f"{what} ({', '.join(call)})" if call else what,
        hop["why"],
    )


def _silent(message: Mapping[str, Any], page: Mapping[str, Any]) -> bool:
    """Whether a message has failed without a hop that says so, as after a second 401."""
    told = [hop for hop in _hops_of(message, page["hops"]) if hop["outcome"] in _STOPS]
    return message["status"] == "failed" and not told


def _failed(
    message: Mapping[str, Any],
    hops: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    began: datetime,
) -> Event:
    """The end of a message at its last hop, with the reason that it has itself."""
    last = [*_hops_of(message, hops)][-1:]
    about = last[0]["object"] or {} if last else {}
    label = labels.get(about.get("id", "")) or _named(about)
    why = str(message["reason"])
    return Event(
        ("failed", message["id"]),
        (_moment(last[0]["time"] if last else message["created"]) - began).total_seconds(),
        Outcome.ENDED,
        f"{label}: {why}" if label else why,
        why,
    )


def _hops_of(
    message: Mapping[str, Any], hops: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    aside = ("text", "transcript", "mail")
    return [h for h in hops if h["message"] == message["id"] and h["step"] not in aside]


def _named(about: Mapping[str, str]) -> str:
    if not about.get("name"):
        return ""
    kind = "".join(f" {c.lower()}" if c.isupper() else c for c in about["kind"]).strip()
    return f'{kind} "{about["name"]}"'


def _said(message: Mapping[str, Any]) -> Said:
    body = message["body"]
    content = body.get("content") or {}
    text = content.get("text") or content.get("html") or ""
    return Said(body["sender"]["type"], body["type"]["value"], str(text))


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
