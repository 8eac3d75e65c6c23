"""What a program declares and a state lacks, from a preview and its plan. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..hub import Hub, preview
from ..schema.kinds import Kind
from .matching import Wanted

_STACK = "pulumi:pulumi:Stack"


def wanted(text: str, plan: Mapping[str, Any], kinds: Sequence[Kind]) -> tuple[Hub, list[Wanted]]:
    """Return the hub of the program, and what of it would be created, in the order of references.

    `text` is the JSON of a preview with `--show-sames`, `plan` the resources of its plan.
    """
    hub = preview(text, kinds).after
    creates = {urn: each for urn, each in plan.items() if each.get("steps") == ["create"]}
    return hub, [
        Wanted(each, dict(creates[key].get("state") or {}), _problem(creates[key]["goal"]))
        for key, each in hub.objects.items()
        if key in creates
    ]


def _problem(goal: Mapping[str, Any]) -> str | None:
    """Return why the engine's import cannot make this resource."""
    parent, provider = str(goal.get("parent", "")), str(goal.get("provider", ""))
    if parent and f"::{_STACK}::" not in parent:
        return f"is in the component {parent.rpartition('::')[2]}; recover it with import_"
    if provider and not provider.rpartition("::")[0].rpartition("::")[2].startswith("default"):
        return "lives in a second tenant; recover it with import_"
    return None
