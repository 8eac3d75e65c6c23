"""What `check` reports and returns, and what `diff` concludes. Pure.

Both sides use it: the program, so that all mistakes are listed at once, and the plugin, which
is the gate and the only one to see values behind an Output.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import isfinite
from typing import Any, Final

from .complaints import UNKNOWN, Complaint, Weight, close, complaints, extra_complaints
from .icon import digest
from .model import Model, Part
from .shape import Items, Leaf, Node, Record, Table, WordSet, has_secrets, tree, unique_field, walk

EXTRA: Final = "extra"
SECRETS_VERSION: Final = "secrets_version"
FIND: Final = "find"
"""The criteria of an object that eGain owns; its only input."""
GET: Final = "get"
"""Marks an object that is only read."""
IMPORTED: Final = "imported"
"""What an adopted object was adopted by; stays in its state."""
IMPORT: Final = "_import"
"""Internal: the program asks for an import; `check` decides whether it still is one."""
PROGRAM: Final = "_program"
"""Internal: what the program already reported; `check` takes it out."""
TENANT: Final = "_tenant"
ID_LENGTH: Final = 36  # contract: ObjectId


@cache
def arguments(model: type[Model]) -> tuple[str, ...]:
    """Everything that a declaration of this kind may say."""
    own = [SECRETS_VERSION] if has_secrets(tree(model)) else []
    return (*tree(model).slots, EXTRA, *own)


def review(model: type[Model], declared: Mapping[str, Any]) -> list[Complaint]:
    """Everything wrong with a declaration. UNKNOWN may stand anywhere in it."""
    names = arguments(model)
    fields = {name: value for name, value in declared.items() if name in tree(model).slots}
    found = complaints(model, fields)
    for name in declared:
        if name not in names:
            hint = close(name, names)
            text = f"unknown argument; did you mean {hint}?" if hint else "unknown argument"
            if not hint:
                text += f"; known are {', '.join(names)}"
            found.append(Complaint((name,), text, Weight.MISTAKE))
    found += extra_complaints(model, declared.get(EXTRA))
    version = declared.get(SECRETS_VERSION)
    if version is not None and version is not UNKNOWN and not _whole(version):
        found.append(Complaint((SECRETS_VERSION,), "expects a whole number", Weight.MISTAKE))
    return found


def _whole(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isfinite(value) and value == int(value)


def import_mistake(model: type[Model], wanted: str) -> str | None:
    """What is wrong with the text of an import, if anything."""
    field = unique_field(model) or "name"
    key, colon, value = wanted.partition(":")
    if colon and key == field and value:
        return None
    if not colon and len(wanted) == ID_LENGTH:
        return None
    return f'expects an id of {ID_LENGTH} characters, or "{field}:…"'


def weighed(found: list[Complaint], validation: str) -> tuple[list[Complaint], list[Complaint]]:
    """Errors and warnings, under `egain:validation` (`error` or `warn`)."""
    limits_are_errors = validation != "warn"
    errors = [
        c
        for c in found
        if c.weight is Weight.MISTAKE or (c.weight is Weight.LIMIT and limits_are_errors)
    ]
    return errors, [c for c in found if c not in errors]


def checked(model: type[Model], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs as they go into the state: nothing added, nothing derived.

    Internal options leave, word sets are sorted (left as written while a word is unknown), whole
    floats become integers: the engine then compares equal what is equal.
    """
    slots = tree(model).slots
    result: dict[str, Any] = {}
    for name, value in renamed(tree(model), inputs).items():
        if name in slots:
            result[name] = _normal(slots[name].node, value)
        elif name in (EXTRA, SECRETS_VERSION, FIND, GET, IMPORTED):
            result[name] = _numbers(value)
    return result


