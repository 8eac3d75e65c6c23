"""Describes the fields of models in words."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic.fields import FieldInfo

from egain_pulumi.schema.model import Assumed, Part, Reference
from egain_pulumi.schema.tree import Items, Leaf, Link, Node, Record, Slot, Table, WordSet, tree

_PLAIN = {str: "text", bool: "`True` or `False`", int: "whole number", float: "number"}


@dataclass(frozen=True)
class Facts:
    """Type, markers and description of a field, from all the places where pydantic keeps them."""

    type: Any
    marks: tuple[Any, ...]
    description: str

    @classmethod
    def of(cls, info: FieldInfo) -> Facts:
        """Return the facts of a field, unwrapping `Annotated` and `… | None`."""
        annotation: Any = info.annotation
        marks: list[Any] = list(info.metadata)
        texts = [info.description]
        while True:
            origin = typing.get_origin(annotation)
            if origin is Annotated:
                annotation, *found = typing.get_args(annotation)
                for mark in found:
                    inner = mark.metadata if isinstance(mark, FieldInfo) else [mark]
                    marks += inner
                    texts += [mark.description] if isinstance(mark, FieldInfo) else []
            elif origin in (Union, types.UnionType):
                (annotation,) = (a for a in typing.get_args(annotation) if a is not type(None))
            else:
                return cls(annotation, tuple(marks), next((t for t in texts if t), ""))


def kind(node: Node, facts: Facts) -> str:
    """Return the type in the words of a program's author."""
    match node:
        case Leaf(icon=True):
            return "`icon_file(…)`, or base64 text"
        case Leaf(reference=Reference() as reference) | Link(reference):
            return f"`{reference.to}`, or its id" if reference.to else "id"
        case WordSet():
            return "set of words"
        case Record():
            return "mapping"
        case Table():
            return f"mapping by {node.keyed.by}{_item(node.item)}"
        case Items():
            return f"list{_item(node.item)}"
    if typing.get_origin(facts.type) is Literal:
        return " or ".join(f"`{choice}`" for choice in typing.get_args(facts.type))
    return _PLAIN[facts.type]


def _item(node: Node) -> str:
    match node:
        case Table():
            return f", of mappings by {node.keyed.by}"
        case Record():
            return ", of mappings"
        case _:
            return " of text"


def limits(node: Node, facts: Facts) -> str:
    """Return the limits of a value, and whether they are assumed."""
    said = list(_bounds(node, facts))
    if isinstance(node, Table) and typing.get_origin(facts.type) is dict:
        key = typing.get_args(facts.type)[0]
        if typing.get_origin(key) is Literal:
            choices = ", ".join(f"`{choice}`" for choice in typing.get_args(key))
            said.append(f"{node.keyed.by} is one of {choices}")
    if isinstance(node, Table) and node.keyed.caseless:
        said.append(f"{node.keyed.by}s compare without case")
    assumed = next((mark for mark in facts.marks if isinstance(mark, Assumed)), None)
    if isinstance(node, Link):
        inner = Facts.of(node.record.slots["id"].info)
        said += _bounds(Leaf(), inner)
        assumed = assumed or next((m for m in inner.marks if isinstance(m, Assumed)), None)
    if assumed is not None:
        said.append(f"*assumed: {assumed.reason}*")
    return "; ".join(said)


def _bounds(node: Node, facts: Facts) -> Iterator[str]:
    unit = "items" if isinstance(node, Table | Items | WordSet) else "characters"
    least = next((m.min_length for m in facts.marks if isinstance(m, MinLen)), None)
    most = next((m.max_length for m in facts.marks if isinstance(m, MaxLen)), None)
    if least is not None and least == most:
        yield f"{least} {unit}"
    elif least is not None and most is not None:
        yield f"{least} to {most:,} {unit}"
    for mark in facts.marks:
        match mark:
            case Ge():
                yield f"at least {mark.ge:g}"
            case Gt():
                yield f"more than {mark.gt:g}"
            case Le():
                yield f"at most {mark.le:g}"
            case Lt():
                yield f"less than {mark.lt:g}"


def on_the_wire(slot: Slot) -> str:
    """Return eGain's name of a field, with its format if that differs."""
    form = _form(slot.node)
    return f"`{slot.wire}`" + (f": `{form}`" if form else "")


def _form(node: Node) -> str:
    match node:
        case Link():
            return "{id}"
        case Table():
            inner = _form(node.item)
            if node.keyed.value is None:
                return f"[{{{node.keyed.by}, …}}]"
            return f"[{{{node.keyed.by}, {node.keyed.value}{': ' + inner if inner else ''}}}]"
        case Items() if node.wrapped:
            return f"{{{node.wrapped}: […]}}"
        case _:
            return ""


def parts(model: type[Part]) -> Iterator[tuple[str, Record]]:
    """Yield every object inside a model with its path: `roles.<name>`, `bots[]`."""
    yield from _parts(tree(model), "")


def _parts(node: Node, path: str) -> Iterator[tuple[str, Record]]:
    match node:
        case Record():
            if path:
                yield path, node
            for slot in node.slots.values():
                yield from _parts(slot.node, f"{path}.{slot.name}" if path else slot.name)
        case Table():
            yield from _parts(node.item, f"{path}.<{node.keyed.by}>")
        case Items():
            yield from _parts(node.item, f"{path}[]")


def secrets(node: Node, path: str = "") -> Iterator[str]:
    """Yield the paths of secrets: `oauth2.payload`, `roles.<name>.headers.<name>`."""
    match node:
        case Leaf(secret=True):
            yield path
        case Record():
            for slot in node.slots.values():
                yield from secrets(slot.node, f"{path}.{slot.name}" if path else slot.name)
        case Table():
            yield from secrets(node.item, f"{path}.<{node.keyed.by}>")
        case Items():
            yield from secrets(node.item, f"{path}[]")
