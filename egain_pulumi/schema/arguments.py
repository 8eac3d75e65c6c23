"""The arguments of a kind, and the validation of a whole declaration. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from math import isfinite
from typing import Any, Final

from .complaint import UNKNOWN, Code, Complaint, unknown_name
from .kinds import Kind
from .model import Model, Path
from .secrets import SET_BY_EGAIN, is_secret
from .state import EXTRA, KEPT, SECRETS_VERSION
from .tree import Node, Record, show, tree
from .validation import child, validate_fields

ID_LENGTH: Final = 36  # contract: ObjectId


def validate_extra(model: type[Model], extra: Any) -> Iterator[Complaint]:
    """Yield complaints about `extra`, which must not repeat an argument."""
    if extra is UNKNOWN or extra is None:
        return
    if not isinstance(extra, Mapping):
        yield Complaint((EXTRA,), Code.WRONG_TYPE, "expects a mapping with eGain's names")
        return
    yield from _modelled_names(tree(model), extra, (EXTRA,), ())


def _modelled_names(
    record: Record, extra: Mapping[str, Any], path: Path, argument: Path
) -> Iterator[Complaint]:
    slots = {slot.wire: slot for slot in record.slots.values()}
    for name, value in extra.items():
        slot = slots.get(name)
        if not argument and name in SET_BY_EGAIN:
            yield Complaint((*path, name), Code.RULE, "is set by eGain; leave it out")
        elif slot is None:
            continue
        elif isinstance(slot.node, Record) and isinstance(value, Mapping):
            yield from _modelled_names(slot.node, value, (*path, name), (*argument, slot.name))
        else:
            text = f"use the argument {show((*argument, slot.name))} instead"
            yield Complaint((*path, name), Code.RULE, text)


def duplicate(kind: Kind, field: str, other: str) -> Complaint:
    """Return the complaint that another declared object has the same unique value."""
    text = f'{kind.label} "{other}" has the same value, which must be unique in eGain'
    return Complaint((field,), Code.TWICE, text)


@cache
def argument_names(model: type[Model]) -> tuple[str, ...]:
    """Return the names of all arguments of a kind."""
    return (*tree(model).slots, EXTRA, SECRETS_VERSION)


def validate(model: type[Model], declared: Mapping[str, Any]) -> list[Complaint]:
    """Return every complaint about a declaration. Any value may be UNKNOWN."""
    names = argument_names(model)
    fields = {name: value for name, value in declared.items() if name in tree(model).slots}
    found = validate_fields(model, fields)
    found += [unknown_name((name,), "argument", names) for name in declared if name not in names]
    found += validate_extra(model, declared.get(EXTRA))
    found += _misplaced(tree(model), declared, ())
    version = declared.get(SECRETS_VERSION)
    if version is not None and version is not UNKNOWN and not _is_whole(version):
        found.append(Complaint((SECRETS_VERSION,), Code.WRONG_TYPE, "expects a whole number"))
    return found


def _misplaced(node: Node | None, value: Any, path: Path) -> Iterator[Complaint]:
    """Yield complaints about `keep_secret()` where no secret is, or inside another text."""
    fits = value == KEPT and node is not None and is_secret(node)
    if isinstance(value, str) and KEPT in value and not fits:
        text = (
            "keep_secret() stands only for a whole secret value: basic_auth.password, "
            "oauth2.payload, or the value of a header"
        )
        yield Complaint(path, Code.INVALID_VALUE, text)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _misplaced(child(node, name), item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _misplaced(child(node, index), item, (*path, index))


def _is_whole(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isfinite(value) and value == int(value)


def validate_import(kind: Kind, wanted: str) -> Iterator[Complaint]:
    """Yield a complaint if the text of an import is neither an id nor `name:…`."""
    key, colon, value = wanted.partition(":")
    is_name = colon and key == kind.field and value
    if not is_name and (colon or len(wanted) != ID_LENGTH):
        text = f'expects an id of {ID_LENGTH} characters, or "{kind.field}:…"'
        yield Complaint(("import_",), Code.INVALID_VALUE, text)
