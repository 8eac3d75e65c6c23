"""What the tests of this folder declare, and what eGain should then hold.

The walks over wire forms are our own: nothing of the package under test makes them.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from tests.specimens import CHANNEL, ICON, IDS, Specimen
from tests.support.emulator import Emulator
from tests.support.goal import Declared, Options
from tests.support.values import Secret

Path = tuple[str, ...]

COLLECTIONS = {
    "Authentication": "authentications",
    "ClientApplication": "clientapplications",
    "Participant": "participants",
    "Channel": "channels",
    "Orchestration": "orchestrations",
    "Account": "accounts",
}
STAMPS = ("id", "created", "modified")


def provider_text(specimen: Specimen) -> str:
    """What the state holds to find the provider again."""
    return str(getattr(import_module(specimen.module), specimen.provider).reference())


def declared(
    specimen: Specimen,
    inputs: Mapping[str, Any] | None = None,
    name: str = "it",
    options: Options | None = None,
) -> Declared:
    """One object as the constructor of its kind would register it; `full` unless told otherwise."""
    given = specimen.full if inputs is None else inputs
    if options is not None and options.delete_before_replace:
        given = {**given, "_program": {"deletes_first": True}}
    return Declared(
        specimen.token,
        name,
        provider_text(specimen),
        sealed(given),
        options=options or Options(),
    )


def channel(name: str = "it", options: Options | None = None, **changes: Any) -> Declared:
    """A channel, for rules that are the same for every kind."""
    return declared(CHANNEL, {**CHANNEL.smallest, **changes}, name, options)


def sealed(value: Any, key: str = "") -> Any:
    """The value with its secrets marked, as programs do it."""
    if key in ("payload", "password", "extra"):
        return Secret(value)
    if key == "headers":
        return {name: Secret(text) for name, text in value.items()}
    if isinstance(value, Mapping):
        return {name: sealed(inner, name) for name, inner in value.items()}
    return [sealed(inner) for inner in value] if isinstance(value, list) else value


def ground(emulator: Emulator) -> None:
    """Make what the specimens refer to, under the ids of their placeholders and other names."""
    for kind, id in IDS.items():
        body = {"id": id, "name": f"ground-{kind}", "active": True}
        if kind == "Authentication":
            body |= {"type": "basic", "basicAuth": {"username": "u", "password": "ground-password"}}
        if kind == "ClientApplication":
            body["roles"] = []
        if kind == "Channel":
            body |= {"type": "ground-channel", "displayName": "Ground", "icon": ICON}
        emulator.add(COLLECTIONS[kind], body)


def held(emulator: Emulator, specimen: Specimen, id: str) -> dict[str, Any]:
    """What the emulator holds of an object, without what every server sets, ordered."""
    found = emulator.object(COLLECTIONS[specimen.noun], id, secrets=True)
    return dict(in_order({key: value for key, value in found.items() if key not in STAMPS}))


def made(emulator: Emulator, collection: str) -> list[dict[str, Any]]:
    """The objects of a collection that neither eGain nor `ground` has made."""
    return [
        each
        for each in emulator.objects(collection, secrets=True)
        if each["id"] not in IDS.values() and each.get("name") != "eGain Agents"
    ]


def plain_leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf of a declaration that is neither secret nor in a list."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("headers", "payload", "password"):
                yield from plain_leaves(inner, (*path, key))
    elif not isinstance(value, list):
        yield path, value


def without(value: Any, path: Path) -> Any:
    """A declaration without one of its arguments."""
    result = copy.deepcopy(dict(value))
    inner: Any = result
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return result


def pruned(wire: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A wire form without what a path of the declaration leads to."""
    result = copy.deepcopy(dict(wire))
    node: Any = result
    for step in path[:-1]:
        node = _inner(node, step)
    if isinstance(node, list):
        node[:] = [row for row in node if path[-1] not in _keys(row)]
    else:
        del node[camel(path[-1])]
    return result


def edited(wire: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The change to a wire form that sets what a path of the declaration leads to."""
    result = copy.deepcopy(dict(wire))
    node: Any = result
    for step in path[:-1]:
        node = _inner(node, step)
    if isinstance(node, list):
        next(row for row in node if path[-1] in _keys(row))["value"] = value
    else:
        node[camel(path[-1])] = value
    top = camel(path[0])
    return {top: result[top]}


def camel(name: str) -> str:
    """The contract's name of an argument: a letter after an underscore is a capital."""
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)


def in_order(value: Any) -> Any:
    """A wire form with its keyed lists by key, whose order means nothing."""
    if isinstance(value, Mapping):
        return {name: in_order(inner) for name, inner in value.items()}
    if not isinstance(value, list):
        return value
    keyed = all(isinstance(row, Mapping) and any(_keys(row)) for row in value)
    items = [in_order(item) for item in value]
    return sorted(items, key=lambda row: str(_keys(row))) if keyed else items


def _inner(node: Any, step: str) -> Any:
    if isinstance(node, list):
        row = next(row for row in node if step in _keys(row))
        return row.get("properties", row)
    return node[camel(step)]


def _keys(row: Mapping[str, Any]) -> Sequence[Any]:
    return row.get("name"), row.get("language")
