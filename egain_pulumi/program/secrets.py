"""PROGRAM SIDE: which values the program itself marks as secrets."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping
from typing import Any

import pulumi

from ..schema.model import Path
from .inputs import Later


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
