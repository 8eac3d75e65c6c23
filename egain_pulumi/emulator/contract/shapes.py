"""The contract's marks on each attribute of a body, as a tree, and walks along that tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import addresses

Path = tuple[str | int, ...]

MASK = "********"
HIDDEN = "[secret]"


@dataclass
class Shape:
    """An attribute. Variants (oneOf) are merged: a mark of one variant is a mark of all."""

    properties: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    secret: bool = False
    refers_to: str | None = None
    unique_within: str | None = None
    base64: bool = False
    uri: bool = False
    default: Any = None


def build(schema: Mapping[str, Any], resolve: Callable[[Mapping[str, Any]], Any]) -> Shape:
    """Return the shape of a schema; `resolve` follows a local $ref."""
    shape = Shape()
    _add(shape, resolve(schema), resolve)
    return shape


def _add(shape: Shape, schema: Mapping[str, Any], resolve: Callable[..., Any]) -> None:
    for word in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(word, ()):
            _add(shape, resolve(part), resolve)
    shape.refers_to = schema.get("x-refers-to", shape.refers_to)
    shape.unique_within = schema.get("x-unique-within", shape.unique_within)
    shape.base64 = shape.base64 or schema.get("contentEncoding") == "base64"
    shape.uri = shape.uri or schema.get("format") == "uri"
    shape.default = schema.get("default", shape.default)
    for name, part in schema.get("properties", {}).items():
        _add(shape.properties.setdefault(name, Shape()), resolve(part), resolve)
    if "items" in schema:
        shape.items = shape.items or Shape()
        _add(shape.items, resolve(schema["items"]), resolve)
    if schema.get("x-secret"):
        # An array of pairs is marked as a whole, but only each pair's value is secret.
        value = shape.items and shape.items.properties.get("value")
        (value or shape).secret = True


def leaves(shape: Shape, body: Any, path: Path = ()) -> Iterator[tuple[Path, Shape, Any]]:
    """Yield path, shape and value of each attribute of `body` that is in the contract."""
    yield path, shape, body
    if isinstance(body, dict):
        for name, part in shape.properties.items():
            if name in body:
                yield from leaves(part, body[name], (*path, name))
    elif isinstance(body, list) and shape.items:
        for index, item in enumerate(body):
            yield from leaves(shape.items, item, (*path, index))


def references(shape: Shape, body: Any) -> list[tuple[Path, str, str]]:
    """Return path, kind and id of each reference in `body`."""
    return [
        (path, part.refers_to, value)
        for path, part, value in leaves(shape, body)
        if part.refers_to and isinstance(value, str)
    ]


def duplicates(shape: Shape, body: Any) -> list[Path]:
    """Return the paths of values that must be unique among siblings, but are not."""
    seen: set[tuple[Path, str]] = set()
    found: list[Path] = []
    for path, part, value in leaves(shape, body):
        if part.unique_within and isinstance(value, str):
            mark = (tuple("*" if isinstance(step, int) else step for step in path), value)
            if mark in seen:
                found.append(path)
            seen.add(mark)
    return found


def without_secrets(shape: Shape, body: Any, how: str) -> Any:
    """Return a copy for an answer: secrets are `masked` or `absent` (keys left out)."""
    if isinstance(body, dict):
        out = {}
        for name, value in body.items():
            part = shape.properties.get(name)
            if part is None:
                out[name] = value
            elif not part.secret:
                out[name] = without_secrets(part, value, how)
            elif how == "masked":
                out[name] = None if value is None else MASK
        return out
    if isinstance(body, list) and shape.items:
        return [without_secrets(shape.items, item, how) for item in body]
    return body


def redact(shape: Shape, body: Any) -> Any:
    """Return a copy without secrets, also those in addresses, and values not in the contract."""
    if shape.secret:
        return HIDDEN
    if isinstance(body, dict):
        if not shape.properties:
            return HIDDEN
        known = shape.properties
        return {k: redact(known[k], v) if k in known else HIDDEN for k, v in body.items()}
    if isinstance(body, list):
        return [redact(shape.items, item) for item in body] if shape.items else HIDDEN
    return addresses.redact(body) if shape.uri and isinstance(body, str) else body


def dotted(path: Path) -> str:
    """Return a path as text: roles[0].name for ("roles", 0, "name")."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
