"""Which objects stand in for what a program finds."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.ci.stand_ins import PREFIX, found_by, stand_ins

DESKTOP = {"id": "d", "name": "eGain Agents", "roles": [{"name": "egain_agent"}]}
THERE: dict[str, list[dict[str, Any]]] = {"clientapplications": [DESKTOP]}


def digest(*finds: tuple[str, Any]) -> dict[str, Any]:
    states = [{"type": PREFIX + kind, "inputs": {"find": criteria}} for kind, criteria in finds]
    return {"steps": [{"op": "create", "newState": state} for state in states]}


@pytest.mark.parametrize(
    "finds",
    [
        (),
        (("ClientApplication", {"role": "egain_agent"}),),
        (("ClientApplication", {"name": "[secret]"}),),
        (("ClientApplication", {"name": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}),),
        (("Eighth", {"name": "x"}),),
        (("Channel", None),),
        (("Channel", {}),),
    ],
)
def test_nothing_is_added_for_what_is_there_or_not_known(finds: Any) -> None:
    assert stand_ins(found_by(digest(*finds)), THERE) == []
    assert found_by({"steps": [{"op": "delete"}, {"newState": None}]}) == []


def test_one_object_serves_all_that_it_can_and_no_other() -> None:
    finds = digest(
        ("ClientApplication", {"name": "a"}),
        ("ClientApplication", {"role": "custom_agent"}),
        ("ClientApplication", {"name": "a", "role": "custom_agent"}),
        ("ClientApplication", {"name": "b"}),
        ("ClientApplication", {"role": "customer"}),
    )
    added = stand_ins(found_by(finds), THERE)
    assert [(one.body["name"], one.body["roles"][0]["name"]) for one in added] == [
        ("a", "custom_agent"),
        ("b", "business_notification"),
        ("stand-in customer", "customer"),
    ]


def test_what_an_object_refers_to_comes_first() -> None:
    finds = digest(("Account", {"name": "sales"}), ("Participant", {"name": "bot"}))
    channel, account, participant = stand_ins(found_by(finds), THERE)
    assert (channel.what, account.what) == ("", 'account with name "sales"')
    assert account.body["channel"] == {"id": channel.body["id"]}
    assert participant.body["application"] == {"id": "d"}
