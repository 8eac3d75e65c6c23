"""Which objects belong to which stack, and which to none."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi.comparison.inventory import Finding, Inventory, take
from egain_pulumi.resources import KINDS
from tests.comparison.builders import ident, rows
from tests.hub.builders import Resource, resource, state

HERE = {"base_url": "https://dev.example/v3", "emulator": None}
NOUNS = {
    "auth": "Authentication",
    "bot": "ClientApplication",
    "agents": "ClientApplication",
    "greeter": "Participant",
    "chat": "Channel",
    "flow1": "Orchestration",
    "flow2": "Orchestration",
    "orders": "Account",
}


def stack(*names: str, at: Any = HERE, find: bool = False, as_: str = "") -> str:
    """Return the state of a stack that declares (or finds) these objects."""
    resources: dict[str, Resource] = {}
    for name in names:
        inputs = {"find": {"name": name}} if find else {"name": name, "active": True}
        outputs = {**inputs, "name": name, "_tenant": at}
        if find:
            del outputs["_tenant"]
        logical = f"{as_}{name}"
        noun = NOUNS.get(name, "Account")
        resources[logical] = resource(noun, logical, inputs, outputs=outputs, id=ident(name))
    return state(resources)


def inventory(unread: str | None = None, mark: Any = HERE, **states: str) -> Inventory:
    """Take the inventory of the small tenant with these stacks."""
    found: dict[str, Any] = {k: None if k == unread else v for k, v in rows().items()}
    for each in found["channel"]:
        each["created"] = "2026-01-01T00:00:00Z"
    return take(found, states, KINDS, mark)


def of(found: Inventory, finding: Finding) -> list[str]:
    return [item.object.id.rstrip("-") for item in found.items if finding in item.findings]  # type: ignore[union-attr]


ALL = tuple(name for name in NOUNS if name != "agents")


def test_a_tenant_without_stacks_is_made_by_hand() -> None:
    found = inventory()
    assert set(of(found, Finding.UNMANAGED)) == set(ALL), "eGain's own is nobody's to manage"
    chat = next(item for item in found.items if item.object.name == "chat")
    assert chat.created == "2026-01-01T00:00:00Z"
    assert [each.name for each in chat.referred_to_by] == ["orders"]


@pytest.mark.parametrize(
    ("states", "finding", "ids"),
    [
        ({"dev": stack(*ALL)}, Finding.UNMANAGED, []),
        ({"dev": stack(*ALL)}, Finding.UNUSED, ["flow1"]),
        ({"dev": stack(*ALL[:2])}, Finding.UNMANAGED, list(ALL[2:])),
        ({"dev": stack("chat", find=True)}, Finding.UNMANAGED, list(ALL)),
        ({"dev": stack("survey")}, Finding.MISSING, ["survey"]),
        ({"dev": stack("survey", find=True)}, Finding.MISSING, []),
        ({"dev": stack("chat"), "qa": stack("chat")}, Finding.TWICE, ["chat"]),
        ({"dev": stack("chat"), "qa": stack("chat", find=True)}, Finding.TWICE, []),
        ({"prod": stack("survey", at={"base_url": "https://prod"})}, Finding.MISSING, []),
        ({"prod": stack(*ALL, at={"base_url": "https://prod"})}, Finding.UNMANAGED, list(ALL)),
        ({"dev": stack("chat", at={**HERE, "emulator": "old"})}, Finding.MISSING, []),
    ],
)
def test_findings(states: dict[str, str], finding: Finding, ids: list[str]) -> None:
    assert of(inventory(**states), finding) == ids


def test_an_emulator_with_another_database_is_another_tenant() -> None:
    dev = stack("chat", at={**HERE, "emulator": "old"})
    found = inventory(mark={**HERE, "emulator": "new"}, dev=dev)
    assert found.elsewhere == ("dev",)
    assert "chat" in of(found, Finding.UNMANAGED)


def test_stacks_are_named_and_those_of_others_are_not() -> None:
    found = inventory(dev=stack("chat"), other=state({}))
    assert (found.stacks, found.elsewhere) == (("dev",), ())
    chat = next(item for item in found.items if item.name == "chat")
    assert chat.managed_by == ("dev",)


def test_what_the_client_may_not_read_is_not_missing() -> None:
    found = inventory(unread="authentication", dev=stack(*ALL))
    assert of(found, Finding.MISSING) == []
    assert [kind.name for kind in found.not_read] == ["authentication"]
