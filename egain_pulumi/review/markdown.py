"""A report as Markdown for a comment on a pull request. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .. import hub
from ..hub import Op
from ..hub.picture.boxes import MARKS
from ..schema.tree import show
from ..text import plural
from .document import marks
from .markup import as_markdown, code, label, name_list, pair
from .model import Change, Property, Review
from .risk_rows import MOST, cost, row
from .sentence import sentence

LONGEST: Final = 65_000
"""GitHub accepts 65,536 characters; the difference is for a workflow's own heading."""
_NEW: Final = (Op.CREATE, Op.IMPORT)
_VERBS: Final = {
    **{op: (mark.sign, mark.value) for op, mark in MARKS.items()},
    Op.FIND: ("?", "looked up"),
    Op.FORGET: ("·", "removed from the state only"),
}
_LEGEND: Final = ", ".join(f"{mark.sign} {mark}" for mark in hub.Mark)


@dataclass(frozen=True, slots=True)
class _Size:
    """How much the report shows; None: everything."""

    new: bool = True
    """Show the properties of new objects."""
    picture: bool = True
    properties: bool = True
    objects: int | None = None
    risks: int | None = None


_SIZES: Final = (
    _Size(),
    _Size(new=False),
    _Size(new=False, picture=False),
    _Size(new=False, picture=False, properties=False),
    *(_Size(False, False, False, objects, 100) for objects in (400, 200, 100, 0)),
    *(_Size(False, False, False, 0, risks) for risks in (50, 25, 10, 0)),
)


def markdown(review: Review, longest: int = LONGEST) -> str:
    """Return the report, shortened to `longest` characters: the least important part goes first."""
    for size in _SIZES:
        text = "\n".join(_lines(review, size)) + "\n"
        if len(text) <= longest:
            break
    return text


def _lines(review: Review, size: _Size) -> Iterator[str]:
    yield as_markdown(sentence(review))
    if review.risks:
        yield f"\n### Risk: {plural(len(review.risks), 'row')} to acknowledge\n"
        yield from (row(each) for each in review.risks[: size.risks])
    if review.changes:
        yield "\n### Changes"
        for change in review.changes[: size.objects]:
            yield from _change(change, size)
        left_out = list(_left_out(review, size))
        if left_out:
            yield f"\nLeft out to fit into a comment: {'; '.join(left_out)}."
            yield "`egain-pulumi report --json` shows everything."
        if size.picture:
            yield f"\n<details><summary>Picture: {_LEGEND}</summary>\n\n```mermaid"
            yield hub.mermaid(review.preview.both, marks(review)).rstrip("\n")
            yield "```\n\n</details>"
    yield "\n### Cost\n"
    yield cost(review.cost)
    yield "\n### Compared with\n"
    yield from _compared(review)


def _change(change: Change, size: _Size) -> Iterator[str]:
    sign, verb = _VERBS[change.step.op]
    each = change.step.object
    id = f", {code(each.id)}" if each.id else ""
    yield f"\n{sign} **{label(each)}** {verb}{id}"
    if not size.properties or (change.step.op in _NEW and not size.new):
        return
    if change.properties:
        yield ""
    for each_property in change.properties:
        yield f"- {_property(each_property, change.step.op in _NEW)}"
    if change.step.op is Op.UPDATE and not change.fields:
        yield "\nNo declared property changes: this finishes what the last `pulumi up` began."


def _property(each: Property, new_object: bool) -> str:
    path, (old, new) = code(show(each.path), 200), (code(value, None) for value in pair(each))
    if each.same:
        return f"{path}: {new}, not changed"
    if each.old is None:
        return f"{path}: {new}" if new_object else f"{path}: not declared → {new}"
    if each.new is None:
        return f"{path}: {old} → not declared"
    return f"{path}: {old} → {new}{', changed' if each.secret else ''}"


def _left_out(review: Review, size: _Size) -> Iterator[str]:
    risks = len(review.risks[size.risks :]) if size.risks is not None else 0
    if risks:
        yield plural(risks, "row") + " of risk"
    objects = len(review.changes[size.objects :]) if size.objects is not None else 0
    if objects:
        yield plural(objects, "changed object")
    if not size.properties:
        yield "the properties of all objects"
    elif not size.new:
        new = sum(each.step.op in _NEW for each in review.changes)
        yield f"the properties of {plural(new, 'new object')}"
    if not size.picture:
        yield "the picture"


def _compared(review: Review) -> Iterator[str]:
    preview = review.preview
    stack = f"stack {code(preview.stack)} ({code(preview.project)})"
    if not preview.refreshed:
        yield (
            f"Only the state of {stack}. To include what others changed in eGain since the last "
            "`pulumi up`, use `--refresh`."
        )
        return
    yield f"The tenant of {stack}, read for this preview (`--refresh`)."
    if review.unchecked:
        names = as_markdown(name_list(review.unchecked, MOST))
        yield f"Not checked, because the client may not read them: {names}."
