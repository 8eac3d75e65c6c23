"""The hub that a stack's state holds: `pulumi stack export`. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ...schema.kinds import Kind
from ..model import Hub
from .documents import Document, NotAHub, Reader, need, parsed, stack_of

WHAT: Final = "not a stack's state (pulumi stack export)"
_VERSIONS: Final = (3, 4)


def stack(text: str, kinds: Sequence[Kind], *, project: str | None = None) -> Hub:
    """The hub in an exported state, or EgainError. `project` it must be of, where given.

    Objects that a replacement has left to delete are not part of it.
    """
    reader = Reader(kinds, WHAT)
    found = {each["urn"]: each for each in resources(text, project=project) if reader.kind(each)}
    objects, edges = reader.drawn({urn: reader.object(each) for urn, each in found.items()}, found)
    return Hub(objects, edges)


def resources(text: str, *, project: str | None = None) -> list[Document]:
    """All resources in an exported state."""
    document = parsed(text, WHAT)
    version = need(document.get("version"), int, WHAT, "version")
    if version not in _VERSIONS:
        raise NotAHub(f"{WHAT}: its format is version {version}; supported are 3 and 4")
    deployment = need(document.get("deployment"), dict, WHAT, "deployment")
    # An empty stack has no list at all.
    listed = need(deployment.get("resources") or [], list, WHAT, "deployment.resources")
    found = list(_present(listed))
    for each in found:
        its = stack_of(each["urn"], WHAT)
        if project is not None and its[1] != project:
            raise NotAHub(f'{WHAT}: it belongs to project "{its[1]}", but this is "{project}"')
    return found


def _present(listed: list[Any]) -> Iterator[Document]:
    for each in listed:
        resource = need(each, dict, WHAT, "a resource")
        need(resource.get("urn"), str, WHAT, "a resource's urn")
        need(resource.get("type"), str, WHAT, "a resource's type")
        if not resource.get("delete"):
            yield resource
