"""PROGRAM SIDE: where a declaration holds secrets, and marking them for Pulumi."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator, Mapping
from typing import Any

import pulumi

from ..schema.model import Path
from ..schema.secrets import has_secrets
from ..schema.tree import Items, Leaf, Node, Record, Table
from .inputs import Later, pending


def secret_paths(declared: Mapping[str, Any]) -> pulumi.Input[list[list[str]]]:
    """Where the program has marked a value as a secret: the engine keeps that from a plugin,
    whose errors must not show it."""
    marked = list(_marked(declared))

    async def paths() -> list[list[str]]:
        return [list(map(str, path)) for path, secret in marked if await secret]

    return Later(paths) if marked else []


def _marked(value: Any, path: Path = ()) -> Iterator[tuple[Path, Awaitable[bool]]]:
    """Every Output in a declaration, and whether the program has made it a secret."""
    if isinstance(value, pulumi.Output):
        yield path, value.is_secret()
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _marked(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _marked(item, path)  # one secret item hides the list


def sealed(node: Node, value: Any) -> Any:
    """The value with every secret marked as one for Pulumi."""
    match node:
        case Leaf(secret=True):
            return pulumi.Output.secret(value)
        case Record() if isinstance(value, Mapping):
            return {
                k: sealed(node.slots[k].node, v) if k in node.slots else v for k, v in value.items()
            }
        case Table() if isinstance(value, Mapping):
            return {k: sealed(node.item, v) for k, v in value.items()}
        case Items() if isinstance(value, list):
            return [sealed(node.item, v) for v in value]
    # Behind an Output it is not known where the secrets are: all of it is one.
    return pulumi.Output.secret(value) if pending(value) and has_secrets(node) else value
