"""What is adopted: objects with their declarations, and those that a program only finds. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..schema.kinds import Kind
from ..schema.model import Path
from ..schema.state import Properties
from ..schema.tree import Items, Leaf, Node, Record, Table


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a program: declared, or with `find` only looked up."""

    kind: Kind
    id: str
    value: str
    """What people know it by: its name, of a channel its type."""
    name: str
    """The logical name."""
    variable: str
    declared: Properties = field(default_factory=dict, repr=False)
    """As a state holds it, but with secrets in plain."""
    find: Mapping[str, str] | None = None
    """The criteria, if it is only looked up."""

    @property
    def label(self) -> str:
        """The object as messages name it."""
        return f'{self.kind.label} "{self.value}"'


def leaves(node: Node, value: Any, path: Path = ()) -> Iterator[tuple[Path, Leaf, Any]]:
    """Yield every single value of a declaration, secrets too, with its path."""
    match node:
        case Record() if isinstance(value, Mapping):
            for slot in node.slots.values():
                if slot.name in value:
                    yield from leaves(slot.node, value[slot.name], (*path, slot.name))
        case Table() if isinstance(value, Mapping):
            for key, item in value.items():
                yield from leaves(node.item, item, (*path, key))
        case Items() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from leaves(node.item, item, (*path, index))
        case Leaf():
            yield path, node, value
