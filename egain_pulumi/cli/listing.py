"""What a tenant has, without a secret: ids, names, whether active, and who refers to whom.

One list per kind. Nothing else of an object is kept: neither secrets nor texts can leak from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import ApiError, EgainError, TransportError
from ..schema.kinds import Kind, references, refers_to
from ..schema.model import Model
from ..schema.tree import Malformed, tree
from ..text import sentence

if TYPE_CHECKING:
    from ..api.client import Client

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One object. `value` is that of its kind's `field`; None if eGain answered without."""

    kind: Kind
    id: str
    value: str | None
    active: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """All objects of a kind, in order of their values, and by id who refers to them.

    `lacking` is the scope that our client would need to read this kind; then nothing is known.
    """

    kind: Kind
    entries: tuple[Entry, ...] = ()
    referrers: Mapping[str, tuple[Entry, ...]] | None = None
    lacking: str | None = None


def take(
    client: Client,
    kinds: Sequence[Kind],
    wanted: Sequence[Kind],
    say: Callable[[str], object] = lambda _: None,
) -> list[Listing]:
    """The wanted kinds, each with who refers to it; `kinds` are all that may refer.

    One list per kind that is wanted or refers to a wanted one; `say` hears of each beforehand.
    Raises EgainError naming the kind if a list fails or cannot be trusted. Only where reading
    needs a scope of its own (authentications) and eGain refuses with 403, the others still come.
    """
    rows: dict[str, list[Row] | None] = {}
    for kind in kinds:
        if kind in wanted or any(refers_to(kind, to.resource) for to in wanted):
            say(f"reading {kind.plural}")
            rows[kind.name] = read(client, kind)
    return [_listing(kind, kinds, rows) for kind in wanted]


def read(client: Client, kind: Kind) -> list[Row] | None:
    """All objects of a kind as eGain lists them; None: the client may not read them.

    Raises EgainError as `take` does.
    """
    try:
        found = client.operation().list(kind.collection.path, kind.collection.key)
    except ApiError as error:
        if error.status != 403:
            raise EgainError(f"cannot list {kind.plural}: {error}.") from None
        if kind.model.read_scope != Model.read_scope:
            return None
        raise EgainError(
            f'cannot list {kind.plural} ({error.code}): client "{client.settings.client_id}" '
            f"lacks scope {kind.model.read_scope}, or may not do this: "
            f"{sentence(error.words)} Add the scope to the client application in the eGain console."
        ) from None
    except TransportError as error:
        text = f"{sentence(f'cannot list {kind.plural}: {error}')} {error.next_step}"
        raise EgainError(text, error.reason) from None
    return list(found)


def _listing(kind: Kind, kinds: Sequence[Kind], rows: Mapping[str, list[Row] | None]) -> Listing:
    mine = rows[kind.name]
    if mine is None:
        return Listing(kind, lacking=kind.model.read_scope)
    referrers: dict[str, list[Entry]] = {}
    for other in kinds:
        for entry, row in _sorted(other, rows.get(other.name) or ()):
            # Once, however often: an orchestration names an application in several places.
            for id in dict.fromkeys(_ids(other, row, kind.resource)):
                referrers.setdefault(id, []).append(entry)
    entries = tuple(entry for entry, _ in _sorted(kind, mine))
    return Listing(kind, entries, {id: tuple(found) for id, found in referrers.items()})


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
