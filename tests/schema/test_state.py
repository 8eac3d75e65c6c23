"""What `check` reports and keeps, and what `diff` concludes."""

from __future__ import annotations

from typing import Any, cast

import pytest
from pulumi.output import Unknown

from egain_pulumi.resources.account import AccountModel
from egain_pulumi.resources.authentication import AuthenticationModel
from egain_pulumi.resources.channel import ChannelModel
from egain_pulumi.resources.client_application import ClientApplicationModel
from egain_pulumi.resources.orchestration import OrchestrationModel
from egain_pulumi.resources.participant import ParticipantModel
from egain_pulumi.schema import arguments, complaint, diff, secrets, state
from egain_pulumi.schema.arguments import validate_extra
from egain_pulumi.schema.complaint import UNKNOWN, Code, Complaint, Weight
from egain_pulumi.schema.icon import digest
from egain_pulumi.schema.model import Model
from egain_pulumi.schema.tree import tree
from tests import specimens

NOT_YET: Any = cast("Any", Unknown)()
"""What the engine's values are before they are known."""
AUTH: dict[str, Any] = dict(specimens.AUTHENTICATION.full)
CHANNEL: dict[str, Any] = dict(specimens.CHANNEL.full)
ACCOUNT: dict[str, Any] = dict(specimens.ACCOUNT.full)
BOT: dict[str, Any] = dict(specimens.PARTICIPANT.full)


def texts(model: type[Model], declared: dict[str, Any]) -> list[str]:
    return [str(c) for c in arguments.validate(model, declared)]


@pytest.mark.parametrize(
    "model",
    [
        AuthenticationModel,
        ClientApplicationModel,
        ParticipantModel,
        ChannelModel,
        OrchestrationModel,
        AccountModel,
    ],
)
def test_every_kind_has_extra_and_so_may_have_secrets(model: type[Model]) -> None:
    own = ("extra", "secrets_version")
    assert arguments.argument_names(model) == (*model.model_fields, *own)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("displayName", "displayName: unknown argument; did you mean display_name?"),
        ("l10nProperties", "l10nProperties: unknown argument; did you mean l10n_properties?"),
        ("color", "color: unknown argument; the arguments are type, display_name, icon, "
         "restrictions, l10n_properties, description, active, extra, secrets_version"),
    ],
)  # fmt: skip
def test_an_unknown_argument_joins_the_report(name: str, text: str) -> None:
    assert texts(ChannelModel, {**CHANNEL, name: 1}) == [text]


def test_everything_that_is_wrong_is_reported_at_once() -> None:
    wrong = {"type": "", "display_name": 5, "colour": "red", "extra": {"icon": ""}}
    assert texts(ChannelModel, wrong) == [
        "type: must not be empty",
        "display_name: expects text",
        "icon: is required",
        "colour: unknown argument; the arguments are type, display_name, icon, restrictions, "
        "l10n_properties, description, active, extra, secrets_version",
        "extra.icon: use the argument icon instead",
    ]


@pytest.mark.parametrize(
    ("model", "extra", "texts"),
    [
        (AccountModel, None, []),
        (AccountModel, UNKNOWN, []),
        (AccountModel, {"attributes": [{"name": "a", "value": UNKNOWN}]}, []),
        (AccountModel, {"chatConfigurations": {"color": "red"}}, []),
        (AccountModel, [], ["extra: expects a mapping with eGain's names"]),
        (AccountModel, {"name": "x"}, ["extra.name: use the argument name instead"]),
        (AccountModel, {"channel": {"id": "x"}},
         ["extra.channel: use the argument channel instead"]),
        (AccountModel, {"chatConfigurations": {"entryPoint": {"id": "1"}}},
         ["extra.chatConfigurations.entryPoint: use the argument chat_configurations.entry_point "
          "instead"]),
        (AccountModel, {"chatConfigurations": UNKNOWN},
         ["extra.chatConfigurations: use the argument chat_configurations instead"]),
        (ClientApplicationModel, {"roles": []},
         ["extra.roles: use the argument roles instead"]),
        (ChannelModel, {"l10nProperties": []},
         ["extra.l10nProperties: use the argument l10n_properties instead"]),
        (AccountModel, {"id": "x", "created": 1, "modified": 2},
         [f"extra.{n}: is set by eGain; leave it out" for n in ("id", "created", "modified")]),
        (AccountModel, {"chatConfigurations": {"id": "x"}}, []),
    ],
)  # fmt: skip
def test_extra_may_not_say_what_an_argument_says(
    model: type[Model], extra: Any, texts: list[str]
) -> None:
    said = list(validate_extra(model, extra))
    assert [str(c) for c in said] == texts
    assert {c.weight for c in said} <= {Weight.MISTAKE}


