"""List the objects of a tenant: ids, names, whether active, and who refers to them.

Keeps nothing else of an object, so that neither secrets nor texts can leak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import ApiError, EgainError, TransportError
from ..schema.kinds import Kind, references, refers_to
from ..schema.model import Model
from ..schema.tree import Malformed, tree
from ..text import sentence

if TYPE_CHECKING:
    from ..api.client import Client

Row = Mapping[str, Any]
Rows = dict[str, list[dict[str, Any]] | None]
"""By the kind's name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One object. `value` is that of its kind's `field`; None if eGain returned none."""

    kind: Kind
    id: str
    value: str | None
    active: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """All objects of a kind, sorted by value, and by id the objects that refer to them.

    `missing_scope` is the scope that the client lacks to read this kind; then there are no entries.
    """

    kind: Kind
    entries: tuple[Entry, ...] = ()
    referrers: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    missing_scope: str | None = None


def list_objects(
    client: Client, kinds: Sequence[Kind], wanted: Sequence[Kind], show: Callable[[str], None]
) -> list[Listing]:
    """List the wanted kinds, with the objects of all `kinds` that refer to them.

    Raises EgainError as `read` does.
    """
    needed = [k for k in kinds if k in wanted or any(refers_to(k, to.resource) for to in wanted)]
    rows = read(client, needed, show)
    return [_listing(kind, needed, rows) for kind in wanted]


def read(client: Client, kinds: Sequence[Kind], show: Callable[[str], None]) -> Rows:
    """Return the objects of kinds, one list call each; `show` shows the progress.

    The rows of a kind are None if reading it needs a scope of its own (authentications) that the
    client lacks. Raises EgainError, which names the kind, if a list fails or cannot be trusted.
    """
    rows: Rows = {}
    for kind in kinds:
        show(f"reading {kind.plural}")
        rows[kind.name] = _read(client, kind)
    return rows


def _read(client: Client, kind: Kind) -> list[dict[str, Any]] | None:
    try:
        return client.operation().list(kind.collection.path, kind.collection.key).rows
    except ApiError as error:
        if error.status != 403:
            raise EgainError(f"cannot list {kind.plural}: {error}.") from None
        if kind.model.read_scope != Model.read_scope:
            return None
        problem = error.explain_scope(client.settings.client_id, kind.model.read_scope)
        raise EgainError(f"cannot list {kind.plural} ({error.code}): {problem}") from None
    except TransportError as error:
        text = f"{sentence(f'cannot list {kind.plural}: {error}')} {error.next_step}"
        raise EgainError(text, error.reason) from None


def _listing(kind: Kind, kinds: Sequence[Kind], rows: Rows) -> Listing:
    own = rows[kind.name]
    if own is None:
        return Listing(kind, missing_scope=kind.model.read_scope)
    referrers: dict[str, list[Entry]] = {}
    for other in kinds:
        for entry, row in _sorted(other, rows[other.name] or ()):
            # Each id once: an orchestration may name an application in several places.
            for id in dict.fromkeys(_ids(other, row, kind.resource)):
                referrers.setdefault(id, []).append(entry)
    return Listing(kind, tuple(entry for entry, _ in _sorted(kind, own)), referrers)


def _sorted(kind: Kind, rows: Sequence[Row]) -> list[tuple[Entry, Row]]:
    pairs = [(_entry(kind, row), row) for row in rows]
    return sorted(pairs, key=lambda pair: (pair[0].value or "", pair[0].id))


def _entry(kind: Kind, row: Row) -> Entry:
    value = row.get(tree(kind.model).slots[kind.field].wire)
    active = row.get("active")
    roles = row.get("roles")
    names = [r.get("name") for r in roles if isinstance(r, dict)] if isinstance(roles, list) else []
    return Entry(
        kind=kind,
        id=row["id"],
        value=value if isinstance(value, str) else None,
        active=active is not False,  # absent and null mean the default
        roles=tuple(name for name in names if isinstance(name, str)),
    )


def _ids(kind: Kind, row: Row, resource: str) -> Iterator[str]:
    try:
        yield from (id for to, id in references(tree(kind.model), row) if to == resource)
    except Malformed as problem:
        raise EgainError(
            f"cannot list {kind.plural}: the list cannot be trusted: {row['id']}: {problem}."
        ) from None
