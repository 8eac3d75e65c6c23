"""Whether two declarations differ, including unknown values and secrets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .arguments import argument_names
from .icon import digest
from .model import Model
from .secrets import declared_secrets, kept_secrets
from .state import EXTRA, FIND, GET, SECRETS_VERSION
from .tree import Items, Leaf, Node, Record, Table, WordSet, sort_words, tree


def differs(model: type[Model], olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Return whether anything declared has changed; an unknown value counts as changed.

    Header names compare without case, word sets without order, numbers by value.
    """
    slots = tree(model).slots
    for name in {*argument_names(model), FIND, GET}:
        node = slots[name].node if name in slots else Leaf()
        if _comparable(node, olds.get(name)) != _comparable(node, news.get(name)):
            return True
    return False


class _Never:
    """Not equal to anything, not even to itself, since an unknown value may be anything."""

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
        case WordSet() if isinstance(value, list):
            return _plain(sort_words(value))
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
    """Return whether to send the declared secrets: one changed, or the user asks for it."""
    if _plain(olds.get(EXTRA)) != _plain(news.get(EXTRA)):
        return True
    before, after = (declared_secrets(tree(model), each) for each in (olds, news))
    kept = kept_secrets(tree(model), news)
    sent = after or news.get(EXTRA) is not None
    if sent and _plain(olds.get(SECRETS_VERSION)) != _plain(news.get(SECRETS_VERSION)):
        return True
    gone = {*before, *kept_secrets(tree(model), olds)} - {*after, *kept}
    return bool(gone) or any(before.get(path) != text for path, text in after.items())
