"""Objects for an empty tenant in place of those that a program finds in a real one. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

PREFIX: Final = "pulumi-python:dynamic/egain:"
COLLECTIONS: Final = {
    "Authentication": "authentications",
    "ClientApplication": "clientapplications",
    "Participant": "participants",
    "Channel": "channels",
    "Account": "accounts",
}
"""The kinds that can be found, and their collections on the emulator's control surface."""

_ICON: Final = "iVBORw0KGgo="
_NAME: Final = "stand-in"
_NO_ROLE: Final = "business_notification"  # nothing refers to an application by it
Body = dict[str, Any]


class StandIn(NamedTuple):
    """An object to add; `what` describes it for people, "" for one that only others refer to."""

    collection: str
    body: Body
    what: str


def found_by(digest: Mapping[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Return kind and criteria of each `find` in a preview, those with most criteria first.

    Without criteria that the preview does not know, or does not show because they are secret.
    """
    finds = []
    for step in digest.get("steps") or ():
        state = step.get("newState") or {}
        criteria = (state.get("inputs") or {}).get("find")
        kind = str(state.get("type", "")).removeprefix(PREFIX)
        known = isinstance(criteria, dict) and all(map(_is_known, criteria.values()))
        if known and criteria and kind in COLLECTIONS:
            finds.append((kind, criteria))
    return sorted(finds, key=lambda find: (-len(find[1]), find[0], *find[1].items()))


def stand_ins(
    finds: list[tuple[str, dict[str, str]]], there: Mapping[str, list[Body]]
) -> list[StandIn]:
    """Return what must be added to the objects that are there, so that each `find` finds one."""
    objects = {name: list(rows) for name, rows in there.items()}
    added: list[StandIn] = []
    for kind, criteria in finds:
        rows = objects.setdefault(COLLECTIONS[kind], [])
        if any(_meets(row, criteria) for row in rows):
            continue
        for one in _made(kind, criteria, objects):
            objects.setdefault(one.collection, []).append(one.body)
            added.append(one)
    return added


def _is_known(value: Any) -> bool:
    # In place of a secret the CLI writes "[secret]", in place of an unknown value a UUID.
    return isinstance(value, str) and value not in ("[secret]", _UNKNOWN)


_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def _meets(row: Body, criteria: Mapping[str, str]) -> bool:
    roles = [role.get("name") for role in row.get("roles") or ()]
    return all(
        value in roles if name == "role" else row.get(name) == value
        for name, value in criteria.items()
    )


def _made(
    kind: str, criteria: Mapping[str, str], objects: Mapping[str, list[Body]]
) -> Iterator[StandIn]:
    """Yield an object that meets the criteria, after those that it refers to."""
    said = " and ".join(f'{name} "{value}"' for name, value in criteria.items())
    what = f"{re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', kind).lower()} with {said}"
    own = {"id": str(uuid.uuid4()), "active": True}
    if kind == "Channel":
        channel = {"displayName": _NAME, "icon": _ICON, **criteria}
        yield StandIn(COLLECTIONS[kind], {**own, **channel}, what)
        return
    name = criteria.get("name") or f"{_NAME} {criteria.get('role', '')}".strip()
    match kind:
        case "Authentication":
            login = {"username": _NAME, "password": _NAME}
            body: Body = {"type": "basic", "basicAuth": login}
        case "ClientApplication":
            role = {
                "name": criteria.get("role", _NO_ROLE),
                "version": "v3",
                "callback": "https://stand-in.example.com/",
                "notificationEmail": "stand-in@example.com",
            }
            body = {"roles": [role]}
        case "Participant":
            # eGain's own application, which an empty tenant has.
            application = objects["clientapplications"][0]["id"]
            body = {"type": "custom_bot", "application": {"id": application}}
        case _:
            [channel_of] = _made("Channel", {"type": f"{_NAME}-{own['id']}"}, objects)
            yield channel_of._replace(what="")
            channel = {"id": channel_of.body["id"]}
            body = {"address": own["id"], "channel": channel, "chatConfigurations": {}}
    yield StandIn(COLLECTIONS[kind], {**own, "name": name, **body}, what)
