"""PROGRAM SIDE: which values the program itself marks as secrets."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping
from typing import Any

import pulumi

from ..schema.model import Path
from ..schema.state import KEPT
from .inputs import Later


def keep_secret() -> str:
    """Return what stands for a secret that eGain has and this program does not know.

    Use it in place of a `password`, a `payload` or the value of a header, for an object that is
    taken over with `import_`: `basic_auth={"username": "hub", "password": keep_secret()}`. It is
    never sent and never compared. An update that would have to send the secret stops, unless eGain
    shows secrets as they are. To change the secret, write its value instead.
    """
    return KEPT


def secret_paths(declared: Mapping[str, Any]) -> pulumi.Input[list[list[str]]]:
    """Return the paths of values that the program marks as secrets. The engine does not tell the
    plugin, whose errors must not show them."""
    marked = list(_outputs(declared))

    async def paths() -> list[list[str]]:
        return [list(map(str, path)) for path, secret in marked if await secret]

    return Later(paths) if marked else []


def _outputs(value: Any, path: Path = ()) -> Iterator[tuple[Path, Awaitable[bool]]]:
    """Yield every Output in a declaration, and whether it is a secret."""
    if isinstance(value, pulumi.Output):
        yield path, value.is_secret()
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _outputs(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _outputs(item, path)  # one secret item makes the list a secret
