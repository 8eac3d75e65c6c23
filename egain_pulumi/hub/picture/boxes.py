"""Reduce a hub to boxes and arrows that people can take in. Pure.

A box is one object, or several objects of a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ...schema.declared import Origin
from ...schema.kinds import Kind
from ..model import APPLICATION, PARTICIPANT, Edge, Hub, Object, group
from ..sources.previews import Preview
from ..sources.steps import Op

MOST_BOXES: Final = 40
"""The default limit of boxes."""


class Mark(StrEnum):
    """What happens to an object, the most serious first."""

    DELETED = "deleted"
    REPLACED = "replaced"
    CHANGED = "changed"
    TAKEN_OVER = "taken over"
    ADDED = "added"
    AFFECTED = "affected"

    @property
    def sign(self) -> str:
        """Shown before names, for people who cannot tell the colors apart."""
        return _SIGNS[self]

    @property
    def style(self) -> str:
        """Its class in CSS and Mermaid, and its CSS variable."""
        return self.value.replace(" ", "")


_SIGNS: Final = {
    Mark.DELETED: "−",
    Mark.REPLACED: "±",
    Mark.CHANGED: "~",
    Mark.TAKEN_OVER: "»",
    Mark.ADDED: "+",
    Mark.AFFECTED: "!",
}

Marks = Mapping[str, Mark]

MARKS: Final = {
    Op.CREATE: Mark.ADDED,
    Op.IMPORT: Mark.TAKEN_OVER,
    Op.UPDATE: Mark.CHANGED,
    Op.REPLACE: Mark.REPLACED,
    Op.DELETE: Mark.DELETED,
}


@dataclass(frozen=True, slots=True)
class Box:
    """One object, or `count` of them."""

    kind: Kind
    name: str
    mark: Mark | None = None
    count: int = 1
    off: bool = False
    foreign: bool = False
    """From `find` or `get`: not managed by the program."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A reference from one box to another, by index."""

    source: int
    target: int
    path: str
    escalation: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, arrows, and the number of objects that are left out."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: int = 0


def marks(preview: Preview) -> dict[str, Mark]:
    """Return the marks of changed objects, and of the active accounts and channels above them.

    For `preview.both`. A new object affects nobody.
    """
    found = {key: MARKS[step.op] for key, step in preview.changes.items() if step.op in MARKS}
    for hub in (preview.before, preview.after):
        accounts, channels = hub.impact(
            key for key, mark in found.items() if mark not in (Mark.ADDED, Mark.AFFECTED)
        )
        for each in (*accounts, *channels):
            found.setdefault(each.key, Mark.AFFECTED)
    return found


def reduce(hub: Hub, changes: Marks | None = None, most: int | None = MOST_BOXES) -> Picture:
    """Reduce a hub to about `most` boxes; None: one box for each object.

    With changes, shows changed objects and their neighbors; if those are too many, first the
    neighbors and then the changed objects share boxes by kind. Without changes, objects of a kind
    with the same neighbors share a box; if those are too many, all objects of a kind.
    """
    changes = {key: mark for key, mark in (changes or {}).items() if key in hub.objects}

    def by_neighbors(each: Object) -> Any:
        out = frozenset((edge.target, edge.path[:2]) for edge in hub.out(each.key))
        into = frozenset(edge.source for edge in hub.into(each.key))
        return each.kind.name, each.active is False, out, into

    def others_by_kind(each: Object) -> Any:
        mark = changes.get(each.key)
        return (each.kind.name, mark) if mark in (None, Mark.AFFECTED) else each.key

    def by_kind(each: Object) -> Any:
        return each.kind.name, changes.get(each.key)

    shown = set(hub.objects)
    if most is None or len(shown) <= most:
        return _picture(hub, changes, shown, lambda each: each.key)
    if changes:
        shown = set(changes) | _around(hub, changes)
        if len(shown) <= most:
            return _picture(hub, changes, shown, lambda each: each.key)
    picture = _picture(hub, changes, shown, others_by_kind if changes else by_neighbors)
    return picture if len(picture.boxes) <= most else _picture(hub, changes, shown, by_kind)


def _around(hub: Hub, changes: Marks) -> set[str]:
    """Return the neighbors of changed objects, and the objects between those and affected ones."""
    changed = {key for key, mark in changes.items() if mark is not Mark.AFFECTED}
    out = {edge.target for key in changed for edge in hub.out(key)}
    into = {edge.source for key in changed for edge in hub.into(key)}
    between = hub.above(changed) & hub.below(changes.keys() - changed)
    return {key for key in out | into | between if key is not None}


def _picture(
    hub: Hub, changes: Marks, shown: Collection[str], box: Callable[[Object], Any]
) -> Picture:
    groups = group((each for key, each in hub.objects.items() if key in shown), box)
    number = {each.key: i for i, objects in enumerate(groups.values()) for each in objects}
    arrows: dict[tuple[int, int, bool], Arrow] = {}
    for edge in _essential_edges(hub):
        source, target = number.get(edge.source), number.get(edge.target or "")
        if source is None or target is None or source == target:
            continue
        escalation = "on_escalation" in edge.path
        words = ".".join(str(step) for step in edge.path)
        arrows.setdefault((source, target, escalation), Arrow(source, target, words, escalation))
    boxes = tuple(_box(objects, changes) for objects in groups.values())
    return Picture(boxes, tuple(arrows.values()), len(hub.objects) - len(number))


def _essential_edges(hub: Hub) -> list[Edge]:
    """Leave out references to a bot's application that its participant has as well."""
    of = {e.source: e.target for e in hub.edges if e.path == ("application",)}

    def is_repeated(edge: Edge) -> bool:
        if edge.to != APPLICATION or "bots" not in edge.path or "on_escalation" in edge.path:
            return False
        bots = [each.target for each in hub.out(edge.source) if each.to == PARTICIPANT]
        return edge.target in {of.get(bot or "") for bot in bots}

    return [edge for edge in hub.edges if not is_repeated(edge)]


def _box(objects: list[Object], changes: Marks) -> Box:
    first = objects[0]
    found = {changes.get(each.key) for each in objects}
    mark = next((each for each in Mark if each in found), None)
    foreign = all(each.origin in (Origin.FOUND, Origin.GOT) for each in objects)
    off = all(each.active is False for each in objects)
    name = first.name if len(objects) == 1 else f"{len(objects)} {first.kind.plural}"
    return Box(first.kind, name, mark, len(objects), off, foreign)
