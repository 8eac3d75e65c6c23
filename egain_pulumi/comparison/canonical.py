"""The values of one object in canonical form. Pure.

References become kind and name, icons hashes, secrets fingerprints; ids and times disappear. Texts
and numbers have the form in which they compare (docs/rules.md#values-that-are-equal).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..hub import SECRET, Edge, Hub, Object
from ..names import public_address
from ..schema import icon
from ..schema.complaint import UNKNOWN
from ..schema.model import JsonType, Path, Reference
from ..schema.same import normal_text, typed
from ..schema.secrets import is_secret
from ..schema.tree import Items, Leaf, Link, Node, Record, Slot, Table, WordSet
from .fingerprint import SET, mark


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the values of one object in canonical form."""

    hub: Hub
    object: Object
    secrets: Mapping[Path, str]
    """What to say of each secret, by its path as compared."""
    absent: str
    """What to say of any other secret."""
    key: bytes | None
    icon: str | None = None
    plain: Mapping[str, Any] = field(default_factory=dict)
    """The declared values with those that the program calls secret, where they are known."""
    unknown: Any = None
    """What to write for a value that is only known at `pulumi up`."""

    def values(self, edges: Mapping[Path, Edge], target: Callable[[Edge], Any]) -> Any:
        """Return the values; `target` writes a reference."""

        def walk(node: Node, value: Any, path: Path) -> Any:
            if value == SECRET and not (isinstance(node, Leaf) and node.secret):
                known = _at(self.plain, path)
                return {"secret": mark(known, self.key) if isinstance(known, str) else SET}
            match node:
                case Leaf(secret=True):
                    return {"secret": self.secrets.get(path, self.absent)}
                case Table() if is_secret(node):
                    names = sorted({str(p[len(path)]) for p in self.secrets if _below(p, path)})
                    return {name: walk(node.item, None, (*path, name)) for name in names}
                case Leaf(icon=True):
                    digest = self.icon or icon.digest(value)
                    return {"sha256": digest} if digest else None
                case Link(Reference(to=None)):
                    id = value.get("id") if isinstance(value, Mapping) else value
                    return {"id": public_address(id)} if isinstance(id, str) else self._none(id)
                case Link() | Leaf(reference=Reference()):
                    return target(edges[path]) if path in edges else None
                case _ if value is None or value is UNKNOWN:
                    return self._none(value)
                case Record() if isinstance(value, Mapping):
                    parts = {
                        slot.name: walk(slot.node, _value(value, slot), (*path, slot.name))
                        for slot in node.slots.values()
                        if slot.name in value or (self.hub.whole and _always(slot))
                    }
                    return {k: v for k, v in parts.items() if not self._empty(v)}
                case Table() if isinstance(value, Mapping):
                    named = ((node.key(str(name)), item) for name, item in value.items())
                    return {name: walk(node.item, item, (*path, name)) for name, item in named}
                case Items() if isinstance(value, list):
                    return [walk(node.item, item, (*path, n)) for n, item in enumerate(value)]
                case WordSet() if isinstance(value, list):
                    return sorted({public_address(str(word)) for word in value})
                case Leaf():
                    return self._text(node, typed(node, value))
            return None

        return walk(self.object.kind.tree, self.object.inputs, ())

    def _none(self, value: Any) -> Any:
        return self.unknown if value is UNKNOWN else None

    def _empty(self, value: Any) -> bool:
        # What a program declares as empty means something; eGain shows the same as nothing.
        return value is None or (self.hub.whole and value in ({}, [], ""))

    def _text(self, leaf: Leaf, value: Any) -> Any:
        """Return a value; what an address may hide is treated as a secret."""
        if not isinstance(value, str):
            return value
        text = normal_text(value) if leaf.type is JsonType.TEXT else value
        public = public_address(text)
        return text if public == text else {"address": public, "secret": mark(text, self.key)}


def _value(values: Mapping[str, Any], slot: Slot) -> Any:
    found = values.get(slot.name)
    return slot.default if found is None else found


def _always(slot: Slot) -> bool:
    """Return whether something is written of what a tenant's answer lacks: secrets and defaults;
    icons, which a hub leaves out."""
    icons = isinstance(slot.node, Leaf) and slot.node.icon
    return slot.default is not None or is_secret(slot.node) or icons


def _at(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return None if value == SECRET else value


def _below(path: Path, above: Path) -> bool:
    return len(path) > len(above) and path[: len(above)] == above
