"""The file that `pulumi import` reads: what a state holds of each object. Pure.

With inputs and outputs in it, the engine calls no provider: nothing is read and nothing sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..engine_values import SECRET, SIGNATURE
from ..hub.sources.documents import token
from ..schema.kinds import Kind
from ..schema.model import Path
from ..schema.state import FIND, PROVIDER, TENANT, Properties


def entry(
    kind: Kind, name: str, id: str, inputs: Properties, outputs: Properties, provider: str
) -> dict[str, Any]:
    """Return one object of the file; `outputs` are those besides the inputs."""
    given = {**inputs, PROVIDER: provider}
    return {
        "type": token(kind),
        "name": name,
        "id": id,
        "inputs": given,
        "outputs": {**given, **outputs},
    }


def found(
    kind: Kind, name: str, id: str, find: Mapping[str, str], value: str, provider: str, tenant: Any
) -> dict[str, Any]:
    """Return one object that a program only finds."""
    outputs = {kind.field: value, TENANT: tenant}
    return entry(kind, name, id, {FIND: dict(find)}, outputs, provider)


def sealed(value: Any, secrets: Iterable[Path], path: Path = ()) -> Any:
    """Return a declaration with the values at some paths as the engine takes secrets."""
    paths = set(secrets)
    if path in paths:
        return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}
    if isinstance(value, Mapping):
        return {key: sealed(part, paths, (*path, key)) for key, part in value.items()}
    if isinstance(value, list):
        return [sealed(part, paths, (*path, index)) for index, part in enumerate(value)]
    return value


def text(
    entries: Sequence[Mapping[str, Any]], parents: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return the file; `parents` are the URNs of components in the state, by name."""
    return json.dumps({"nameTable": dict(parents), "resources": list(entries)})
