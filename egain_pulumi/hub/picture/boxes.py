"""What is drawn of a hub: boxes and arrows, few enough to be read. Pure.

A box is one object, or many of a kind that stand for themselves no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ...schema.declared import Origin
from ...schema.kinds import Kind
from ..model import APPLICATION, ORCHESTRATION, PARTICIPANT, Edge, Hub, Object
from ..sources.previews import Preview
from ..sources.steps import Op

MOST: Final = 40
"""Boxes that people can take in at a glance."""


class Mark(StrEnum):
    """What happens to an object, the gravest first."""

    DELETED = "deleted"
    REPLACED = "replaced"
    CHANGED = "changed"
    TAKEN_OVER = "taken over"
    ADDED = "added"
    AFFECTED = "affected"


SIGNS: Final[Mapping[Mark, str]] = {
    Mark.DELETED: "−",
    Mark.REPLACED: "±",
    Mark.CHANGED: "~",
    Mark.TAKEN_OVER: "»",
    Mark.ADDED: "+",
    Mark.AFFECTED: "!",
}
"""In front of names: colours alone do not reach everybody."""

Marks = Mapping[str, Mark]

_MARKS: Final = {
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
    """Somebody else's: found or got."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From who refers to whom; indices of boxes."""

    source: int
    target: int
    path: str
    escalation: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw, and how many objects of the hub are not in it."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: int = 0


def marks(preview: Preview) -> dict[str, Mark]:
    """What a preview does to each object, and the active accounts and channels above them.

    For `preview.both`. What is new affects nobody who was there before.
    """
    found = {key: _MARKS[step.op] for key, step in preview.changes.items() if step.op in _MARKS}
    for hub in (preview.before, preview.after):
        accounts, channels = hub.affected(
            key for key, mark in found.items() if mark not in (Mark.ADDED, Mark.AFFECTED)
        )
        for each in (*accounts, *channels):
            found.setdefault(each.key, Mark.AFFECTED)
    return found


def drawn(hub: Hub, changes: Marks | None = None, most: int | None = MOST) -> Picture:
    """A hub as boxes, at most about `most` of them; None: all objects.

    With changes: what changes and its neighbours, then neighbours by kind, then the changes
    themselves by kind. Without: objects of a kind with the same neighbours, then kinds.
    """
    changes = {key: mark for key, mark in (changes or {}).items() if key in hub.objects}
    if most is None or len(hub.objects) <= most:
        return _picture(hub, changes, set(hub.objects), lambda each: each.key)
    if not changes:
        alike = _alike(hub)
        picture = _picture(hub, changes, set(hub.objects), lambda each: alike[each.key])
        if len(picture.boxes) > most:
            picture = _picture(hub, changes, set(hub.objects), lambda each: each.kind.name)
        return picture
    shown = set(changes) | _around(hub, changes)
    if len(shown) <= most:
        return _picture(hub, changes, shown, lambda each: each.key)

    def others_by_kind(each: Object) -> Any:
        mark = changes.get(each.key)
        return (each.kind.name, mark) if mark in (None, Mark.AFFECTED) else each.key

    def by_kind(each: Object) -> Any:
        return each.kind.name, changes.get(each.key)

    picture = _picture(hub, changes, shown, others_by_kind)
    if len(picture.boxes) > most:
        picture = _picture(hub, changes, shown, by_kind)
    return picture


def _around(hub: Hub, changes: Marks) -> set[str]:
    """The neighbours of what changes, and what lies between it and those it affects."""
    changed = {key for key, mark in changes.items() if mark is not Mark.AFFECTED}
    out = {edge.target for key in changed for edge in hub.out(key)}
    into = {edge.source for key in changed for edge in hub.into(key)}
    between = hub.reaching(changed) & hub.reached(changes.keys() - changed)
    return {key for key in out | into | between if key is not None}


def _alike(hub: Hub) -> dict[str, Any]:
    """For each object what it has in common with those that may share its box."""
    found: dict[str, Any] = {}
    for key, each in hub.objects.items():
        out = frozenset((edge.target, edge.path[:2]) for edge in hub.out(key))
        into = frozenset(edge.source for edge in hub.into(key))
        found[key] = (each.kind.name, each.active is False, out, into)
    return found


def _picture(
    hub: Hub, changes: Marks, shown: Collection[str], group: Callable[[Object], Any]
) -> Picture:
    groups: dict[Any, list[Object]] = {}
    for key, each in hub.objects.items():
        if key in shown:
            groups.setdefault(group(each), []).append(each)
    number = {each.key: i for i, objects in enumerate(groups.values()) for each in objects}
    arrows: dict[tuple[int, int, bool], Arrow] = {}
    for edge in _told(hub):
        source, target = number.get(edge.source), number.get(edge.target or "")
        if source is None or target is None or source == target:
            continue
        escalation = "on_escalation" in edge.path
        words = ".".join(str(step) for step in edge.path)
        arrows.setdefault((source, target, escalation), Arrow(source, target, words, escalation))
    boxes = tuple(_box(objects, changes) for objects in groups.values())
    return Picture(boxes, tuple(arrows.values()), len(hub.objects) - len(number))


def _told(hub: Hub) -> list[Edge]:
    """The edges without those that others tell: a bot's application is that of its participant."""
    of = {
        e.source: e.target for e in hub.edges if e.to == APPLICATION and e.path == ("application",)
    }
    told = []
    for edge in hub.edges:
        source = hub.objects[edge.source]
        if source.kind.resource == ORCHESTRATION and edge.to == APPLICATION and "bots" in edge.path:
            through = {of.get(e.target or "") for e in hub.out(edge.source) if e.to == PARTICIPANT}
            if edge.target in through and "on_escalation" not in edge.path:
                continue
        told.append(edge)
    return told


def _box(objects: list[Object], changes: Marks) -> Box:
    first = objects[0]
    found = {changes.get(each.key) for each in objects}
    mark = next((each for each in Mark if each in found), None)
    foreign = all(each.origin in (Origin.FOUND, Origin.GOT) for each in objects)
    off = all(each.active is False for each in objects)
    many = len(objects) > 1
    name = f"{len(objects)} {first.kind.plural}" if many else first.name
    return Box(first.kind, name, mark, len(objects), off, foreign)
