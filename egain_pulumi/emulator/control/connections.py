"""The tenant's objects and their references: no secret, no address with its query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import addresses
from ..contract import shapes
from ..contract.shapes import Shape
from ..tenant import Body, Tenant


def connections(tenant: Tenant) -> Body:
    """Return `objects` by kind: kind, id, name, active, `refers` (path, kind, id) and `facts`.

    `facts` are the other single values in the contract, by path.
    """
    return {
        "objects": [
            _view(tenant, name, body)
            for name, rows in tenant.objects.items()
            for body in rows.values()
        ]
    }


def _view(tenant: Tenant, collection: str, body: Body) -> Body:
    noun, shape = tenant.nouns[collection], tenant.shapes[collection]
    name = body.get(noun.unique or "name")
    return {
        "kind": noun.kind,
        "id": body["id"],
        "name": name if isinstance(name, str) else "",
        "active": body.get("active") is not False,
        "refers": [
            {"path": shapes.dotted(path), "kind": kind, "id": target}
            for path, kind, target in shapes.references(shape, body)
        ],
        "facts": [{"path": path, "value": value} for path, value in _facts(shape, body)],
    }


def _facts(shape: Shape, body: Body) -> Iterator[tuple[str, Any]]:
    hidden: list[shapes.Path] = []
    for path, part, value in shapes.leaves(shape, body):
        if part.secret:
            hidden.append(path)
        # A secret object or list hides all its values.
        if any(path[: len(above)] == above for above in hidden):
            continue
        if part.base64 or part.refers_to or path in _OWN or isinstance(value, dict | list):
            continue
        if value is not None:
            yield shapes.dotted(path), _shown(part, value)


_OWN: tuple[shapes.Path, ...] = (("id",), ("name",), ("active",), ("created",), ("modified",))


def _shown(part: Shape, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return addresses.redact(value) if part.uri else addresses.redact_in(value)
