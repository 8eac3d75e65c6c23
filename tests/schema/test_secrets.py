"""What may be kept of eGain's answers: no secret's text, no icon, nothing unknown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from egain_pulumi.resources.channel import ChannelModel
from egain_pulumi.resources.client_application import ClientApplicationModel
from egain_pulumi.resources.orchestration import OrchestrationModel
from egain_pulumi.schema.secrets import ODD, storable_copy
from egain_pulumi.schema.tree import tree

APPLICATION = tree(ClientApplicationModel)
ROLE: dict[str, Any] = {
    "name": "custom_bot",
    "callback": "https://bot.example/in",
    "headers": [{"name": "X-Key", "value": "canary"}],
}


def test_secrets_are_there_without_their_text() -> None:
    kept = storable_copy(APPLICATION, {"name": "bot", "roles": [ROLE]})
    assert kept["roles"][0]["headers"] == [{"name": "X-Key", "value": ""}]
    assert kept["roles"][0]["callback"] == "https://bot.example/in"
    assert "canary" not in json.dumps(kept)


def test_what_the_contract_does_not_know_is_not_kept() -> None:
    wire = {"name": "bot", "secretOfTomorrow": "canary", "roles": [{**ROLE, "more": "canary"}]}
    assert "canary" not in json.dumps(storable_copy(APPLICATION, wire))


def test_an_icon_is_kept_as_its_hash() -> None:
    kept = storable_copy(tree(ChannelModel), {"type": "c", "icon": "aGVsbG8="})
    assert list(kept["icon"]) == ["sha256"]
    assert len(kept["icon"]["sha256"]) == 64


def test_null_and_missing_stay_so() -> None:
    assert storable_copy(APPLICATION, {"name": None}) == {"name": None}


@pytest.mark.parametrize(
    ("wire", "kept"),
    [
        ({"roles": "text"}, {"roles": ODD}),
        ({"roles": ["text"]}, {"roles": [ODD]}),
        ({"roles": [{"headers": []}]}, {"roles": [ODD]}),
        ({"name": {"nested": "canary"}}, {"name": ODD}),
    ],
)
def test_what_has_not_the_shape_of_the_contract_is_equal_to_nothing(wire: Any, kept: Any) -> None:
    assert storable_copy(APPLICATION, wire) == kept


def test_references_are_kept_for_who_asks_who_refers_to_whom() -> None:
    wire = {"applications": {"customerConfiguration": {"customer": {"id": "a", "name": "x"}}}}
    assert storable_copy(tree(OrchestrationModel), wire) == {
        "applications": {"customerConfiguration": {"customer": {"id": "a"}}}
    }
