"""docs/rules.md#manage-what-is-declared, leaf by leaf: what eGain has of a declaration, conflicts,
and the whole object to send."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi.resources.account import AccountModel as Account
from egain_pulumi.resources.authentication import AuthenticationModel as Auth
from egain_pulumi.resources.channel import ChannelModel as Channel
from egain_pulumi.resources.client_application import ClientApplicationModel as App
from egain_pulumi.resources.orchestration import OrchestrationModel as Flow
from egain_pulumi.resources.participant import ParticipantModel as Bot
from egain_pulumi.schema import drift, merge
from egain_pulumi.schema.icon import digest
from egain_pulumi.schema.model import Model
from egain_pulumi.schema.tree import ABSENT, Malformed, show, tree
from tests.specimens import ICON, IDS

BOT, OTHER = IDS["ClientApplication"], IDS["Participant"]
SHA = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"  # of b"\x00"
FILE = {"path": "icons/a.png", "sha256": SHA}


def limits(**inbound: Any) -> dict[str, Any]:
    return {"restrictions": {"inbound": inbound}}


def pairs(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def oauth(**fields: Any) -> dict[str, Any]:
    return {"oauth2": fields}


def app_role(**fields: Any) -> dict[str, Any]:
    return {"roles": {"customer": fields}}


def wire_role(**fields: Any) -> dict[str, Any]:
    return {"roles": [{"name": "customer", **fields}]}


def chat(**fields: Any) -> dict[str, Any]:
    return {"chat_configurations": fields}


def wire_chat(**fields: Any) -> dict[str, Any]:
    return {"chatConfigurations": fields}


def bots(*items: Any) -> dict[str, Any]:
    return {"applications": {"bot_configuration": {"bots": list(items)}}}


def wire_bots(*items: Any) -> dict[str, Any]:
    return {"applications": {"botConfiguration": {"bots": list(items)}}}


A_BOT = {"id": BOT, "participant": {"id": OTHER}}
INTENT = {"value": "a", "display_value": "A"}
WIRE_INTENT = {"value": "a", "displayValue": "A"}

SEEN: list[tuple[str, type[Model], Any, Any, Any]] = [
    ("equal text", Bot, {"name": "a"}, {"name": "a"}, {"name": "a"}),
    ("other text", Bot, {"name": "a"}, {"name": "b"}, {"name": "b"}),
    ("text that is gone", Bot, {"description": "a"}, {}, {}),
    ("text that is null", Bot, {"description": "a"}, {"description": None}, {}),
    ("what was not declared", Bot, {}, {"description": "b", "options": pairs(a="b")}, {}),
    ("what we do not know", Bot, {"name": "a"}, {"name": "a", "new": 1}, {"name": "a"}),
    ("the default for a missing switch", Bot, {"active": True}, {}, {"active": True}),
    ("the default for a null switch", Bot, {"active": False}, {"active": None}, {"active": True}),
    ("a switch", Bot, {"active": True}, {"active": False}, {"active": False}),
    ("a number as text", Account, chat(timeout=30), wire_chat(timeout="30"), chat(timeout=30)),
    ("a number as text with a point", Account, chat(timeout=30), wire_chat(timeout="30.0"),
     chat(timeout=30)),
    ("another number as text", Account, chat(timeout=30), wire_chat(timeout="31"),
     chat(timeout=31)),
    ("a number as a word", Account, chat(timeout=30), wire_chat(timeout="never"),
     chat(timeout="never")),
    ("a number as no number", Account, chat(timeout=30), wire_chat(timeout="NaN"),
     chat(timeout="NaN")),
    ("a number that has no digits of ours", Account, chat(timeout=30), wire_chat(timeout="3_0"),
     chat(timeout="3_0")),
    ("a number of an endless length", Account, chat(timeout=30), wire_chat(timeout="9" * 5000),
     chat(timeout="9" * 5000)),
    ("a switch as text", Bot, {"active": True}, {"active": " TRUE"}, {"active": True}),
    ("another switch as text", Bot, {"active": True}, {"active": "false"}, {"active": False}),
    ("a switch as a number", Bot, {"active": True}, {"active": 1}, {"active": 1}),
    ("a text as a number", Bot, {"options": {"a": "5", "b": "x"}},
     {"options": [{"name": "a", "value": 5.0}, {"name": "b", "value": True}]},
     {"options": {"a": "5", "b": "true"}}),
    *(
        (f"a text {how}", Bot, {"description": "Caf\u00e9 & co\nnow"}, {"description": wire},
         {"description": "Caf\u00e9 & co\nnow"})
        for how, wire in {
            "decomposed": "Cafe\u0301 & co\nnow",
            "trimmed": " Caf\u00e9 & co\nnow\n",
            "with CRLF": "Caf\u00e9 & co\r\nnow",
            "escaped": "Caf&eacute; &amp; co&#10;now",
            "escaped twice": "Caf\u00e9 &amp;amp; co\nnow",
        }.items()
    ),
    ("a text with a real edit", Bot, {"description": "a  b"}, {"description": "a b"},
     {"description": "a b"}),
    ("a word of a fixed set", Bot, {"type": "custom_bot"}, {"type": " custom_bot"},
     {"type": " custom_bot"}),
    ("an id", Flow, bots(A_BOT), wire_bots({**A_BOT, "id": f" {BOT}"}),
     bots({**A_BOT, "id": f" {BOT}"})),
    ("an item that looks different, and another", Bot, {"intents": [INTENT, INTENT]},
     {"intents": {"intent": [{**WIRE_INTENT, "displayValue": "A "}, {**WIRE_INTENT, "value":
     "b"}]}}, {"intents": [INTENT, {**INTENT, "value": "b"}]}),
    ("a key below a mapping", Channel, limits(max_text_length=1),
     {"restrictions": {"inbound": {"maxTextLength": 2, "features": []}, "outbound": {}}},
     limits(max_text_length=2)),
    ("a mapping that is gone", Channel, limits(max_text_length=1), {}, {}),
    ("an empty mapping where there is none", Channel, limits(), {}, {}),
    ("an empty mapping where there is one", Channel, {"restrictions": {}},
     {"restrictions": {"inbound": {"maxTextLength": 2}}}, {"restrictions": {}}),
    ("words in another order", Channel, limits(features=["a", "b"]),
     limits(features=["b", "a", "b"]), limits(features=["a", "b"])),
    ("a word more", Channel, limits(features=["a"]), limits(features=["a", "b"]),
     limits(features=["a", "b"])),
    ("no words where none are", Channel, limits(features=[]), {"restrictions": {"inbound": {}}},
     limits(features=[])),
    ("words that are gone", Channel, limits(features=["a"]), {"restrictions": {"inbound": {}}},
     limits()),
    ("a list in another order", Flow, bots({**A_BOT, "id": "1"}, {**A_BOT, "id": "2"}),
     wire_bots({**A_BOT, "id": "2"}, {**A_BOT, "id": "1"}),
     bots({**A_BOT, "id": "2"}, {**A_BOT, "id": "1"})),
    ("a field of an item that was not declared", Flow, bots(A_BOT),
     wire_bots({**A_BOT, "onEscalation": {"agent": {"id": "x"}}, "new": 1}),
     bots({**A_BOT, "on_escalation": {"agent": {"id": "x"}}})),
    ("a wrapped list", Bot, {"intents": [INTENT]}, {"intents": {"intent": [WIRE_INTENT], "n": 1}},
     {"intents": [INTENT]}),
    ("a wrapped list without its list", Bot, {"intents": [INTENT]}, {"intents": {}},
     {"intents": []}),
    ("a wrapped list that is null", Bot, {"intents": [INTENT]}, {"intents": {"intent": None}},
     {"intents": []}),
    ("a reference", Bot, {"application": {"id": "a"}}, {"application": {"id": "b", "name": "B"}},
     {"application": {"id": "b"}}),
    ("a reference that is gone", Account, chat(orchestration={"id": "a"}), wire_chat(), chat()),
    ("rows by key in another order", Bot, {"options": {"a": "1", "b": "2"}},
     {"options": pairs(b="2", a="3", c="4")}, {"options": {"a": "3", "b": "2"}}),
    ("a row that is gone", Bot, {"options": {"a": "1", "b": "2"}}, {"options": pairs(a="1")},
     {"options": {"a": "1"}}),
    ("a header in another case", App, app_role(headers={"X-Key": "1"}),
     wire_role(headers=pairs(**{"x-key": "***"})), app_role(headers={"X-Key": "1"})),
    ("a header that is gone", App, app_role(headers={"A": "1", "B": "2"}),
     wire_role(headers=pairs(A="***")), app_role(headers={"A": "1"})),
    ("a masked secret", Auth, oauth(payload="p"), oauth(payload="***"), oauth(payload="p")),
    ("an absent secret", Auth, oauth(payload="p"), oauth(), oauth(payload="p")),
    ("an absent list of secrets", Auth, oauth(headers={"A": "1"}), oauth(),
     oauth(headers={"A": "1"})),
    ("a secret shown as it is", Auth, oauth(payload="p"), oauth(payload="p"), oauth(payload="p")),
    ("a secret overwritten in the console", Auth, oauth(payload="p"), oauth(payload="q"),
     oauth(payload="p")),
    ("an equal icon wrapped otherwise", Channel, {"icon": ICON}, {"icon": ICON[:9] + "\n" +
     ICON[9:]}, {"icon": ICON}),
    ("another icon", Channel, {"icon": ICON}, {"icon": "AA=="}, {"icon": "AA=="}),
    ("the icon of a file", Channel, {"icon": FILE}, {"icon": "AA=="}, {"icon": FILE}),
    ("another icon than the file", Channel, {"icon": {**FILE, "sha256": "0"}}, {"icon": "AA=="},
     {"icon": FILE}),
    ("an icon that is gone", Channel, {"icon": FILE}, {"icon": None}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "declared", "wire", "expected"),
    [pytest.param(*case, id=name) for name, *case in SEEN],
)
def test_a_declaration_is_seen_as_eGain_holds_it(
    model: type[Model], declared: Any, wire: Any, expected: Any
) -> None:
    assert drift.actual(tree(model), declared, wire) == expected


MALFORMED: list[tuple[type[Model], Any, Any, str]] = [
    (Channel, {"restrictions": {}}, {"restrictions": "x"}, "restrictions"),
    (Channel, limits(max_text_length=1), {"restrictions": []}, "restrictions"),
    (Channel, limits(max_text_length=1), limits(maxTextLength=[]),
     "restrictions.inbound.max_text_length"),
    (Channel, limits(features=["a"]), limits(features="a"), "restrictions.inbound.features"),
    (Channel, limits(features=["a"]), limits(features=["a", 1]), "restrictions.inbound.features"),
    (Bot, {"name": "a"}, {"name": {"text": "a"}}, "name"),
    (Bot, {"application": {"id": "a"}}, {"application": "a"}, "application"),
    (Bot, {"application": {"id": "a"}}, {"application": {"name": "a"}}, "application"),
    (Bot, {"options": {"a": "1"}}, {"options": {"a": "1"}}, "options"),
    (Bot, {"options": {"a": "1"}}, {"options": ["a"]}, "options"),
    (Bot, {"options": {"a": "1"}}, {"options": [{"value": "1"}]}, "options"),
    (Bot, {"options": {"a": "1"}}, {"options": [*pairs(a="1"), *pairs(a="2")]}, "options"),
    (Bot, {"intents": [INTENT]}, {"intents": [WIRE_INTENT]}, "intents"),
    (Bot, {"intents": [INTENT]}, {"intents": {"intent": ["a"]}}, "intents"),
    (App, app_role(headers={"A": "1"}), wire_role(headers=[*pairs(a="1"), *pairs(A="2")]),
     "roles.customer.headers"),
    (App, app_role(version="v3"), {"roles": ["customer"]}, "roles"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "declared", "wire", "where"), MALFORMED)
def test_an_answer_of_another_shape_is_malformed_at_its_path(
    model: type[Model], declared: Any, wire: Any, where: str
) -> None:
    """In a refresh, in an update, and in an update that declares the field for the first time."""
    for step in (
        lambda: drift.actual(tree(model), declared, wire),
        lambda: drift.conflicts(tree(model), declared, declared, wire),
    ):
        with pytest.raises(Malformed) as caught:
            step()
        assert str(caught.value).startswith(f"{where}: eGain answered with ")


@pytest.mark.parametrize(("model", "declared", "wire", "_where"), MALFORMED)
def test_laying_a_declaration_over_another_shape_overwrites_or_refuses_but_does_not_crash(
    model: type[Model], declared: Any, wire: Any, _where: str
) -> None:
    """Where the field is declared for the first time, nothing else has looked at it before."""
    try:
        body = merge.overlay(tree(model), wire, {}, declared, dict.__str__)
    except Malformed as problem:
        assert "eGain answered with " in str(problem)
    else:
        assert drift.actual(tree(model), declared, body) == declared


def test_a_declared_form_holds_everything_but_secrets_and_unknown_attributes() -> None:
    wire = {"name": "a", "new": 1, "description": None, **oauth(
        method="POST", payload="canary", headers=pairs(A="canary"), newer=2)}  # fmt: skip
    assert drift.declaration(tree(Auth), wire) == {"name": "a", "oauth2": {"method": "POST"}}


CONFLICTS: list[tuple[str, type[Model], Any, Any, Any, list[tuple[str, Any, Any]]]] = [
    ("nobody changed anything", Bot, {"name": "a"}, {"name": "b"}, {"name": "a"}, []),
    ("somebody made our change", Bot, {"name": "a"}, {"name": "b"}, {"name": "b"}, []),
    ("a third value", Bot, {"name": "a"}, {"name": "b"}, {"name": "c"}, [("name", "c", "a")]),
    ("a third value of what we left alone", Bot, {"name": "a"}, {"name": "a"}, {"name": "c"},
     [("name", "c", "a")]),
    ("what leaves the program was changed", Bot, {"description": "a"}, {}, {"description": "c"},
     [("description", "c", "a")]),
    ("what leaves the program is gone", Bot, {"description": "a"}, {}, {}, []),
    ("what we declare is gone", Bot, {"description": "a"}, {"description": "b"}, {},
     [("description", ABSENT, "a")]),
    ("what we did not declare", Bot, {}, {"name": "a"}, {"name": "c", "description": "x"}, []),
    ("a switch", Bot, {"active": True}, {"active": True}, {"active": False},
     [("active", False, True)]),
    ("a switch and its default", Bot, {"active": True}, {"active": True}, {"active": None}, []),
    ("one row of many", Bot, {"options": {"a": "1", "b": "2"}}, {"options": {"a": "1"}},
     {"options": pairs(b="3", a="1")}, [("options.b", "3", "2")]),
    ("a number as text", Account, chat(timeout=30), chat(timeout=31), wire_chat(timeout="30"), []),
    ("a switch as text", Bot, {"active": True}, {"active": True}, {"active": "true"}, []),
    ("a text in other looks", Bot, {"description": "a & b"}, {"description": "c"},
     {"description": " a &amp; b"}, []),
    ("our text in other looks", Bot, {"description": "c"}, {"description": "a & b"},
     {"description": " a &amp; b"}, []),
    ("a third text in other looks", Bot, {"description": "c"}, {"description": "d"},
     {"description": " a &amp; b"}, [("description", " a &amp; b", "c")]),
    ("words in another order", Channel, limits(features=["a", "b"]), limits(features=["c"]),
     limits(features=["b", "a"]), []),
    ("words", Channel, limits(features=["a"]), limits(features=["a"]), limits(features=["b"]),
     [("restrictions.inbound.features", ["b"], ["a"])]),
    ("a secret", Auth, oauth(payload="p"), oauth(payload="q"), oauth(payload="c"), []),
    ("a header that was put there", App, app_role(headers={"A": "1"}), app_role(headers={}),
     wire_role(headers=pairs(A="x", B="y")), []),
    ("an icon in another form", Channel, {"icon": FILE}, {"icon": FILE}, {"icon": "AA==\n"}, []),
    ("an icon", Channel, {"icon": FILE}, {"icon": FILE}, {"icon": "~"},
     [("icon", digest("~"), SHA)]),
    ("a reference", Bot, {"application": {"id": "a"}}, {"application": {"id": "a"}},
     {"application": {"id": "c"}}, [("application", "c", "a")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "olds", "news", "wire", "expected"),
    [pytest.param(*case, id=name) for name, *case in CONFLICTS],
)
def test_a_leaf_that_is_neither_what_we_saw_nor_what_we_want_is_a_conflict(
    model: type[Model], olds: Any, news: Any, wire: Any, expected: Any
) -> None:
    found = drift.conflicts(tree(model), olds, news, wire)
    assert [(show(path), now, old) for path, now, old in found] == expected
