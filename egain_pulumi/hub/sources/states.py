"""The hub in a stack's state: `pulumi stack export`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...schema.kinds import Kind
from ..model import Hub
from .documents import Document, NotAHub, Reader, check_project, need, parse, stack_of

WHAT: Final = "not a stack's state (pulumi stack export)"
_VERSIONS: Final = (3, 4)


def stack(text: str, kinds: Sequence[Kind], *, project: str | None = None) -> Hub:
    """Parse an exported state. Raises NotAHub, also if it belongs to another `project`.

    Leaves out objects that a replacement has yet to delete.
    """
    reader = Reader(kinds, WHAT)
    found = {each["urn"]: each for each in resources(text, project=project) if reader.kind(each)}
    objects, edges = reader.connect(
        {urn: reader.object(each) for urn, each in found.items()}, found
    )
    return Hub(objects, edges)


def resources(text: str, *, project: str | None = None) -> list[Document]:
    """Return all resources in an exported state."""
    document = parse(text, WHAT)
    version = need(document.get("version"), int, WHAT, "version")
    if version not in _VERSIONS:
        raise NotAHub(f"{WHAT}: its format is version {version}; supported are 3 and 4")
    deployment = need(document.get("deployment"), dict, WHAT, "deployment")
    # An empty stack has no list at all.
    listed = need(deployment.get("resources") or [], list, WHAT, "deployment.resources")
    for each in listed:
        need(each, dict, WHAT, "a resource")
        need(each.get("urn"), str, WHAT, "a resource's urn")
        need(each.get("type"), str, WHAT, "a resource's type")
    found = [each for each in listed if not each.get("delete")]
    for each in found:
        check_project(stack_of(each["urn"], WHAT)[1], project, WHAT)
    return found
