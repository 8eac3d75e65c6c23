"""`egain-pulumi list`: the objects of a tenant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ..errors import EgainError
from ..names import closest
from ..resources import KINDS
from ..schema.kinds import Kind
from ..text import visible
from . import listing
from .exits import Code
from .listing import Entry, Listing
from .tenant import connect
from .terminal import heading, table, write


def list_(
    kind: Annotated[
        str | None,
        typer.Argument(metavar="KIND", help=f"One of {', '.join(k.name for k in KINDS)}."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """List the objects of a tenant: ids, names and references.

    Shows the id of each object, its name (of a channel its type), whether it is active, the roles
    of a client application, and the objects that refer to it; never more. The tenant is that of
    EGAIN_BASE_URL, EGAIN_TOKEN_URL, EGAIN_CLIENT_ID and EGAIN_CLIENT_SECRET; the configuration of
    a stack does not apply. Changes nothing.

    Reading authentications needs the manage scope. Without it the output says so, and the exit
    code is 1, or 2 if KIND is authentication. If a list fails or may be incomplete, nothing is
    shown, and the exit code is 2.
    """
    wanted = KINDS if kind is None else (parse_kind(kind),)
    with connect() as (client, show):
        listings = listing.list_objects(client, KINDS, wanted, show)
    unread = [each for each in listings if each.missing_scope]
    if kind is not None and unread:
        raise EgainError(f"cannot list {unread[0].kind.plural}: {_not_readable(unread[0])}")
    if as_json:
        write(_json(str(client.settings.base_url), listings))
    else:
        write("\n\n".join(map(_table, listings)))
    return Code.FINDING if unread else Code.FINE


def parse_kind(text: str) -> Kind:
    """Return the kind of `channel`, `channels`, `clientApplication` or `ChannelResource`."""
    plain = "".join(c for c in text.lower() if c.isalnum())
    plain = plain.removesuffix("resource").removesuffix("s")
    known = {k.name.replace("-", ""): k for k in KINDS}
    if plain in known:
        return known[plain]
    hint = closest(plain, known)
    names = known[hint].name if hint else ", ".join(k.name for k in KINDS)
    question = f"did you mean {names}?" if hint else f"known: {names}"
    raise EgainError(f'unknown kind "{visible(text)}"; {question}')


def _not_readable(listing: Listing) -> str:
    return f"not readable without scope {listing.missing_scope}"


def _table(listing: Listing) -> str:
    kind = listing.kind
    if listing.missing_scope:
        return heading(f"{kind.plural}: {_not_readable(listing)}")
    if not listing.entries:
        return heading(f"{kind.plural}: none")
    roles = _has_roles(kind)
    head = ["ID", kind.field.upper(), "ACTIVE", *(["ROLES"] if roles else []), "REFERRED TO BY"]
    rows = [
        [
            entry.id,
            "" if entry.value is None else entry.value,
            "yes" if entry.active else "no",
            *([", ".join(entry.roles)] if roles else []),
            ", ".join(map(_label, listing.referrers.get(entry.id, ()))),
        ]
        for entry in listing.entries
    ]
    return f"{heading(f'{kind.plural}: {len(rows)}')}\n{table(head, rows)}"


def _has_roles(kind: Kind) -> bool:
    return "role" in kind.model.find_by


def _label(entry: Entry) -> str:
    return f'{entry.kind.model.label} "{entry.value}"' if entry.value else entry.id


def _json(base_url: str, listings: Sequence[Listing]) -> str:
    """Return the JSON of `docs/reference/command-line.md`. Keys are added, never changed."""
    found = {
        "base_url": base_url,
        "kinds": [
            {
                "kind": listing.kind.name,
                "field": listing.kind.field,
                "needs_scope": listing.missing_scope,
                "objects": None
                if listing.missing_scope
                else [_object(listing, entry) for entry in listing.entries],
            }
            for listing in listings
        ],
    }
    # ASCII, so that a terminal shows it safely.
    return json.dumps(found, indent=2, ensure_ascii=True)


def _object(listing: Listing, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "value": entry.value,
        "active": entry.active,
        **({"roles": list(entry.roles)} if _has_roles(listing.kind) else {}),
        "referred_to_by": [
            {"kind": other.kind.name, "id": other.id, "value": other.value}
            for other in listing.referrers.get(entry.id, ())
        ],
    }
