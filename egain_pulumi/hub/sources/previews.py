"""The hub before and after a change: `pulumi preview --json --show-sames`. Pure.

Without `--show-sames` the CLI leaves out unchanged objects; the state then adds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...schema.declared import Origin
from ...schema.kinds import Kind
from ..model import Hub, Object
from . import states
from .documents import Document, NotAHub, Reader, check_project, parse, stack_of
from .steps import (
    OPS,
    WHAT,
    Op,
    Step,
    count_left_out,
    diff,
    refuse_other_state,
    resource,
    steps,
)

_SAME: Final[Document] = {"op": "same", "oldState": {}}


@dataclass(frozen=True, slots=True)
class Preview:
    """A hub before and after a change, and the step of each object."""

    stack: str
    project: str
    before: Hub
    after: Hub
    steps: Mapping[str, Step]
    refreshed: bool
    """Whether it was compared with the tenant (`--refresh`), not only with the state."""
    gone: frozenset[str]
    """Keys of objects in the state that the refresh did not find in eGain."""

    @property
    def changes(self) -> dict[str, Step]:
        """The steps that change eGain."""
        unchanged = (Op.SAME, Op.READ, Op.FIND, Op.FORGET)
        return {key: step for key, step in self.steps.items() if step.op not in unchanged}

    @property
    def both(self) -> Hub:
        """The hub after the change together with the deleted objects: for pictures."""
        gone = {s.key: s.old for s in self.steps.values() if s.op is Op.DELETE and s.old}
        edges = [edge for edge in self.before.edges if edge.source in gone or edge.target in gone]
        return replace(
            self.after,
            objects={**self.after.objects, **gone},
            edges=tuple(dict.fromkeys((*self.after.edges, *edges))),
        )


def preview(
    text: str, kinds: Sequence[Kind], *, state: str | None = None, project: str | None = None
) -> Preview:
    """Parse the JSON of a preview. Raises NotAHub.

    A preview without `--show-sames` needs `state`, an export of the same stack. `project` is the
    project that the preview must belong to.
    """
    document = parse(text, WHAT)
    listed = steps(document)
    stack, its = stack_of(listed[0]["urn"], WHAT) if listed else ("", "")
    if listed:
        check_project(its, project, WHAT)
    refreshed = [step for step in listed if step["op"] == "refresh"]
    planned = [step for step in listed if step["op"] != "refresh"]
    if not any("::pulumi:pulumi:Stack::" in step["urn"] for step in planned):
        # Every preview has a step of the stack itself.
        problem = "it is from pulumi refresh" if refreshed else "it has no step of the stack itself"
        raise NotAHub(f"{WHAT}: {problem}")
    left_out = count_left_out(document, planned)
    old = {s["urn"]: resource(s, "oldState") for s in planned if s.get("oldState")}
    new = {s["urn"]: resource(s, "newState") for s in planned if s.get("newState")}
    if left_out:
        if state is None:
            raise NotAHub(
                f"{WHAT}: it leaves out {left_out} unchanged objects; either make it with "
                "--show-sames or pass the state as well"
            )
        for each in states.resources(state):
            refuse_other_state(each, (stack, its), old.get(each["urn"]))
            if each["urn"] not in old and each["urn"] not in new:
                old[each["urn"]] = new[each["urn"]] = each
    return _build(Reader(kinds, WHAT), (stack, its), planned, refreshed, old, new)


def _build(
    reader: Reader,
    name: tuple[str, str],
    planned: Sequence[Document],
    refreshed: Sequence[Document],
    old: Mapping[str, Document],
    new: Mapping[str, Document],
) -> Preview:
    before = {urn: reader.object(each) for urn, each in old.items() if reader.kind(each)}
    replaced = {step["urn"] for step in planned if OPS[step["op"]] is Op.REPLACE}
    after = {
        # A preview shows no id for an object that is updated: it keeps the old one.
        urn: reader.object(each, before[urn].id if urn in before and urn not in replaced else None)
        for urn, each in new.items()
        if reader.kind(each)
    }
    types = {each["type"] for each in (*old.values(), *new.values())}
    if not before and not after and types - {"pulumi:pulumi:Stack"}:
        raise NotAHub(f"{WHAT}: it has no eGain objects; it belongs to project {name[1]!r}")
    was, edges = reader.connect(before, old)
    will, edges_after = reader.connect(after, new)
    by_urn = {step["urn"]: step for step in planned}
    taken = {}
    for urn in dict.fromkeys((*will, *was)):
        step, one, other = by_urn.get(urn, _SAME), was.get(urn), will.get(urn)
        taken[urn] = Step(urn, _op(step, one, other), one, other, diff(step))
    gone = [each for urn, each in was.items() if taken[urn].op in (Op.DELETE, Op.REPLACE)]
    deleted = {each.id: each for each in gone if each.id is not None}
    return Preview(
        stack=name[0],
        project=name[1],
        before=Hub(was, edges),
        after=Hub(will, edges_after, deleted=deleted),
        steps=taken,
        refreshed=bool(refreshed),
        gone=frozenset(s["urn"] for s in refreshed if s["urn"] in after and s["urn"] not in before),
    )


def _op(step: Document, old: Object | None, new: Object | None) -> Op:
    found = OPS[step["op"]]
    origins = {each.origin for each in (old, new) if each is not None}
    if found in (Op.CREATE, Op.REPLACE) and origins == {Origin.FOUND}:
        return Op.FIND
    if found is Op.DELETE and (
        Origin.MANAGED not in origins or step["oldState"].get("retainOnDelete") is True
    ):
        return Op.FORGET
    if found is Op.CREATE and new is not None and new.imported is not None:
        return Op.IMPORT
    return found