@pytest.mark.parametrize("version", [1, 1.0, 0, -3, UNKNOWN, None])
def test_a_whole_secrets_version_is_fine(version: Any) -> None:
    assert texts(AuthenticationModel, {**AUTH, "secrets_version": version}) == []


@pytest.mark.parametrize("version", ["1", 1.5, True, [], float("nan"), float("inf")])
def test_any_other_secrets_version_is_a_mistake(version: Any) -> None:
    declared = {**AUTH, "secrets_version": version}
    assert texts(AuthenticationModel, declared) == ["secrets_version: expects a whole number"]


def test_validation_warn_turns_documented_limits_into_warnings_and_nothing_else() -> None:
    found = [Complaint((weight.value,), Code.RULE, "text", weight) for weight in Weight]
    mistake, limit, advice = found
    assert complaint.errors_and_warnings(found, "error") == ([mistake, limit], [advice])
    assert complaint.errors_and_warnings(found, "warn") == ([mistake], [limit, advice])


def test_the_same_complaint_twice_stays_twice() -> None:
    twice = [Complaint(("a",), Code.RULE, "text", Weight.LIMIT)] * 2
    assert complaint.errors_and_warnings(twice, "warn") == ([], twice)


def test_normalize_removes_internal_and_unknown_names_and_adds_nothing() -> None:
    inputs = {"name": "a", "_program": {"said": []}, "__provider": "x", "colour": 1}
    assert state.normalize(AccountModel, inputs) == {"name": "a"}
    kept = {"extra": {"a": 1}, "secrets_version": 2}
    assert state.normalize(AuthenticationModel, kept) == kept
    assert state.normalize(AccountModel, {"find": {"name": "a"}}) == {"find": {"name": "a"}}
    assert state.normalize(AccountModel, {"get": True}) == {"get": True}


def features(words: Any) -> dict[str, Any]:
    return {"restrictions": {"inbound": {"features": words}}}


def test_normalize_sorts_words_and_drops_repetitions() -> None:
    assert state.normalize(ChannelModel, features(["b", "a", "b"])) == features(["a", "b"])


def test_normalize_leaves_words_as_written_while_one_is_unknown() -> None:
    words = ["b", NOT_YET, "a"]
    assert state.normalize(ChannelModel, features(words)) == features(words)


def test_normalize_keeps_the_order_of_lists_that_may_mean_something() -> None:
    assert state.normalize(ParticipantModel, BOT)["intents"] == BOT["intents"]


def test_normalize_makes_whole_floats_integers_and_leaves_the_rest() -> None:
    def chat(number: Any) -> dict[str, Any]:
        return {"chat_configurations": {"timeout": number}, "extra": {"a": [number]}}

    numbers = state.normalize(AccountModel, chat(30.0))
    assert numbers == chat(30)
    assert type(numbers["chat_configurations"]["timeout"]) is int
    assert type(numbers["extra"]["a"][0]) is int
    assert state.normalize(AccountModel, chat(1.5)) == chat(1.5)
    assert state.normalize(AccountModel, chat(True)) == chat(True)
    assert type(state.normalize(AccountModel, chat(True))["chat_configurations"]["timeout"]) is bool


def roles(**headers: Any) -> dict[str, Any]:
    return {"roles": {"customer": {"headers": headers}}}