def renamed(node: Node, value: Any) -> Any:
    """Inputs or outputs under today's names. A former name beside today's wins: only
    `ignore_changes` puts it there, with what the state holds."""
    match node:
        case Record() if isinstance(value, Mapping) and _renames(node.model):
            names, slots = node.former, node.slots
            today = {k: v for k, v in value.items() if k not in names}
            today |= {names[k]: v for k, v in value.items() if k in names}
            return {k: renamed(slots[k].node, v) if k in slots else v for k, v in today.items()}
        case Table() if isinstance(value, Mapping):
            return {k: renamed(node.item, v) for k, v in value.items()}
        case Items() if isinstance(value, list):
            return [renamed(node.item, v) for v in value]
    return value


@cache
def _renames(model: type[Part]) -> bool:
    """Whether a field of it, or below, has a former name. Hardly any does."""
    return any(slot.former for _, slot in walk(tree(model)))


def _normal(node: Node, value: Any) -> Any:
    match node:
        case Record() if isinstance(value, dict):
            return {
                k: _normal(node.slots[k].node, v) if k in node.slots else v
                for k, v in value.items()
            }
        case Table() if isinstance(value, dict):
            return {k: _normal(node.item, v) for k, v in value.items()}
        case Items() if isinstance(value, list):
            return [_normal(node.item, v) for v in value]
        case WordSet() if isinstance(value, list):
            return sorted(set(value)) if all(isinstance(v, str) for v in value) else value
        case _:
            return _numbers(value)


def _numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {k: _numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_numbers(v) for v in value]
    return value


def differs(model: type[Model], olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether anything that is declared has changed, secrets and unknown values included.

    Names of headers compare without case, word sets without order, numbers by value.
    """
    slots = tree(model).slots
    olds, news = renamed(tree(model), olds), renamed(tree(model), news)
    for name in {*arguments(model), FIND, GET}:
        node = slots[name].node if name in slots else Leaf()
        if _comparable(node, olds.get(name)) != _comparable(node, news.get(name)):
            return True
    return False


class _Never:
    """Equal to nothing, not even to itself: an unknown value may be anything."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__


def _comparable(node: Node, value: Any) -> Any:
    match node:
        case Record() if isinstance(value, dict):
            return {k: _comparable(s.node, value.get(k)) for k, s in node.slots.items()}
        case Table() if isinstance(value, dict):
            return {node.key(k): _comparable(node.item, v) for k, v in value.items()}
        case Items() if isinstance(value, list):
            return [_comparable(node.item, v) for v in value]
        case WordSet() if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return sorted(set(value))
        case Leaf(icon=True) if isinstance(value, str):
            return ("text", digest(value))
        case _:
            return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, bool):
        return ("bool", value)
    known = value is None or isinstance(value, str | int | float)
    return value if known else _Never()


def secrets_changed(model: type[Model], olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether the declared secrets must be sent: one of them changed, or the user asks for it."""
    if any(_plain(olds.get(k)) != _plain(news.get(k)) for k in (EXTRA, SECRETS_VERSION)):
        return True
    return dict(secrets(tree(model), olds)) != dict(secrets(tree(model), news))


def without_secrets(node: Node, value: Any) -> Any:
    """The declaration without its secrets: what an import compares, and no secret is part of."""
    match node:
        case Record() if isinstance(value, Mapping):
            parts = {k: without_secrets(s.node, value.get(k)) for k, s in node.slots.items()}
            return {k: part for k, part in parts.items() if part is not None}
        case Table() if isinstance(value, Mapping):
            parts = {k: without_secrets(node.item, v) for k, v in value.items()}
            return {k: part for k, part in parts.items() if part is not None} or None
        case Leaf(secret=True):
            return None
        case _:
            return value


def secrets(node: Node, value: Any, path: tuple[str, ...] = ()) -> list[tuple[Any, str]]:
    """Every declared secret text with its path as compared."""
    match node:
        case Record() if isinstance(value, Mapping):
            return [
                found
                for slot in node.slots.values()
                for found in secrets(slot.node, value.get(slot.name), (*path, slot.name))
            ]
        case Table() if isinstance(value, Mapping):
            return [
                found
                for key, item in value.items()
                for found in secrets(node.item, item, (*path, node.key(key)))
            ]
        case Leaf(secret=True) if isinstance(value, str):
            return [(path, value)]
        case _:
            return []
