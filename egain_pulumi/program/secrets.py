"""PROGRAM SIDE: where a declaration holds secrets, and marking them for Pulumi."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping
from typing import Any

import pulumi

from ..schema.model import Path
from .inputs import Later


def secret_paths(declared: Mapping[str, Any]) -> pulumi.Input[list[list[str]]]:
    """Where the program has marked a value as a secret: the engine keeps that from a plugin,
    whose errors must not show it."""
    marked = list(_outputs(declared))

    async def paths() -> list[list[str]]:
        return [list(map(str, path)) for path, secret in marked if await secret]

    return Later(paths) if marked else []


def _outputs(value: Any, path: Path = ()) -> Iterator[tuple[Path, Awaitable[bool]]]:
    """Every Output in a declaration, and whether the program has made it a secret."""
    if isinstance(value, pulumi.Output):
        yield path, value.is_secret()
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _outputs(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _outputs(item, path)  # one secret item hides the list
