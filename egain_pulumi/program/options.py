"""PROGRAM SIDE: resource options as Pulumi gets them. Programs share options between resources, so
they are copied and never changed.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pulumi

from ..schema.complaint import UNKNOWN, Code, Complaint

_STEP: Final = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.\[\]]+)')
"""A step of a property path as the engine reads it: `a.b`, `a["b.c"]`, `a[0]`, `a[*]`, `*`."""


def split_import(
    opts: pulumi.ResourceOptions | None,
) -> tuple[str | None, pulumi.ResourceOptions | None]:
    """Return the value of `import_`, and the options without it.

    Pulumi itself cannot import a dynamic resource: its read lacks the provider.
    """
    if opts is None or opts.import_ is None:
        return None, opts
    rest = copy.copy(opts)
    rest.import_ = None
    return str(opts.import_), rest


def without_id(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """Return the options without `id`, with which the engine would skip `check` and only read."""
    if opts is None or opts.id is None:
        return opts
    rest = copy.copy(opts)
    rest.id = None
    return rest


def refused_options(opts: pulumi.ResourceOptions | None) -> Iterator[Complaint]:
    """Yield a complaint about `deleted_with`, with which the engine would not call `delete`."""
    if opts is not None and opts.deleted_with is not None:
        text = (
            "eGain deletes nothing along with another object: this one would leave the state, stay "
            "in eGain, and block the delete of what it refers to; leave the option out"
        )
        yield Complaint(("deleted_with",), Code.RULE, text)


def kept(declared: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> Mapping[str, Any]:
    """Return a declaration with UNKNOWN for what `ignore_changes` leaves to the state."""
    for path in (opts.ignore_changes if opts is not None else None) or ():
        steps = [m[1] if m[1] is not None else m[2] or m[3] for m in _STEP.finditer(path)]
        declared = _without(declared, steps) if steps else declared
    return declared


def _without(value: Any, steps: Sequence[str]) -> Any:
    if steps and isinstance(value, Mapping):
        keys = list(value) if steps[0] == "*" else [steps[0]]
        return {**value, **{key: _without(value.get(key), steps[1:]) for key in keys}}
    if steps and isinstance(value, list):
        return [
            _without(item, steps[1:]) if steps[0] in ("*", str(index)) else item
            for index, item in enumerate(value)
        ]
    return UNKNOWN
