"""What happens to each declared property of an object. Pure.

Both sides show secrets as `[secret]`; only the diff of the preview tells whether one changes.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..hub import SECRET, Hub, Op, Step
from ..schema.model import Path
from ..schema.tree import Items, Leaf, Link, Node, Record, Table, tree
from .model import Property, Target

_PLAIN: Final = re.compile("[A-Za-z0-9_]*")
_OTHER: Final = Leaf()


def properties(step: Step, before: Hub, after: Hub) -> tuple[Property, ...]:
    """Return the changes and the secrets of a step; none for DELETE, FORGET and FIND."""
    if step.op in (Op.DELETE, Op.FORGET, Op.FIND):
        return ()
    changed = step.op in (Op.UPDATE, Op.REPLACE)
    old = step.old.inputs if step.old and changed else {}
    new = step.new.inputs if step.new else {}
    walk = _Walk(
        diff=list(step.diff),
        was=_targets(before, step.key),
        will=_targets(after, step.key),
        with_same=changed,
    )
    return tuple(walk.inside(tree(step.object.kind.model), old, new, (), ()))


def engine_path(path: Path) -> str:
    """Return a path as the engine writes it (`PropertyPath.String`): backslashes not escaped."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            quoted = step.replace('"', '\\"')
            text += f'["{quoted}"]'
    return text


def _targets(hub: Hub, key: str) -> dict[Path, Target]:
    return {edge.path: Target(edge.id, hub.objects.get(edge.target or "")) for edge in hub.out(key)}


@dataclass(frozen=True)
class _Walk:
    """Walks a declaration before and after. A value has two paths, because lists may shift."""

    diff: Sequence[str]
    was: Mapping[Path, Target]
    will: Mapping[Path, Target]
    with_same: bool
    """Whether to include unchanged secrets."""

    def inside(self, node: Node, old: Any, new: Any, at: Path, now: Path) -> Iterator[Property]:
        """Compare two mappings key by key; keys of the model come first, in its order."""
        slots = node.slots if isinstance(node, Record) else {}
        there = dict.fromkeys((*(old or {}), *(new or {})))
        for key in sorted(there, key=lambda k: list(slots).index(k) if k in slots else 99):
            below = slots[key].node if key in slots else _OTHER
            below = node.item if isinstance(node, Table) else below
            yield from self._value(
                below, (old or {}).get(key), (new or {}).get(key), (*at, key), (*now, key)
            )

    def _value(self, node: Node, old: Any, new: Any, at: Path, now: Path) -> Iterator[Property]:
        path = at if new is None else now
        if SECRET in [side for side in (old, new) if isinstance(side, str)]:
            changed = old != new or any(_overlap(each, engine_path(path)) for each in self.diff)
            if changed or self.with_same:
                yield Property(path, old, new, secret=True, same=not changed)
        elif _refers(node):
            one = None if old is None else self.was.get(at, Target(None, None))
            other = None if new is None else self.will.get(now, Target(None, None))
            if one is None or other is None or one.id is None or one.id != other.id:
                yield Property(path, one, other)
        elif isinstance(node, Record | Table) and _either(old, new, Mapping):
            yield from self.inside(node, old, new, at, now)
        elif isinstance(node, Items) and _either(old, new, list):
            yield from self._items(node.item, old or [], new or [], at, now)
        elif _key(old) != _key(new):
            yield Property(path, old, new)

    def _items(
        self, item: Node, old: Sequence[Any], new: Sequence[Any], at: Path, now: Path
    ) -> Iterator[Property]:
        """Compare two lists, aligned by equal items: an inserted item changes one line."""
        one_side, other_side = ([_key(each) for each in side] for side in (old, new))
        matcher = difflib.SequenceMatcher(None, one_side, other_side, autojunk=False)
        for _, i, i_end, j, j_end in matcher.get_opcodes():
            for n in range(max(i_end - i, j_end - j)):
                one = old[i + n] if i + n < i_end else None
                other = new[j + n] if j + n < j_end else None
                yield from self._value(item, one, other, (*at, i + n), (*now, j + n))


def _refers(node: Node) -> bool:
    """Whether the value refers to an object of the six kinds; a console object is a plain value."""
    reference = node.reference if isinstance(node, Link | Leaf) else None
    return reference is not None and reference.to is not None


def _either(old: Any, new: Any, kind: type) -> bool:
    """Whether a side has items, and both sides are of this type or missing."""
    sides = [side for side in (old, new) if side is not None]
    return all(isinstance(side, kind) for side in sides) and any(sides)


def _overlap(one: str, other: str) -> bool:
    """Whether one path equals the other or is below it."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and long[len(short) : len(short) + 1] in ("", ".", "[")


def _key(value: Any) -> str:
    # Compared as JSON, because True == 1 in Python; `repr` is for UNKNOWN.
    return json.dumps(value, sort_keys=True, default=repr)
