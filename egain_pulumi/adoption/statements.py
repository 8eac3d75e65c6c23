"""The statements of a program that find or declare objects. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..schema.kinds import Kind
from ..schema.model import Path, Reference
from ..schema.shape import only_id
from ..schema.state import KEPT
from ..schema.tree import Items, Leaf, Link, Node, Record, Table, tree
from ..text import cut, visible
from . import constants, naming
from .expressions import WIDTH, Call, Code, Expression, lines, number
from .model import Item
from .settings import Settings


@dataclass(frozen=True)
class Program:
    """What a program consists of."""

    items: Sequence[Item]
    settings: Settings
    tenant: str
    """The address of the tenant, without credentials."""
    kinds: Sequence[Kind]
    named: Mapping[str, str] = field(default_factory=dict)
    """By id, what a comment says of an object that the program refers to by id."""


class Statements:
    """Writes the statements of a file, and notes what they need."""

    def __init__(
        self,
        program: Program,
        by_id: Mapping[tuple[str, str], Item],
        variable: Callable[[Item], str],
        needed: dict[str, None],
    ) -> None:
        self._program, self._by_id = program, by_id
        self._variable, self._needed = variable, needed
        self.types = set[str]()
        """The argument types that annotations name."""

    def declarations(self, kind: Kind, items: Sequence[Item], names: naming.Names) -> Iterator[str]:
        """Yield the lines that find or declare objects of a kind, after what these share."""
        for item in items:
            if item.find is not None:
                call = Call(f"{kind.resource}.find", [(None, item.name), *item.find.items()])
                yield from lines(call, f"{item.variable} = ")
        declared = [item for item in items if item.find is None]
        arguments = [self._arguments(item) for item in declared]
        for constant in constants.share(arguments, names):
            hint = self._type(tree(kind.model).slots[constant.argument].node)
            yield from lines(constant.value, f"{constant.name}{hint} = ")
        for item, given in zip(declared, arguments, strict=True):
            yield from self._comments(item)
            call = Call(kind.resource, [(None, item.name), *given.items()], short=False)
            yield from lines(call, f"{item.variable} = ")

    def _arguments(self, item: Item) -> constants.Arguments:
        return {
            name: self._expression(item, slot.node, item.declared[name], (name,))
            for name, slot in tree(item.kind.model).slots.items()
            if name in item.declared and not (name == "active" and item.declared[name] is True)
        }

    def _type(self, node: Node) -> str:
        """Return the annotation of a constant; empty if Python infers it."""
        match node:
            case Record(model=model):
                found, hint = model, "{}"
            case Items(item=Record(model=model)):
                found, hint = model, "list[{}]"
            case Table(item=Record(model=model)):
                found, hint = model, "dict[str, {}]"
            case _:
                return ""
        name = f"{found.__name__}Args"
        self.types.add(name)
        return f": {hint.format(name)}"

    def _comments(self, item: Item) -> Iterator[str]:
        for id in dict.fromkeys(_ids(tree(item.kind.model), item.declared)):
            if id in self._program.named:
                yield cut(f"# {id}: {visible(self._program.named[id])}", WIDTH)

    def _expression(self, item: Item, node: Node, value: Any, path: Path) -> Expression:
        match node:
            case Link() | Record() if (only := only_id(node)) is not None:
                return self._reference(only, value["id"])
            case Leaf(reference=Reference() as reference):
                return self._reference(reference, value)
            case Record(slots=slots):
                return {
                    name: self._expression(item, slots[name].node, part, (*path, name))
                    for name, part in value.items()
                }
            case Table():
                return {
                    key: self._expression(item, node.item, part, (*path, key))
                    for key, part in value.items()
                }
            case Items():
                return [
                    self._expression(item, node.item, part, (*path, index))
                    for index, part in enumerate(value)
                ]
            case Leaf(icon=True) if isinstance(value, Mapping):
                self._needed["icon_file"] = None
                return Call("icon_file", [(None, value["path"])])
            case Leaf():
                return self._leaf(item, node, value, path)
        return list(value)

    def _leaf(self, item: Item, node: Leaf, value: Any, path: Path) -> Expression:
        if node.secret and value == KEPT:
            self._needed["keep_secret"] = None
            return Call("keep_secret", [])
        setting = self._program.settings.used.get((item.id, path))
        if setting is not None:
            self._needed["config"] = None
            how = "require_secret" if setting.secret else "require"
            return Call(f"config.{how}", [(None, setting.key)])
        return number(value)

    def _reference(self, reference: Reference, id: str) -> Expression:
        item = self._by_id.get((reference.to or "", id))
        if item is None:
            return id
        name = self._variable(item)
        if "." in name:
            self._needed[f"import {name.partition('.')[0]}"] = None
        return Code(name)


def _ids(node: Node, value: Any) -> Iterator[str]:
    match node:
        case Link():
            yield value["id"]
        case Leaf(reference=Reference()):
            yield value
        case Record(slots=slots):
            for name, part in value.items():
                yield from _ids(slots[name].node, part)
        case Table() | Items():
            for part in value.values() if isinstance(value, Mapping) else value:
                yield from _ids(node.item, part)
