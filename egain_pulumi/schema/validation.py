"""Validates the fields of a declaration. The only module that reads pydantic's errors.

Complaints never contain a value, since any value may be a secret. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .complaint import UNKNOWN, Code, Complaint, Weight, unknown_name
from .model import Model, Path
from .tree import Items, Leaf, Link, Node, Record, Slot, Table, tree

ASSUMED: Final = "not in the public documentation; sent as written"


def validate_fields(model: type[Model], declaration: Mapping[str, Any]) -> list[Complaint]:
    """Return every complaint about a declaration, in the order of the model's fields.

    Any value may be UNKNOWN; complaints that depend on it are left out.
    """
    root = tree(model)
    unknown = list(_unknowns(declaration))
    found = list(_type_complaints(model, root, declaration))
    found += _repetitions(root, declaration)
    found += _rule_complaints(root, declaration)
    order = {name: place for place, name in enumerate(root.slots)}
    kept = [c for c in found if not any(_depends(c, path) for path in unknown)]
    meant = {(*c.path[:-1], c.meant) for c in kept if c.code is Code.UNKNOWN_NAME}
    kept = [c for c in kept if not (c.code is Code.MISSING and c.path in meant)]
    return sorted(kept, key=lambda c: order.get(str(c.path[0]), 99) if c.path else -1)


def _depends(complaint: Complaint, unknown: Path) -> bool:
    """Return whether a complaint is at or below an unknown value."""
    return complaint.path[: len(unknown)] == unknown


def _unknowns(value: Any, path: Path = ()) -> Iterator[Path]:
    if value is UNKNOWN:
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unknowns(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknowns(item, (*path, index))


def _type_complaints(
    model: type[Model], root: Record, value: Mapping[str, Any]
) -> Iterator[Complaint]:
    try:
        model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_input=False, include_url=False):
            found = _translate(root, detail)
            table, rows = _node(root, found.path), _at(value, found.path)
            if isinstance(table, Table) and isinstance(rows, list):
                yield from list(_list_complaints(table, rows, found)) or [found]
            else:
                yield found


def _translate(root: Record, error: ErrorDetails) -> Complaint:
    path = tuple(step for step in error["loc"] if step != "[key]")
    slot = _slot(root, path)
    context = error.get("ctx", {})
    match error["type"]:
        case "missing" if slot is not None and isinstance(slot.node, Leaf) and path[-1] == "id":
            return Complaint(path, Code.MISSING, "is required")  # no reference without it
        case "missing":
            return _limit(path, Code.MISSING, "is required", slot)
        case "model_type" if isinstance(_node(root, path), Link):
            return Complaint(path, Code.WRONG_TYPE, 'expects a resource, an id, or {"id": …}')
        case "extra_forbidden":
            record = _node(root, path[:-1])
            names = list(record.slots) if isinstance(record, Record) else []
            return unknown_name(path, "field", names, "; put other attributes into extra")
        case "literal_error":
            choice = str(context["expected"]).replace("'", "").replace(" or ", ", ")
            return _limit(path, Code.INVALID_VALUE, f"must be one of {choice}", slot)
        case "string_too_short" | "string_too_long" | "too_short" | "too_long" as kind:
            return _limit(path, Code.INVALID_VALUE, _length(kind, context, slot), slot)
        case "greater_than_equal":
            return _limit(path, Code.INVALID_VALUE, f"must be at least {context['ge']:g}", slot)
        case kind:
            expected = _KINDS.get(kind, "another type of value")
            return Complaint(path, Code.WRONG_TYPE, f"expects {expected}")


def _limit(path: Path, code: Code, text: str, slot: Slot | None) -> Complaint:
    if slot is not None and slot.assumed is not None:
        return Complaint(path, code, f"{text} ({ASSUMED})", Weight.ADVICE)
    return Complaint(path, code, text, Weight.LIMIT)


def _length(kind: str, context: Mapping[str, Any], slot: Slot | None) -> str:
    if slot is not None and slot.name == "id":
        return "expects an id from eGain, with 36 characters"
    what = "characters" if kind.startswith("string") else "items"
    if kind.endswith("short"):
        if context["min_length"] == 1:
            optional = slot is not None and not slot.required
            return "must not be empty" + ("; leave it out instead" if optional else "")
        return f"must have at least {context['min_length']} {what}"
    return f"must have at most {context['max_length']:,} {what}"


_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "True or False",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "none_required": "nothing",
}


def _slot(node: Node | None, path: Path) -> Slot | None:
    """Return the innermost field on a path."""
    slot = None
    for depth in range(len(path)):
        record = _node(node, path[:depth])
        record = record.record if isinstance(record, Link) else record
        if isinstance(record, Record) and path[depth] in record.slots:
            slot = record.slots[str(path[depth])]
    return slot


def _node(node: Node | None, path: Path) -> Node | None:
    for step in path:
        node = None if node is None else child(node, step)
    return node


def child(node: Node | None, step: str | int) -> Node | None:
    """Return the node of a field, a row or an item; None if the model has none."""
    match node:
        case Record():
            slot = node.slots.get(str(step))
            return slot.node if slot else None
        case Table() | Items():
            return node.item
        case Link() if step == "id":
            return node.record.slots["id"].node
        case _:
            return None


def _at(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
    return value


def _list_complaints(table: Table, rows: list[Any], found: Complaint) -> Iterator[Complaint]:
    """Yield the reasons why the vendor's list cannot become a mapping."""
    by, single, keys = table.keyed.by, table.keyed.value, set[str]()
    for index, row in enumerate(rows):
        key = row.get(by) if isinstance(row, Mapping) else None
        if not isinstance(key, str):
            yield Complaint((*found.path, index), Code.MISSING, f"expects a mapping with a {by}")
        elif key in keys:
            yield Complaint((*found.path, key), Code.TWICE, "is given twice")
        elif single is not None and set(row) != {by, single}:
            yield Complaint((*found.path, key), Code.WRONG_TYPE, f"expects only {by} and {single}")
        if isinstance(key, str):
            keys.add(key)


