"""Parse the JSON of the Pulumi CLI into objects of eGain, without secrets. Pure.

Anything that CLI 3.259 does not write is an error: an incomplete hub is worse than none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ...engine_values import PLACEHOLDER, SIGNATURE
from ...errors import EgainError
from ...schema import icon
from ...schema.complaint import UNKNOWN
from ...schema.declared import Origin, criteria
from ...schema.declared import origin as origin_of
from ...schema.kinds import Kind
from ...schema.state import EXTRA, FIND, IMPORTED, KEPT, SECRETS_VERSION
from ...schema.tree import Items, Leaf, Node, Record, Table, tree
from ...text import one_line
from ..model import Edge, Object
from ..references import edges

SECRET: Final = "[secret]"

Document = Mapping[str, Any]


class NotAHub(EgainError):
    """A text that is not a complete preview, or not a state."""


def parse(text: str, what: str) -> Document:
    """Parse a JSON object. Errors begin with `what`: `not a stack's state`."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        problem = "is not JSON, or is cut off" if text.strip() else "is empty"
        raise NotAHub(f"{what}: the text {problem}") from None
    if not isinstance(found, dict):
        raise NotAHub(f"{what}: the text is JSON, but not an object")
    return found


def need(value: Any, kind: type | tuple[type, ...], what: str, where: str) -> Any:
    """Return the value if it has this JSON type; `where` is its place in the document."""
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    raise NotAHub(
        f"{what}: {where} is not as Pulumi CLI 3.259 writes it; "
        "was it written by another program or a newer CLI?"
    )


def stack_of(urn: str, what: str) -> tuple[str, str]:
    """Return stack and project of a URN."""
    parts = urn.split("::")
    if len(parts) < 4 or not parts[0].startswith("urn:pulumi:"):
        raise NotAHub(f"{what}: {one_line(urn, 80)!r} is not a URN")
    return parts[0].removeprefix("urn:pulumi:"), parts[1]


def check_project(found: str, expected: str | None, what: str) -> None:
    """Raise NotAHub if a document belongs to another project than the expected one."""
    if expected not in (None, found):
        raise NotAHub(f'{what}: it belongs to project "{found}", but this is "{expected}"')


class Reader:
    """Turns the resources of one document into objects; errors begin with `what`."""

    def __init__(self, kinds: Sequence[Kind], what: str) -> None:
        self._kinds = {token(kind): kind for kind in kinds}
        self._order = [kind.resource for kind in kinds]
        self._what = what

    def kind(self, resource: Document) -> Kind | None:
        """Return the kind of a resource; None if it is not one of the six."""
        return self._kinds.get(need(resource.get("type"), str, self._what, "a resource's type"))

    def object(self, resource: Document, id: str | None = None) -> Object:
        """Turn a resource of the six kinds into an object; `id` is for a resource without one."""
        what = self._what
        kind = self._kinds[resource["type"]]
        urn = need(resource.get("urn"), str, what, "a resource's urn")
        inputs = need(resource.get("inputs", {}), dict, what, urn)
        outputs = need(resource.get("outputs") or {}, dict, what, urn)
        origin = origin_of(inputs)
        if origin is Origin.MANAGED and resource.get("external"):
            origin = Origin.GOT
        foreign = origin is not Origin.MANAGED
        declared = {**outputs, **criteria(inputs.get(FIND))} if foreign else inputs
        shown = {
            name: clean(slot.node, declared[name])
            for name, slot in tree(kind.model).slots.items()
            if name in declared
        }
        if EXTRA in declared:
            shown[EXTRA] = SECRET
        if SECRETS_VERSION in declared:
            shown[SECRETS_VERSION] = clean(None, declared[SECRETS_VERSION])
        known, active = resource.get("id"), shown.get("active")
        imported = inputs.get(IMPORTED)
        return Object(
            key=urn,
            kind=kind,
            name=urn.split("::", 3)[-1],
            id=known if isinstance(known, str) and known not in ("", PLACEHOLDER) else id,
            origin=origin,
            inputs=shown,
            active=active if isinstance(active, bool) else None,
            protected=resource.get("protect") is True,
            imported=imported if isinstance(imported, str) else None,
            tenant=str(resource.get("provider") or "").rpartition("::")[0],
        )

    def connect(
        self, objects: Mapping[str, Object], resources: Mapping[str, Document]
    ) -> tuple[dict[str, Object], tuple[Edge, ...]]:
        """Sort objects by kind and name, and find the references between them.

        The order of the CLI depends on its threads and differs in each run.
        """

        def place(each: Object) -> tuple[int, str, str]:
            return self._order.index(each.kind.resource), each.name, each.key

        def dependencies(source: Object, name: str) -> Sequence[str]:
            listed = resources[source.key].get("propertyDependencies") or {}
            of_one = need(listed, dict, self._what, source.key).get(name) or ()
            return list(need(of_one, (list, tuple), self._what, source.key))

        ordered = sorted(objects.values(), key=place)
        return {each.key: each for each in ordered}, edges(ordered, dependencies)


def token(kind: Kind) -> str:
    """Return the type token of a kind."""
    return f"pulumi-python:dynamic/egain:{kind.resource.removesuffix('Resource')}"


def clean(node: Node | None, value: Any) -> Any:
    """Return a stored value without secrets and icons, and with UNKNOWN for unknown values.

    Also removes secrets in plain text, which `--show-secrets` writes: the model knows them.
    """
    if value == PLACEHOLDER:
        return UNKNOWN
    match node, value:
        case _, Mapping() if SIGNATURE in value:
            return SECRET
        case Record(), Mapping():
            slots = node.slots
            return {k: clean(slots[k].node, v) for k, v in value.items() if k in slots}
        case Leaf(secret=True), _ if value is not None and value != KEPT:
            return SECRET
        case Leaf(icon=True), str() if value != SECRET:
            return {"sha256": icon.digest(value)}
        case _, Mapping():
            below = node.item if isinstance(node, Table) else None
            return {k: clean(below, v) for k, v in value.items()}
        case _, list():
            below = node.item if isinstance(node, Items) else None
            return [clean(below, v) for v in value]
    return value
