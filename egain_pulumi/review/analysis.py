"""Analyze a preview for its report. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..hub import Op, Preview, Silence, Step
from ..schema.kinds import Kind
from .context import Context
from .costs import cost
from .model import UNREPORTED, Change, Review
from .properties import properties
from .risks import impact, risks

_ORDER: Final = (
    Op.DELETE,
    Op.REPLACE,
    Op.UPDATE,
    Op.IMPORT,
    Op.CREATE,
    Op.FIND,
    Op.FORGET,
)
_HARMLESS: Final = (Op.CREATE, Op.IMPORT, Op.FIND, Op.FORGET)
"""Steps that affect no account."""


def review(
    preview: Preview,
    kinds: Sequence[Kind],
    context: Context | None = None,
    silences: Sequence[Silence] = (),
) -> Review:
    """Analyze a preview. `kinds` are the six; `silences` come from `reach.toml`."""
    context = context or Context()
    resources = [kind.resource for kind in kinds]

    def order(step: Step) -> tuple[int, int, str]:
        # The order of the engine differs in each run.
        each = step.object
        return _ORDER.index(step.op), resources.index(each.kind.resource), each.name

    steps = [step for step in preview.steps.values() if step.op not in UNREPORTED]
    changes = [
        Change(step, properties(step, preview.before, preview.after))
        for step in sorted(steps, key=order)
    ]
    rows = risks(preview, changes, silences)
    touched = [s.key for s in steps if s.op not in _HARMLESS or s.key in preview.gone]
    touched += [row.object.key for row in rows]
    accounts, channels = impact(preview, touched)
    new = {s.key for s in steps if s.op is Op.CREATE} - preview.gone
    existing = [each for each in accounts if each.key not in new]
    reads = [step for step in preview.steps.values() if step.op is Op.READ]
    return Review(
        preview=preview,
        changes=tuple(changes),
        risks=tuple(rows),
        accounts=tuple(existing),
        channels=tuple(each for each in channels if existing and each.key not in new),
        cost=cost(changes, reads, kinds, context),
        unchecked=context.unchecked,
    )