ICON_FILE = {"path": "icons/a.png", "sha256": digest(specimens.ICON)}
EQUAL: list[tuple[str, type[Model], dict[str, Any], dict[str, Any]]] = [
    ("header names in another case", ClientApplicationModel, roles(Accept="a"), roles(accept="a")),
    ("header names in another order", ClientApplicationModel, roles(A="1", B="2"),
     roles(B="2", A="1")),
    ("words in another order", ChannelModel, features(["a", "b"]), features(["b", "a", "b"])),
    ("5 and 5.0", AccountModel, {"chat_configurations": {"timeout": 5}},
     {"chat_configurations": {"timeout": 5.0}}),
    ("secrets_version 1 and 1.0", AuthenticationModel, {"secrets_version": 1},
     {"secrets_version": 1.0}),
    ("a missing field and None", AccountModel, {"description": None}, {}),
    ("the same icon wrapped at another column", ChannelModel, {"icon": specimens.ICON},
     {"icon": specimens.ICON[:40] + "\n" + specimens.ICON[40:]}),
    ("internal names", AccountModel, {"name": "a", "_tenant": {}}, {"name": "a", "_program": {}}),
]  # fmt: skip
CHANGED: list[tuple[str, type[Model], dict[str, Any], dict[str, Any]]] = [
    ("a value", AccountModel, {"name": "a"}, {"name": "b"}),
    ("a field that leaves", AccountModel, {"description": "a"}, {}),
    ("a field that comes", AccountModel, {}, {"description": "a"}),
    ("the switch", AccountModel, {"active": True}, {"active": False}),
    ("True and 1", AccountModel, {"active": True}, {"active": 1}),
    ("False and 0", AccountModel, {"active": False}, {"active": 0}),
    ("5 and text", AccountModel, {"chat_configurations": {"timeout": 5}},
     {"chat_configurations": {"timeout": "5"}}),
    ("the value of a header", ClientApplicationModel, roles(A="1"), roles(A="2")),
    ("a header that leaves", ClientApplicationModel, roles(A="1", B="2"), roles(A="1")),
    ("keys that are no header names in another case", ParticipantModel, {"options": {"A": "1"}},
     {"options": {"a": "1"}}),
    ("a word", ChannelModel, features(["a"]), features(["a", "b"])),
    ("the order of intents", ParticipantModel, {"intents": BOT["intents"]},
     {"intents": BOT["intents"][::-1]}),
    ("the bytes of an icon", ChannelModel, {"icon": specimens.ICON}, {"icon": "AAAA"}),
    ("the form of an icon", ChannelModel, {"icon": specimens.ICON}, {"icon": ICON_FILE}),
    ("the path of an icon", ChannelModel, {"icon": ICON_FILE},
     {"icon": {**ICON_FILE, "path": "icons/b.png"}}),
    ("a reference", AccountModel, {"channel": {"id": "a"}}, {"channel": {"id": "b"}}),
    ("extra", AccountModel, {"extra": {"a": 1}}, {"extra": {"a": True}}),
    ("extra that comes", AccountModel, {}, {"extra": {"a": 1}}),
    ("secrets_version", AuthenticationModel, {"secrets_version": 1}, {"secrets_version": 2}),
    ("a criterion", AccountModel, {"find": {"name": "a"}}, {"find": {"name": "b"}}),
    ("found and declared", AccountModel, {"find": {"name": "a"}}, {"name": "a"}),
    ("a value that is not known yet", AccountModel, {"name": "a"}, {"name": NOT_YET}),
    ("an unknown word", ChannelModel, features(["a"]), features(["a", NOT_YET])),
    ("an unknown id", AccountModel, {"channel": {"id": "a"}}, {"channel": {"id": NOT_YET}}),
    ("an unknown header", ClientApplicationModel, roles(A="1"), roles(A=NOT_YET)),
    ("an unknown mapping", ChannelModel, {"restrictions": {}}, {"restrictions": NOT_YET}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "olds", "news"), [pytest.param(*case, id=name) for name, *case in EQUAL]
)
def test_what_is_equal_to_eGain_is_no_change(model: type[Model], olds: Any, news: Any) -> None:
    assert not diff.differs(model, olds, news)
    assert not diff.differs(model, news, olds)


@pytest.mark.parametrize(
    ("model", "olds", "news"), [pytest.param(*case, id=name) for name, *case in CHANGED]
)
def test_what_is_different_is_a_change(model: type[Model], olds: Any, news: Any) -> None:
    assert diff.differs(model, olds, news)
    assert diff.differs(model, news, olds)


def test_an_unknown_value_differs_even_from_itself() -> None:
    unknown = {"name": NOT_YET}
    assert diff.differs(AccountModel, unknown, unknown)


def auth(**changes: Any) -> dict[str, Any]:
    return {**AUTH, "oauth2": {**AUTH["oauth2"], **changes}}


@pytest.mark.parametrize(
    ("news", "changed"),
    [
        pytest.param(AUTH, False, id="nothing"),
        pytest.param(auth(method="GET"), False, id="a field that is no secret"),
        pytest.param(auth(payload="x"), True, id="the payload"),
        pytest.param(auth(headers={"accept": "application/json", "X-KEY": "key-of-the-bot"}),
                     False, id="the case of header names"),
        pytest.param(auth(headers={"Accept": "application/json"}), True, id="a header that left"),
        pytest.param(auth(headers={**AUTH["oauth2"]["headers"], "B": "2"}), True, id="a header"),
        pytest.param({**AUTH, "secrets_version": 1}, True, id="the version"),
        pytest.param({**AUTH, "extra": {"a": 1}}, True, id="extra"),
    ],
)  # fmt: skip
def test_secrets_are_sent_again_when_one_of_them_changed(news: Any, changed: bool) -> None:
    assert diff.secrets_changed(AuthenticationModel, AUTH, news) is changed


def test_every_declared_secret_is_found_by_its_path() -> None:
    model = {"Authentication": AuthenticationModel, "ClientApplication": ClientApplicationModel}
    for specimen in (*specimens.SPECIMENS, *specimens.VARIANTS):
        if specimen.noun not in model:
            continue
        found = secrets.declared_secrets(tree(model[specimen.noun]), specimen.full)
        expected = {tuple(s.lower() for s in path) for path in specimen.secrets}
        assert {tuple(str(s).lower() for s in path) for path in found} == expected
