"""An export: the objects of a tenant or a stack in one canonical form. Pure; holds no secret.

Its JSON is documented in docs/two-environments.md and docs/export.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..errors import EgainError
from ..schema.kinds import Kind
from ..schema.model import Reference
from ..schema.secrets import has_secrets
from ..schema.tree import Items, Leaf, Link, Node, Record, Table, WordSet
from ..text import one_line

FORMAT: Final = "egain-pulumi export 1"
TENANT: Final = "tenant"
STACK: Final = "stack"
HIDDEN: Final = "hidden"
"""Reads of this tenant show no secret, so that a missing one says nothing."""
SEEN: Final = "seen"
_KEYS: Final = {"format", "of", "fingerprint_key", "secrets", "not_read", "objects"}
_OBJECT: Final = {"kind", "name", "number", "owner", "values"}


class NotAnExport(EgainError):
    """A text that is not an export, or is one of another version."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One object, without its id."""

    kind: Kind
    name: str | None
    number: int = 1
    """Tells apart objects of one kind and name: orchestrations may have equal names."""
    egain: bool = False
    """Whether it is eGain's own, such as the application of the agents."""
    values: Mapping[str, Any] | None = None
    """None if only its name is known (`find` and `get` in a stack)."""

    @property
    def key(self) -> tuple[str, str | None, int]:
        """Its identity in a document."""
        return self.kind.name, self.name, self.number

    @property
    def shown(self) -> str:
        """Its name as messages show it."""
        name = "(no name)" if self.name is None else self.name
        return name if self.number == 1 else f"{name} ({self.number})"


@dataclass(frozen=True, slots=True)
class Document:
    """All objects, in canonical order."""

    of: str
    """`TENANT` or `STACK`: a stack has only what its program declares."""
    entries: tuple[Entry, ...] = ()
    fingerprint_key: str | None = None
    """Tells keys apart; None if the secrets have no fingerprints."""
    secrets: str = SEEN
    not_read: frozenset[str] = frozenset()
    """Names of the kinds that the client may not read."""
    left_out: int = 0
    """Objects of a stack that live in further tenants; not part of an export."""


def serialize(document: Document) -> str:
    """Return the canonical JSON of a document."""
    found = {
        "format": FORMAT,
        "of": document.of,
        "fingerprint_key": document.fingerprint_key,
        "secrets": document.secrets,
        "not_read": sorted(document.not_read),
        "objects": [
            {
                "kind": each.kind.name,
                "name": each.name,
                "number": each.number,
                "owner": "egain" if each.egain else None,
                "values": each.values,
            }
            for each in document.entries
        ],
    }
    # ASCII, so that a terminal shows it safely.
    text = json.dumps(found, indent=2, ensure_ascii=True, sort_keys=True, default=_unknown)
    return f"{text}\n"


def _unknown(value: object) -> None:
    """Write nothing for a value that a broken state does not know."""


def parse(text: str, kinds: Sequence[Kind], name: str = "export") -> Document:
    """Parse an export; `name` begins the errors. Raises NotAnExport."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAnExport(f"{name}: not JSON, or cut off") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise NotAnExport(
            f"{name}: neither an export of this version nor a stack's state; "
            "write it anew with egain-pulumi export"
        )
    by_name = {kind.name: kind for kind in kinds}
    valid = (
        found.keys() == _KEYS
        and found["of"] in (TENANT, STACK)
        and found["secrets"] in (SEEN, HIDDEN)
        and isinstance(found["fingerprint_key"], str | None)
        and isinstance(found["not_read"], list)
        and all(each in by_name for each in found["not_read"] if isinstance(each, str))
        and isinstance(found["objects"], list)
    )
    if not valid:
        raise NotAnExport(f"{name}: not as egain-pulumi export writes it; write it anew")
    entries = tuple(_entry(each, by_name, name) for each in found["objects"])
    if len({each.key for each in entries}) < len(entries):
        raise NotAnExport(f"{name}: has an object twice; write it anew")
    return Document(
        found["of"],
        entries,
        found["fingerprint_key"],
        found["secrets"],
        frozenset(map(str, found["not_read"])),
    )


def _entry(found: Any, kinds: Mapping[str, Kind], name: str) -> Entry:
    if (
        not isinstance(found, dict)
        or found.keys() != _OBJECT
        or found["kind"] not in kinds
        or not isinstance(found["name"], str | None)
        or not isinstance(found["number"], int)
        or not isinstance(found["values"], dict | None)
    ):
        raise NotAnExport(f"{name}: an object is not as egain-pulumi export writes it")
    kind = kinds[found["kind"]]
    if found["values"] is not None and not _fits(kind.tree, found["values"]):
        shown = one_line(str(found["name"]), 80)
        raise NotAnExport(
            f'{name}: {kind.label} "{shown}" has properties that this version does not know; '
            "write it anew with egain-pulumi export"
        )
    return Entry(kind, found["name"], found["number"], found["owner"] == "egain", found["values"])


def is_secret_mark(value: Any) -> bool:
    """Return whether this stands for a secret. (A header called `secret` has a mapping there.)"""
    return (
        isinstance(value, Mapping)
        and value.keys() == {"secret"}
        and isinstance(value["secret"], str)
    )


def is_sealed(node: Node, value: Any) -> bool:
    """Return whether a secret stands here; in a table of texts, one may be named `secret`.

    A program may make any of its values secret.
    """
    return is_secret_mark(value) and (not isinstance(node, Table) or has_secrets(node))


def _fits(node: Node, value: Any) -> bool:
    """Return whether a value has the shape of its node: a file may be anybody's."""
    match node:
        case _ if is_sealed(node, value):
            return True
        case Record():
            slots = node.slots
            return isinstance(value, dict) and all(
                name in slots and _fits(slots[name].node, item) for name, item in value.items()
            )
        case Table():
            return isinstance(value, dict) and all(_fits(node.item, v) for v in value.values())
        case Items():
            return isinstance(value, list) and all(_fits(node.item, v) for v in value)
        case WordSet():
            return isinstance(value, list)
        case Link() | Leaf(reference=Reference()):
            return isinstance(value, dict)
    return not isinstance(value, list)
