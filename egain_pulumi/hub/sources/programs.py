"""The hub that a running program declares, before its objects have ids. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...schema.declared import Declared
from ..model import Hub, Object
from ..references import edges


def program(declared: Sequence[Declared], mark_unknown: Callable[[Any], Any]) -> Hub:
    """Return the hub of a program. `mark_unknown` replaces unresolved values by UNKNOWN."""
    keys = {id(each.id): f"{number}" for number, each in enumerate(declared)}
    objects = [
        _object(each, keys[id(each.id)], mark_unknown(_with_keys(each.inputs, keys)))
        for each in declared
    ]
    found = edges(objects, lambda _source, _name: ())
    # A literal id may be that of any object here, because none of them has its id yet.
    unknown = (edge if edge.target else replace(edge, id=None) for edge in found)
    return Hub({each.key: each for each in objects}, tuple(unknown))


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


def _with_keys(value: Any, keys: Mapping[int, str]) -> Any:
    """Replace the ids of resources in a value by their keys."""
    if id(value) in keys:
        return keys[id(value)]
    if isinstance(value, Mapping):
        return {key: _with_keys(item, keys) for key, item in value.items()}
    return [_with_keys(item, keys) for item in value] if isinstance(value, list) else value
