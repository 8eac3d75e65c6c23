"""`egain-pulumi list`: what the tenant has, without secrets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from ..api.client import Client
from ..api.settings import load
from ..errors import EgainError
from ..names import closest
from ..resources import KINDS
from ..schema.kinds import Kind
from ..text import visible
from . import listing
from .exits import Code
from .listing import Entry, Listing
from .tenant import clean, require
from .terminal import heading, table, write


def list_(
    kind: Annotated[
        str | None,
        typer.Argument(metavar="KIND", help=f"One of {', '.join(k.name for k in KINDS)}."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> int:
    """Show what the tenant has: ids, names, and what refers to what.

    Of each object its id, its name (a channel: its type), whether it is active, the roles of a
    client application, and who refers to it; never more. The tenant is that of EGAIN_BASE_URL,
    EGAIN_TOKEN_URL, EGAIN_CLIENT_ID and EGAIN_CLIENT_SECRET; a stack's configuration is not
    looked at. Nothing is changed.

    Authentications need the manage scope. Without it they are left out, the output says so, and
    the exit code is 1; asked for alone, it is 2. A list that fails, or that may be incomplete, is
    an error (2), and nothing is shown.
    """
    wanted = KINDS if kind is None else (_named(kind),)
    settings = load({})
    require(settings)
    with clean(settings), Console(stderr=True).status("") as status:
        listings = listing.take(Client(settings), KINDS, wanted, status.update)
    left_out = [each for each in listings if each.lacking]
    if kind is not None and left_out:
        raise EgainError(f"cannot list {left_out[0].kind.plural}: {_lacking(left_out[0])}")
    write(_json(str(settings.base_url), listings) if as_json else _tables(listings))
    return Code.FINDING if left_out else Code.FINE


def _named(text: str) -> Kind:
    """The kind that is meant: `channel`, `channels`, `clientApplication`, `ChannelResource`."""
    plain = "".join(c for c in text.lower() if c.isalnum())
    plain = plain.removesuffix("resource").removesuffix("s")
    known = {k.name.replace("-", ""): k for k in KINDS}
    if plain in known:
        return known[plain]
    hint = closest(plain, known)
    names = known[hint].name if hint else ", ".join(k.name for k in KINDS)
    question = f"did you mean {names}?" if hint else f"there are {names}"
    raise EgainError(f'unknown kind "{visible(text)}"; {question}')


def _lacking(listing: Listing) -> str:
    return f"not readable: needs scope {listing.lacking}"


def _tables(listings: Sequence[Listing]) -> str:
    return "\n\n".join(_table(listing) for listing in listings)


def _table(listing: Listing) -> str:
    kind = listing.kind
    if listing.lacking:
        return heading(f"{kind.plural}: {_lacking(listing)}")
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
            ", ".join(map(_described, _referrers(listing, entry))),
        ]
        for entry in listing.entries
    ]
    return f"{heading(f'{kind.plural}: {len(rows)}')}\n{table(head, rows)}"


def _has_roles(kind: Kind) -> bool:
    return "role" in kind.model.find_by


def _referrers(listing: Listing, entry: Entry) -> Sequence[Entry]:
    return (listing.referrers or {}).get(entry.id, ())


def _described(entry: Entry) -> str:
    return f'{entry.kind.model.label} "{entry.value}"' if entry.value else entry.id


def _json(base_url: str, listings: Sequence[Listing]) -> str:
    """The documented shape: `docs/reference/command-line.md`. Keys are added, never changed."""
    found = {
        "base_url": base_url,
        "kinds": [
            {
                "kind": listing.kind.name,
                "field": listing.kind.field,
                "needs_scope": listing.lacking,
                "objects": None
                if listing.lacking
                else [_object(listing, entry) for entry in listing.entries],
            }
            for listing in listings
        ],
    }
    # In ASCII: somebody will look at it on a terminal.
    return json.dumps(found, indent=2, ensure_ascii=True)


def _object(listing: Listing, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "value": entry.value,
        "active": entry.active,
        **({"roles": list(entry.roles)} if _has_roles(listing.kind) else {}),
        "referred_to_by": [
            {"kind": other.kind.name, "id": other.id, "value": other.value}
            for other in _referrers(listing, entry)
        ],
    }
