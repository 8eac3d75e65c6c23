"""`egain-pulumi export`: what a tenant or a stack has, in one canonical form."""

from __future__ import annotations

import os
from typing import Annotated, Final

import typer

from .. import comparison
from ..errors import EgainError
from ..resources import KINDS
from . import listing
from .exits import Code
from .hub_source import OfTenant, StackName, StateFile, project, read_state
from .tenant import connect
from .terminal import save, write

KEY: Final = "EGAIN_EXPORT_KEY"
_SHORTEST: Final = 16


def export(
    state: StateFile = None,
    stack: StackName = None,
    tenant: OfTenant = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE.json.")
    ] = None,
) -> int:
    """Export what a tenant or a stack has, as JSON in one canonical form.

    By default that of the selected stack. Sorted, without ids and times, with references by name
    and icons as hashes: the same tenant exports the same, byte for byte. Changes nothing.

    Secrets are fingerprints (HMAC-SHA256) under the key in EGAIN_EXPORT_KEY, which for a stack
    needs its passphrase. Without the key an export only says whether a secret is set.
    """
    if output is not None and not output.endswith(".json"):
        raise EgainError(f"--output: cannot write {output}: an export is JSON; name it FILE.json")
    if tenant and (state or stack):
        raise EgainError("--tenant cannot be combined with --state or --stack")
    key = fingerprint_key()
    text = comparison.serialize(of_tenant(None, key) if tenant else of_stack(state, stack, key))
    if output is None:
        write(text.removesuffix("\n"))
    else:
        save(output, text, "--output: ")
    return Code.FINE


def fingerprint_key() -> bytes | None:
    """Return the key of fingerprints, if there is one. Raises EgainError if it is too short."""
    key = os.environ.get(KEY) or None
    if key is not None and len(key) < _SHORTEST:
        raise EgainError(
            f"{KEY}: must have at least {_SHORTEST} characters, or fingerprints could be guessed; "
            "make one with: openssl rand -hex 32"
        )
    return key.encode() if key else None


def of_tenant(prefix: str | None, key: bytes | None) -> comparison.Document:
    """Read the tenant of `EGAIN_BASE_URL`, or of another prefix."""
    with connect(prefix) as (client, show):
        return comparison.of_tenant(listing.read(client, KINDS, show), KINDS, key)


def of_stack(state: str | None, stack: str | None, key: bytes | None) -> comparison.Document:
    """Read a stack's state from a file or the backend; with its secrets if there is a key."""
    text = read_state(state, stack, secrets=key is not None)
    return comparison.of_stack(text, KINDS, key, project=project())
