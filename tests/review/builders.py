"""Builds reviews of small changes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from egain_pulumi import hub, review
from egain_pulumi.resources import KINDS
from tests.hub.builders import Resource, digest, parts, resource, same, step

Resources = dict[str, Resource]
Edit = Callable[[Resources], Any]


def analyze(text: str, silences: Sequence[hub.Silence] = (), pace: float | None = None) -> Any:
    """Analyze a preview in JSON."""
    context = review.context(text, pace)
    return review.review(hub.preview(text, KINDS), KINDS, context, silences)


def said(found: review.Review) -> str:
    """Return the sentence of a review."""
    return review.as_text(review.sentence(found))


def change(edit: Edit, *, diff: Sequence[str] = (), **more: Any) -> Any:
    """Analyze an edit of the resources of `parts`. `diff`: paths of secrets."""
    return analyze(preview(edit, diff=diff, **more))


def preview(
    edit: Edit,
    *,
    diff: Sequence[str] = (),
    replaced: Sequence[str] = (),
    before: Edit = lambda resources: None,
    **more: Any,
) -> str:
    """Return the preview of an edit, as the Pulumi CLI writes it."""
    old = parts()
    before(old)
    new = copy.deepcopy(old)
    edit(new)
    steps = []
    for name in {**old, **new}:
        one, other = old.get(name), new.get(name)
        if one is not None and other is not None and one == other and name not in replaced:
            steps += same({name: one}) if not diff or name != "bot" else [_update(one, other, diff)]
        elif one is None or other is None:
            steps.append(step("create" if one is None else "delete", one, other))
        elif name in replaced:
            steps.append(step("replace", one, other))
        else:
            steps.append(_update(one, other, diff))
    return digest(*steps, **more)


def _update(old: Resource, new: Resource, diff: Sequence[str]) -> Resource:
    detailed = {path: {"kind": "update", "inputDiff": True} for path in diff}
    return step("update", old, new, detailedDiff=detailed)


def inputs(resources: Resources, name: str) -> Any:
    """Return the declaration of an object."""
    return resources[name]["inputs"]


def put(name: str, /, **values: Any) -> Edit:
    """Declare other values."""
    return lambda resources: inputs(resources, name).update(values)


def add(noun: str, name: str, /, **values: Any) -> Edit:
    """Declare another object."""

    def edit(resources: Resources) -> None:
        resources[name] = resource(noun, name, {"active": True, **values})

    return edit


def both(*edits: Edit) -> Edit:
    """Combine edits."""

    def edit(resources: Resources) -> None:
        for each in edits:
            each(resources)

    return edit
