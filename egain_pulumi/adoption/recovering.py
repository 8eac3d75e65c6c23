"""What a program declares and a state lacks, from a preview and its plan. Pure.

A component that is lost as well is made again by the import, with what is in it.
"""

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
        Wanted(
            each,
            dict(creates[key].get("state") or {}),
            _problem(creates[key]["goal"]),
            _component(creates[key]["goal"]),
        )
        for key, each in hub.objects.items()
        if key in creates
    ]


def _problem(goal: Mapping[str, Any]) -> str | None:
    """Return why the engine's import cannot make this resource."""
    provider = str(goal.get("provider", ""))
    if provider and not provider.rpartition("::")[0].rpartition("::")[2].startswith("default"):
        return "lives in a second tenant; recover it with import_"
    return None


def _component(goal: Mapping[str, Any]) -> str | None:
    """Return the URN of the component that a resource is in; None if it is in none."""
    parent = str(goal.get("parent", ""))
    return parent if parent and f"::{_STACK}::" not in parent else None


def components(
    plan: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the entries of the components that these are in, each after the one that it is in.

    Also returns the URNs of components that the state has, by the name that entries know them by.
    """
    made: dict[str, dict[str, Any]] = {}
    there: dict[str, str] = {}
    for entry in entries:
        chain, urn = [], entry.get("parent")
        while urn is not None and urn not in made:
            if plan.get(urn, {}).get("steps") != ["create"]:
                there[urn] = urn
                break
            chain.append(urn)
            urn = _component(plan[urn]["goal"])
        for urn in reversed(chain):
            goal = plan[urn]["goal"]
            parent = _component(goal)
            made[urn] = {
                "type": goal["type"],
                "name": urn,
                "logicalName": goal["name"],
                "component": True,
                **({"parent": parent} if parent else {}),
            }
    return list(made.values()), there
