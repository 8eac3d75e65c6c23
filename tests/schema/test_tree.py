"""What is sent: a declaration as the contract's JSON, and laid over what eGain has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi.plugin import messages
from egain_pulumi.resources import KINDS
from egain_pulumi.resources.account import AccountModel as Account
from egain_pulumi.resources.authentication import AuthenticationModel as Auth
from egain_pulumi.resources.channel import ChannelModel as Channel
from egain_pulumi.resources.client_application import ClientApplicationModel as App
from egain_pulumi.resources.orchestration import OrchestrationModel as Flow
from egain_pulumi.resources.participant import ParticipantModel as Bot
from egain_pulumi.schema import diff, drift, merge, secrets, state
from egain_pulumi.schema.icon import digest
from egain_pulumi.schema.model import Model
from egain_pulumi.schema.same import comparable_wire
from egain_pulumi.schema.tree import (
    ABSENT,
    Items,
    Leaf,
    Link,
    Node,
    Record,
    Table,
    WordSet,
    show,
    to_wire,
    tree,
)
from tests.specimens import (
    ACCOUNT,
    AUTHENTICATION,
    BASIC_AUTHENTICATION,
    CHANNEL,
    CLIENT_APPLICATION,
    ICON,
    ORCHESTRATION,
    PARTICIPANT,
)

FILE = {"path": "icons/a.png", "sha256": digest(ICON)}


def no_file(declared: Any) -> str:
    raise AssertionError(f"the icon's file was opened: {declared}")


def sent(model: type[Model], wire: Any, olds: Any, news: Any) -> Any:
    return merge.overlay(tree(model), wire, olds, news, no_file)


def exactly(wire: Any) -> str:
    """As JSON: in Python, `True == 1`."""
    return json.dumps(wire, sort_keys=True)


def pairs(**values: Any) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def texts(**languages: Any) -> list[dict[str, Any]]:
    return [{"language": k, "properties": pairs(**v)} for k, v in languages.items()]


def limits(**inbound: Any) -> dict[str, Any]:
    return {"restrictions": {"inbound": inbound}}


def role(**fields: Any) -> dict[str, Any]:
    return {"roles": {"customer": {"version": "v3", **fields}}}


def wire_role(**fields: Any) -> dict[str, Any]:
    return {"roles": [{"name": "customer", "version": "v3", **fields}]}


def bots(*items: Any) -> dict[str, Any]:
    return {"applications": {"bot_configuration": {"bots": list(items)}}}


def wire_bots(*items: Any) -> dict[str, Any]:
    return {"applications": {"botConfiguration": {"bots": list(items)}}}


A_BOT: dict[str, Any] = {"id": "bot", "participant": {"id": "greeter"}}

NEW: list[tuple[str, type[Model], Any, Any]] = [
    ("text", Bot, {"name": "a", "description": None}, {"name": "a"}),
    ("the texts of a channel", Channel, {"l10n_properties": {"en": {"a": "1"}, "de": {}}},
     {"l10nProperties": texts(en={"a": "1"}, de={})}),
    ("headers", App, role(headers={"A": "1"}), wire_role(headers=pairs(A="1"))),
    ("a wrapped list", Bot, {"intents": [{"value": "a", "display_value": "A"}]},
     {"intents": {"intent": [{"value": "a", "displayValue": "A"}]}}),
    ("an empty list", Bot, {"intents": [], "options": {}}, {"intents": {"intent": []},
     "options": []}),
    ("a reference", Account, {"channel": {"id": "a"}}, {"channel": {"id": "a"}}),
    ("false and nought", Account, {"active": False, "chat_configurations": {"timeout": 0}},
     {"active": False, "chatConfigurations": {"timeout": 0}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "declared", "wire"), [pytest.param(*case, id=name) for name, *case in NEW]
)
def test_a_new_object_is_what_was_declared_and_no_more(
    model: type[Model], declared: Any, wire: Any
) -> None:
    assert to_wire(tree(model), declared) == wire
    assert sent(model, {}, {}, {k: v for k, v in declared.items() if v is not None}) == wire


KEPT = {"x": {"y": [1]}}
SENT: list[tuple[str, type[Model], Any, Any, Any, Any]] = [
    ("unknown attributes stay", Bot, {"name": "a", "modified": "m", **KEPT}, {"name": "a"},
     {"name": "b"}, {"name": "b", "modified": "m", **KEPT}),
    ("undeclared ones stay", Bot, {"name": "a", "description": "d"}, {"name": "a"},
     {"name": "b"}, {"name": "b", "description": "d"}),
    ("what leaves the program leaves", Bot, {"description": "d"}, {"description": "d"}, {}, {}),
    ("a switch that leaves is on again", Bot, {"active": False}, {"active": False}, {},
     {"active": True}),
    ("a number that is shown as text is sent as declared", Account,
     {"chatConfigurations": {"timeout": "30"}}, {}, {"chat_configurations": {"timeout": 30}},
     {"chatConfigurations": {"timeout": 30}}),
    ("a text that is shown escaped is sent as declared", Bot, {"description": "a &amp;amp; b"},
     {"description": "a & b"}, {"description": "a & b"}, {"description": "a & b"}),
    ("an item that is shown escaped is sent as declared", Bot, {"intents": {"intent":
     [{"value": "a ", "displayValue": "A &amp; B", **KEPT}]}},
     {"intents": [{"value": "a", "display_value": "A & B"}]},
     {"intents": [{"value": "a", "display_value": "A & B"}]},
     {"intents": {"intent": [{"value": "a", "displayValue": "A & B", **KEPT}]}}),
    ("unknown attributes of an item that is shown escaped stay with it", Bot,
     {"intents": {"intent": [{"value": "a&amp;", "displayValue": "A", **KEPT}]}}, {},
     {"intents": [{"value": "a&", "display_value": "B"}]},
     {"intents": {"intent": [{"value": "a&", "displayValue": "B", **KEPT}]}}),
    ("a switch never stays a number", Bot, {"active": 1}, {}, {"active": True}, {"active": True}),
    ("a number never stays a switch", Account, {"chatConfigurations": {"timeout": True}}, {},
     {"chat_configurations": {"timeout": 1}}, {"chatConfigurations": {"timeout": 1}}),
    ("words that are equal stay as they are", Channel, limits(features=["b", "a", "b"]), {},
     limits(features=["a", "b"]), limits(features=["b", "a", "b"])),
    ("words are sent whole", Channel, limits(features=["b", "x"]), {},
     limits(features=["a", "b"]), limits(features=["a", "b"])),
    ("a reference that is equal stays as it is", Account, {"channel": {"id": "a", **KEPT}}, {},
     {"channel": {"id": "a"}}, {"channel": {"id": "a", **KEPT}}),
    ("another reference is an id", Account, {"channel": {"id": "a", "name": "A"}}, {},
     {"channel": {"id": "b"}}, {"channel": {"id": "b"}}),
    ("rows keep eGain's order, new ones follow", Bot, {"options": pairs(b="2", x="9", a="1")},
     {"options": {"a": "1", "b": "2"}}, {"options": {"c": "3", "a": "1", "b": "4"}},
     {"options": pairs(b="4", x="9", a="1", c="3")}),
    ("unknown attributes of a row stay", Bot, {"options": [{"name": "a", "value": "1", **KEPT}]},
     {"options": {"a": "1"}}, {"options": {"a": "2"}},
     {"options": [{"name": "a", "value": "2", **KEPT}]}),
    ("a row that leaves the program leaves", Bot, {"options": pairs(a="1", b="2", x="9")},
     {"options": {"a": "1", "b": "2"}}, {"options": {"a": "1"}},
     {"options": pairs(a="1", x="9")}),
    ("the case of a header name stays", App, wire_role(headers=pairs(**{"x-a": "1"})),
     role(headers={"X-A": "1"}), role(headers={"X-A": "2"}),
     wire_role(headers=pairs(**{"x-a": "2"}))),
    ("what leaves a row leaves", App, wire_role(authentication={"id": "a"}, callback="c", **KEPT),
     role(authentication={"id": "a"}, callback="c"), role(callback="c"),
     wire_role(callback="c", **KEPT)),
    ("headers that leave a row leave", App, wire_role(headers=pairs(A="1")),
     role(headers={"A": "1"}), role(), wire_role()),
    ("a key below a mapping stays", Channel, {"restrictions": {"inbound": {"maxTextLength": 1},
     "outbound": {"midChatAuth": True}, **KEPT}}, limits(max_text_length=1),
     limits(max_text_length=2), {"restrictions": {"inbound": {"maxTextLength": 2},
     "outbound": {"midChatAuth": True}, **KEPT}}),
    ("a mapping that leaves takes only what was declared", Channel,
     {"restrictions": {"inbound": {"maxTextLength": 1}, "outbound": {"midChatAuth": True}}},
     limits(max_text_length=1), {}, {"restrictions": {"outbound": {"midChatAuth": True}}}),
    ("a mapping that was declared whole leaves whole", Channel, limits(maxTextLength=1),
     limits(max_text_length=1), {}, {}),
    ("a table that leaves takes only what was declared", Channel,
     {"l10nProperties": texts(en={"a": "1"}, fr={"a": "2"})}, {"l10n_properties": {"en":
     {"a": "1"}}}, {}, {"l10nProperties": texts(fr={"a": "2"})}),
    ("a row that leaves takes only what was declared", Channel,
     {"l10nProperties": texts(en={"a": "1", "b": "2"})}, {"l10n_properties": {"en": {"a": "1"}}},
     {"l10n_properties": {}}, {"l10nProperties": texts(en={"b": "2"})}),
    ("a part without what it needs leaves whole", Auth,
     {"oauth2": {"tokenRequestUrl": "u", "method": "POST"}}, {"oauth2": {"token_request_url": "u"}},
     {"basic_auth": {"username": "u", "password": "p"}},
     {"basicAuth": {"username": "u", "password": "p"}}),
    ("a list is sent whole", Flow, wire_bots({**A_BOT, "onEscalation": {"agent": {"id": "x"}}},
     {**A_BOT, "id": "other"}), bots(A_BOT), bots(A_BOT), wire_bots(A_BOT)),
    ("unknown attributes of an item stay with it", Flow, wire_bots({**A_BOT, "id": "1", "n": 1},
     {**A_BOT, "id": "2", "n": 2}), {}, bots({**A_BOT, "id": "2"}, {**A_BOT, "id": "3"}),
     wire_bots({"n": 2, **A_BOT, "id": "2"}, {**A_BOT, "id": "3"})),
    ("unknown attributes deep in an equal list stay", Flow, wire_bots({"id": "bot",
     "participant": {"id": "greeter", "name": "G"}, "onEscalation": None}), bots(A_BOT),
     bots(A_BOT), wire_bots({"id": "bot", "participant": {"id": "greeter", "name": "G"},
     "onEscalation": None})),
    ("unknown attributes around a wrapped list stay", Bot, {"intents": {"intent": [], "n": 1}}, {},
     {"intents": [{"value": "a", "display_value": "A"}]},
     {"intents": {"intent": [{"value": "a", "displayValue": "A"}], "n": 1}}),
    ("an equal icon stays as it is", Channel, {"icon": ICON + "\n"}, {"icon": FILE},
     {"icon": {**FILE, "path": "icons/b.png"}}, {"icon": ICON + "\n"}),
    ("another icon is sent", Channel, {"icon": ICON}, {}, {"icon": "AA=="}, {"icon": "AA=="}),
    ("a secret is sent though eGain shows it", Auth, {"oauth2": {"payload": "***"}}, {},
     {"oauth2": {"payload": "p"}}, {"oauth2": {"payload": "p"}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "wire", "olds", "news", "expected"),
    [pytest.param(*case, id=name) for name, *case in SENT],
)
def test_what_is_sent_is_what_eGain_has_with_the_declaration_laid_over_it(
    model: type[Model], wire: Any, olds: Any, news: Any, expected: Any
) -> None:
    before = exactly(wire)
    assert exactly(sent(model, wire, olds, news)) == exactly(expected)
    assert exactly(wire) == before


def test_an_icon_that_changed_is_read_from_its_file() -> None:
    body = merge.overlay(tree(Channel), {"icon": "AA=="}, {}, {"icon": FILE}, lambda _: "read")
    assert body == {"icon": "read"}


def oauth(**fields: Any) -> dict[str, Any]:
    return {"oauth2": fields}


@pytest.mark.parametrize(
    ("body", "news", "paths"),
    [
        (oauth(payload="p"), oauth(payload="p"), []),
        (oauth(payload="***"), oauth(), ["oauth2.payload"]),
        (oauth(payload="***"), {}, ["oauth2.payload"]),
        (oauth(payload=None), {}, []),
        (oauth(headers=pairs(A="1", B="2")), oauth(headers={"a": "1"}), ["oauth2.headers.B"]),
        (oauth(headers=[{"name": "A"}]), {}, []),
        (oauth(headers=[]), {}, []),
        ({"basicAuth": {"username": "u", "password": "p"}}, {}, ["basic_auth.password"]),
    ],
)
def test_secrets_that_were_read_and_not_declared_are_found(
    body: Any, news: Any, paths: list[str]
) -> None:
    assert [show(p) for p in secrets.undeclared_secrets(tree(Auth), body, news)] == paths


@pytest.mark.parametrize(
    ("wire", "olds", "shown"),
    [
        (oauth(payload="p"), oauth(payload="p"), True),
        (oauth(payload="***"), oauth(payload="p"), False),
        (oauth(), oauth(payload="p"), False),
        (oauth(payload="p"), oauth(), False),
        (oauth(payload="p"), {}, False),
        # One that is shown proves nothing for a tenant that masks another.
        (oauth(payload="***", headers=pairs(a="1")), oauth(payload="p", headers={"A": "1"}), False),
        (oauth(payload="p", headers=pairs(a="1")), oauth(payload="p", headers={"A": "1"}), True),
        (oauth(headers=pairs(B="1")), oauth(headers={"A": "1"}), False),
        (oauth(method="POST"), oauth(method="POST"), False),
        (oauth(headers=pairs(A="")), oauth(headers={"A": ""}), False),
    ],
)
def test_only_a_declared_secret_as_it_was_declared_shows_that_secrets_are_shown(
    wire: Any, olds: Any, shown: bool
) -> None:
    """An empty one shows nothing: a tenant may blank what it hides."""
    assert secrets.shows_secrets(tree(Auth), wire, olds) is shown
    assert secrets.shows_secrets(tree(Auth), ABSENT, olds) is False


@pytest.mark.parametrize(
    "other", [oauth(payload="***"), oauth(payload="q"), oauth(payload=None), oauth()]
)
def test_two_answers_that_differ_in_secrets_alone_are_equal(other: Any) -> None:
    first = comparable_wire(tree(Auth), oauth(payload="p"), secrets=False)
    assert first == comparable_wire(tree(Auth), other, secrets=False)


@pytest.mark.parametrize("other", [oauth(method="GET"), {**oauth(), "new": 1}, {}])
def test_two_answers_that_differ_in_anything_else_are_not(other: Any) -> None:
    first = comparable_wire(tree(Auth), oauth(payload="p"), secrets=False)
    assert first != comparable_wire(tree(Auth), other, secrets=False)


@pytest.mark.parametrize(
    ("body", "old", "new", "left"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, {}, {"b": 2}),
        ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, {}, {"a": {"c": 2}}),
        ({"a": {"b": 1}}, {"a": {"b": 1}}, {}, {}),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 1}}}, {"a": "text"}, {}),
        ({"b": 2}, {"a": {"b": 1}}, {}, {"b": 2}),
    ],
)
def test_what_leaves_extra_leaves_the_body(body: Any, old: Any, new: Any, left: Any) -> None:
    assert merge.merge_extra(merge.remove_extra(body, old, new), new) == {**left, **new}


FULL: dict[type[Model], dict[str, Any]] = {
    Auth: {**AUTHENTICATION.full, "basic_auth": BASIC_AUTHENTICATION.full["basic_auth"]},
    App: dict(CLIENT_APPLICATION.full),
    Bot: dict(PARTICIPANT.full),
    Channel: dict(CHANNEL.full),
    Flow: dict(ORCHESTRATION.full),
    Account: dict(ACCOUNT.full),
}
each_kind = pytest.mark.parametrize("model", FULL)
few = settings(derandomize=True, max_examples=40, deadline=None)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=6)
ICONS = st.sampled_from([ICON, "AA==", "AA==\n", "~", FILE])
NUMBERS = st.integers(0, 99) | st.integers(0, 99).map(float) | st.sampled_from([0.5, 1.25])
CANARY = "canary-of-the-console"


def declarations(node: Node, like: Any) -> st.SearchStrategy[Any]:
    """Declarations of the form of a full one, with any of its optional parts left out."""
    match node:
        case Record():
            parts = {
                slot.name: declarations(slot.node, like[slot.name])
                for slot in node.slots.values()
                if slot.name in like
            }
            needed = {k: v for k, v in parts.items() if node.slots[k].required}
            rest = {k: v for k, v in parts.items() if k not in needed}
            return st.fixed_dictionaries(needed, optional=rest)
        case Table():
            keys = st.sampled_from(sorted(like))
            return st.dictionaries(keys, declarations(node.item, next(iter(like.values()))))
        case Items():
            return st.lists(
                declarations(node.item, like[0]),
                max_size=3,
                unique_by=lambda item: str(item[snake(node)]),
            )
        case WordSet():
            return st.lists(WORDS, max_size=3)
        case Link():
            return st.fixed_dictionaries({"id": WORDS})
        case Leaf(icon=True):
            return ICONS
    if isinstance(like, bool):
        return st.booleans()
    return WORDS if isinstance(like, str) else NUMBERS


def snake(node: Items) -> str:
    """The name in programs of the field that tells items apart."""
    assert isinstance(node.item, Record)
    return next(s.name for s in node.item.slots.values() if s.wire == node.identity)


def noisy(node: Node, wire: Any, tag: str = "0") -> Any:
    """A wire form with an attribute that we do not know in every object of it."""
    match node:
        case Record():
            inner = {slot.wire: slot.node for slot in node.slots.values()}
            pairs = wire.items()
            return {"new": tag, **{k: noisy(inner[k], v, f"{tag}.{k}") for k, v in pairs}}
        case Table(keyed=keyed):
            rows = []
            for row in wire:
                at = f"{tag}.{row[keyed.by]}"
                if keyed.value is not None:
                    inside = {keyed.value: noisy(node.item, row[keyed.value], at)}
                    rows.append({"new": at, **row, **inside})
                else:
                    fields = {k: v for k, v in row.items() if k != keyed.by}
                    rows.append({keyed.by: row[keyed.by], **noisy(node.item, fields, at)})
            return rows
        case Items():
            rows = wire[node.wrapped] if node.wrapped else wire
            rows = [noisy(node.item, r, f"{tag}.{r[node.identity]}") for r in rows]
            return {"new": tag, node.wrapped: rows} if node.wrapped else rows
        case Link():
            return {"new": tag, **wire}
    return wire


def load(declared: Any) -> str:
    return ICON if declared == FILE else "~"


def on_the_wire(model: type[Model], declared: Any) -> Any:
    icon = {"icon": load(declared["icon"])} if isinstance(declared.get("icon"), dict) else {}
    return noisy(tree(model), to_wire(tree(model), {**declared, **icon}))


def hidden(node: Node, wire: Any) -> Any:
    """A wire form with another value in place of every secret."""
    match node:
        case Record():
            inner = {slot.wire: slot.node for slot in node.slots.values()}
            return {k: hidden(inner[k], v) if k in inner else v for k, v in wire.items()}
        case Table(keyed=keyed):
            if keyed.value is not None:
                return [{**row, keyed.value: hidden(node.item, row[keyed.value])} for row in wire]
            return [hidden(node.item, row) for row in wire]
        case Leaf(secret=True):
            return CANARY
    return wire


def tags(wire: Any) -> set[str]:
    if isinstance(wire, dict):
        own = {wire["new"]} if "new" in wire else set()
        return own.union(*(tags(value) for value in wire.values()))
    return set().union(*map(tags, wire)) if isinstance(wire, list) else set()


@each_kind
@few
@given(data=st.data())
def test_checking_twice_is_checking_once(model: type[Model], data: st.DataObject) -> None:
    declared = data.draw(declarations(tree(model), FULL[model]))
    once = state.normalize(model, declared)
    assert exactly(state.normalize(model, once)) == exactly(once)
    assert not diff.differs(model, declared, once)


@each_kind
@few
@given(data=st.data())
def test_what_was_sent_is_seen_as_it_was_declared(model: type[Model], data: st.DataObject) -> None:
    live, olds, news = (
        state.normalize(model, data.draw(declarations(tree(model), FULL[model]))) for _ in range(3)
    )
    body = merge.overlay(tree(model), on_the_wire(model, live), olds, news, load)
    seen = drift.actual(tree(model), news, body)
    assert not diff.differs(model, news, seen)
    assert drift.conflicts(tree(model), news, news, body) == []


@each_kind
@few
@given(data=st.data())
def test_an_equal_declaration_sends_what_was_read(model: type[Model], data: st.DataObject) -> None:
    declared = state.normalize(model, data.draw(declarations(tree(model), FULL[model])))
    wire = on_the_wire(model, declared)
    body = merge.overlay(tree(model), wire, declared, declared, load)
    assert exactly(body) == exactly(wire)


@each_kind
@few
@given(data=st.data())
def test_unknown_attributes_survive_wherever_their_object_does(
    model: type[Model], data: st.DataObject
) -> None:
    olds = state.normalize(model, data.draw(declarations(tree(model), FULL[model])))
    news = {**olds, "description": "another", "active": not olds.get("active", True)}
    wire = on_the_wire(model, olds)
    body = merge.overlay(tree(model), wire, olds, news, load)
    assert tags(wire) <= tags(body)


@each_kind
@few
@given(data=st.data())
def test_no_secret_that_was_read_is_seen_shown_or_said(
    model: type[Model], data: st.DataObject
) -> None:
    live, olds, news = (
        state.normalize(model, data.draw(declarations(tree(model), FULL[model]))) for _ in range(3)
    )
    wire = hidden(tree(model), on_the_wire(model, live)) | {"attributes": [{"value": CANARY}]}
    found = drift.conflicts(tree(model), olds, news, wire)
    subject = messages.Subject(next(k for k in KINDS if k.model is model), "x", "id")
    shown = [
        drift.actual(tree(model), olds, wire),
        drift.declaration(tree(model), wire),
        messages.conflict(subject, found, "then") if found else "",
        messages.undeclared_secret(
            subject, [*secrets.undeclared_secrets(tree(model), wire, news), ("x",)]
        ),
    ]
    assert CANARY not in repr(shown)