def _repetitions(node: Node, value: Any, path: Path = ()) -> Iterator[Complaint]:
    """Yield keys that are equal to eGain, which ignores the case of header names."""
    match node:
        case Record() if isinstance(value, Mapping):
            for slot in node.slots.values():
                yield from _repetitions(slot.node, value.get(slot.name), (*path, slot.name))
        case Table() if isinstance(value, Mapping):
            first: dict[str, str] = {}
            for key, item in value.items():
                if not isinstance(key, str):
                    text = f"expects text as each {node.keyed.by}"
                    yield Complaint(path, Code.WRONG_TYPE, text)
                    continue
                if node.key(key) in first:
                    text = f"is given twice, as {first[node.key(key)]} and {key}"
                    yield Complaint((*path, key), Code.TWICE, text)
                first[node.key(key)] = key
                yield from _repetitions(node.item, item, (*path, key))
        case Items() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _repetitions(node.item, item, (*path, index))


def _rule_complaints(node: Node, value: Any, path: Path = ()) -> Iterator[Complaint]:
    """Yield complaints of the rules that each part of the model has across its fields."""
    match node:
        case Record() if isinstance(value, Mapping):
            for below, text in node.model.mistakes(value):
                yield Complaint((*path, *below), Code.RULE, text)
            for below, text in node.model.errors(value):
                yield Complaint((*path, *below), Code.RULE, text, Weight.LIMIT)
            for below, text in node.model.advice(value):
                yield Complaint((*path, *below), Code.RULE, text, Weight.ADVICE)
            for slot in node.slots.values():
                yield from _rule_complaints(slot.node, value.get(slot.name), (*path, slot.name))
        case Table() if isinstance(value, Mapping):
            for key, item in value.items():
                yield from _rule_complaints(node.item, item, (*path, str(key)))
        case Items() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _rule_complaints(node.item, item, (*path, index))
