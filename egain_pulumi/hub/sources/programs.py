"""The hub that a running program declares, before anything of it has an id. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...schema.declared import Declared
from ..model import Hub, Object
from ..references import edges


def program(declared: Sequence[Declared], known: Callable[[Any], Any]) -> Hub:
    """The hub of a program. `known` puts UNKNOWN in place of what is only known later."""
    keys = {id(each.id): f"{number}" for number, each in enumerate(declared)}
    objects = [
        _object(each, keys[id(each.id)], known(_named(each.inputs, keys))) for each in declared
    ]
    drawn = edges(objects, lambda _source, _name: ())
    # An id that is written out may be that of any object here: none of them shows its own.
    open_ = (edge if edge.target else replace(edge, id=None) for edge in drawn)
    return Hub({each.key: each for each in objects}, tuple(open_))


def _object(each: Declared, key: str, inputs: Mapping[str, Any]) -> Object:
    active = inputs.get("active")
    return Object(
        key=key,
        kind=each.kind,
        name=each.name,
        id=key,
        origin=each.origin,
        inputs=inputs,
        active=active if isinstance(active, bool) else None,
        tenant=each.tenant,
    )


def _named(value: Any, keys: Mapping[int, str]) -> Any:
    """The value with the key of a resource in place of its id."""
    if id(value) in keys:
        return keys[id(value)]
    if isinstance(value, Mapping):
        return {key: _named(item, keys) for key, item in value.items()}
    return [_named(item, keys) for item in value] if isinstance(value, list) else value
