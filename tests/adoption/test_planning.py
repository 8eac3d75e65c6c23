"""Plans: what is chosen, declared and found, and that the program says what is imported."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import egain_pulumi
from egain_pulumi.adoption.choosing import Choice
from egain_pulumi.adoption.evidence import Reading
from egain_pulumi.adoption.plan import Known, Plan, Target
from egain_pulumi.adoption.planning import plan
from egain_pulumi.engine_values import SIGNATURE
from egain_pulumi.errors import EgainError
from egain_pulumi.resources import KINDS
from egain_pulumi.schema.state import KEPT, TENANT
from tests.adoption.tenants import ICON, PASSWORD, PAYLOAD

TARGET = Target(
    entry="__main__.py",
    prefix="",
    address="https://api.example.com/v3",
    mark={"base_url": "https://api.example.com/v3"},
    providers={kind.resource: kind.resource for kind in KINDS},
)
Rows = dict[str, list[dict[str, Any]] | None]


def id_of(number: int) -> str:
    """An id as eGain makes them."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def rows() -> Rows:
    """A small hub, as lists answer it."""
    role = {"version": "v3", "callback": "https://b.example.com", "notificationEmail": "o@e.com"}
    bot = {**role, "headers": [{"name": "X-Key", "value": "k-4711"}]}
    applications = [
        {"id": id_of(1), "name": "eGain Agents", "roles": [{"name": "egain_agent", **role}]},
        {
            "id": id_of(2),
            "name": "Bot",
            "roles": [{"name": "custom_bot", **bot, "authentication": {"id": id_of(9)}}],
        },
    ]
    orders = {
        "id": id_of(6),
        "name": "orders",
        "address": "1",
        "channel": {"id": id_of(4)},
        "chatConfigurations": {"orchestration": {"id": id_of(5)}, "entryPoint": {"id": "7"}},
    }
    bots = {"id": id_of(2), "participant": {"id": id_of(3)}}
    return {
        "authentication": [
            {
                "id": id_of(9),
                "name": "Bot",
                "type": "oauth2",
                "oauth2": {"tokenRequestUrl": "https://b.example.com/t", "payload": PAYLOAD},
            },
            {
                "id": id_of(10),
                "name": "old",
                "type": "basic",
                "basicAuth": {"username": "u", "password": PASSWORD},
            },
        ],
        "client-application": applications,
        "participant": [
            {"id": id_of(3), "name": "Bot", "type": "custom_bot", "application": {"id": id_of(2)}}
        ],
        "channel": [
            {"id": id_of(4), "type": "web", "displayName": "Web", "icon": ICON},
            {"id": id_of(7), "type": "app", "displayName": "App", "icon": ICON},
        ],
        "orchestration": [
            {
                "id": id_of(5),
                "name": "first",
                "applications": {
                    "botConfiguration": {
                        "bots": [{**bots, "onEscalation": {"agent": {"id": id_of(1)}}}]
                    }
                },
            }
        ],
        "account": [orders],
    }


def planned(
    found: Rows | None = None, choice: Choice | None = None, known: Known | None = None
) -> Plan:
    """The plan for these lists."""
    return plan(found or rows(), KINDS, choice or Choice(), known or Known(), TARGET)


def names(made: Plan) -> list[str]:
    """The variables of what is adopted."""
    return [item.variable for item in made.adopted]


EVERYTHING = ["bot_auth", "old", "bot_app", "bot", "app", "web", "first", "orders"]


@pytest.mark.parametrize(
    ("choice", "adopted", "found"),
    [
        (Choice(), EVERYTHING, {"egain_agents": {"role": "egain_agent"}}),
        (Choice(kinds=KINDS[3:4]), ["app", "web"], {}),
        (Choice(names=["we?", "old"]), ["old", "web"], {}),
        (Choice(kinds=KINDS[2:3]), ["bot"], {"bot_app": {"name": "Bot"}}),
        (Choice(kinds=KINDS[5:]), ["orders"], {"web": {"type": "web"}}),
        (
            Choice(reach=["orders"]),
            [each for each in EVERYTHING if each not in ("old", "app")],
            {"egain_agents": {"role": "egain_agent"}},
        ),
    ],
)
def test_what_is_chosen_and_what_is_found(
    choice: Choice, adopted: list[str], found: dict[str, Any]
) -> None:
    made = planned(choice=choice)
    assert names(made) == adopted
    assert {i.variable: i.find for i in made.items if i.find is not None} == found
    assert made.refused == []
    said(made)


def test_an_unknown_account() -> None:
    with pytest.raises(EgainError, match='no account "nobody"; the accounts are orders'):
        planned(choice=Choice(reach=["nobody"]))


def test_what_somebody_manages_is_left_alone() -> None:
    known = Known(here={id_of(4): "chat", id_of(7): "app"}, elsewhere={id_of(5): "prod"})
    made = planned(known=known)
    assert names(made) == ["bot_auth", "old", "bot_app", "bot", "orders"]
    text = made.files["__main__.py"]
    assert f'# {id_of(4)}: channel "web", in this stack as "chat"' in text
    assert f'channel="{id_of(4)}"' in text, "of this stack, but not of this program"
    assert f'"orchestration": "{id_of(5)}"' in text, "an orchestration cannot be found"
    everything = {row["id"]: "x" for listed in rows().values() for row in listed or ()}
    assert planned(known=Known(here=everything)).files == {}


def test_equal_icons_share_a_file_which_overwrites_no_other() -> None:
    assert list(planned().icons) == ["icons/app.png"]
    there = Known(icon=lambda path: b"another" if path == "icons/app.png" else None)
    assert list(planned(known=there).icons) == ["icons/app-2.png"]


def test_names_and_keys_that_are_in_use() -> None:
    known = Known(here={id_of(99): "orders"}, keys=["botAuthPayload"])
    made = planned(known=known)
    assert [item.name for item in made.adopted if item.value == "orders"] == ["orders-2"]
    assert "botAuthPayload2" in {setting.key for setting in made.settings}


def test_a_secret_is_in_no_file_of_the_program() -> None:
    made = planned()
    assert made.shown is Reading.SHOWN
    for secret in (PASSWORD, PAYLOAD, "k-4711"):
        assert not any(secret in text for text in made.files.values())
        assert secret not in repr(made)
    sealed = [e for e in json.loads(made.import_file)["resources"] if e["name"] == "old"]
    password = sealed[0]["inputs"]["basic_auth"]["password"]
    assert password[SIGNATURE] and json.loads(password["plaintext"]) == PASSWORD
    assert sealed[0]["outputs"][TENANT] == TARGET.mark


def test_an_address_with_credentials_is_a_secret() -> None:
    found = rows()
    address = "https://hub:s3cr3t@b.example.com/callback"
    (found["client-application"] or [])[1]["roles"][0]["callback"] = address
    made = planned(found)
    assert address not in made.files["__main__.py"]
    assert 'config.require_secret("botAppCallback")' in made.files["__main__.py"]
    assert address in made.import_file and '"callback": {"4dabf' in made.import_file


@pytest.mark.parametrize(("mask", "reading"), [("****", Reading.HIDDEN), (None, Reading.LEFT_OUT)])
def test_secrets_that_are_not_shown_stay_with_egain(mask: str | None, reading: Reading) -> None:
    found = json.loads(json.dumps(rows()), object_hook=lambda each: hidden(each, mask))
    made = planned(found)
    assert made.shown is reading
    assert made.files["__main__.py"].count(": keep_secret()") == 3
    assert '"headers": {"X-Key": keep_secret()}' in made.files["__main__.py"]
    assert [setting.key for setting in made.settings if setting.secret] == []
    said(made)


def hidden(each: dict[str, Any], mask: str | None) -> dict[str, Any]:
    """An object with its secrets masked, or without them."""
    for name in ("payload", "password", "value"):
        if name in each:
            each[name] = mask
    return {name: value for name, value in each.items() if value is not None}


def test_what_a_program_cannot_declare_is_named() -> None:
    found = rows()
    (found["authentication"] or [])[0]["description"] = "x" * 2_000
    (found["participant"] or [])[0]["type"] = "oracle"
    (found["channel"] or [])[1]["icon"] = "no icon"
    (found["account"] or [])[0]["chatConfigurations"]["entryPoint"] = "1001"
    made = planned(found)
    assert [text.partition(" [")[0] for text in made.refused] == [
        'account "orders"',
        'participant "Bot"',
        'channel "app"',
    ]
    (warning,) = made.warnings
    assert warning.startswith('authentication "Bot": description: must have at most 1,023')
    assert names(made) == ["bot_auth", "old", "bot_app", "web", "first"]
    said(made)


def test_a_deleted_object_is_referred_to_by_id() -> None:
    found = rows()
    found["participant"] = []
    made = planned(found)
    (warning,) = made.warnings
    assert f"bots[0].participant: refers to {id_of(3)}, which eGain does not have" in warning
    assert made.refused == []
    said(made)


def test_authentications_that_may_not_be_read() -> None:
    found = rows()
    found["authentication"] = None
    made = planned(found)
    assert made.warnings == []
    assert made.refused == [
        "authentications: not readable without scope app.conversation.conversationmgr.manage"
    ]
    assert f'"authentication": "{id_of(9)}"' in made.files["__main__.py"]
    assert planned(found, Choice(kinds=KINDS[3:4])).refused == []


def test_a_large_program_has_a_module_for_each_kind() -> None:
    found = rows()
    bot = {"displayName": "x", "icon": ICON}
    found["channel"] = [
        *(found["channel"] or []),
        *({"id": id_of(100 + n), "type": f"c {n}", **bot} for n in range(60)),
    ]
    made = planned(found)
    assert list(made.files) == [
        "__main__.py",
        "authentications.py",
        "client_applications.py",
        "participants.py",
        "channels.py",
        "orchestrations.py",
        "accounts.py",
    ]
    assert "import channels\nimport orchestrations\n" in made.files["accounts.py"]
    assert "channel=channels.web," in made.files["accounts.py"]
    said(made)


def test_what_objects_share_is_a_constant() -> None:
    found = rows()
    first = (found["account"] or [])[0]
    chat = {"timeout": 30, "defaultLanguage": "en-US", "onAgentUnavailability": "off_hours"}
    first["chatConfigurations"] |= chat
    found["account"] = [
        first,
        *({**first, "id": id_of(100 + n), "name": f"a{n}"} for n in range(3)),
        {
            **first,
            "id": id_of(110),
            "name": "late",
            "chatConfigurations": {**first["chatConfigurations"], "timeout": 60},
        },
        {**first, "id": id_of(111), "name": "other", "chatConfigurations": {"timeout": 30}},
    ]
    made = planned(found)
    said(made)
    text = made.files["__main__.py"]
    assert (
        """
# Accounts
CHAT_CONFIGURATIONS: ChatConfigurationsArgs = {
    "timeout": 30,
    "default_language": "en-US",
    "on_agent_unavailability": "off_hours",
    "entry_point": "7",
}
"""
        in text
    )
    assert text.count('chat_configurations={**CHAT_CONFIGURATIONS, "orchestration"') == 4
    assert '{**CHAT_CONFIGURATIONS, "timeout": 60, "orchestration"' in " ".join(text.split())
    assert 'chat_configurations={"timeout": 30},' in text


def test_secrets_that_stay_with_egain_are_shared_by_none() -> None:
    found = rows()
    bots = [
        {**(found["authentication"] or [])[0], "id": id_of(200 + n), "name": f"bot {n}"}
        for n in range(4)
    ]
    for each in bots:
        each["oauth2"] = {
            **each["oauth2"],
            "method": "POST",
            "payload": "****",
            "accessTokenPath": "$.t",
            "headers": [{"name": "Content-Type", "value": "****"}],
        }
    found["authentication"] = bots
    made = planned(found, Choice(kinds=KINDS[:1]))
    said(made)
    text = made.files["__main__.py"]
    constant = text.partition("OAUTH2: OAuth2Args = {")[2].partition("}")[0]
    assert '"method": "POST"' in constant and "keep_secret" not in constant
    assert text.count('"payload": keep_secret()') == 4


def test_addresses_that_several_share_have_keys_that_tell_them_apart() -> None:
    found = rows()
    bot = (found["client-application"] or [])[1]

    def application(number: int, callback: str, email: str) -> dict[str, Any]:
        role = {**bot["roles"][0], "callback": callback, "notificationEmail": email}
        del role["authentication"]
        return {"id": id_of(300 + number), "name": f"app {number}", "roles": [role]}

    found["client-application"] = [
        application(1, "https://a.example.com", "ops@e.com"),
        application(2, "https://a.example.com", "ops@e.com"),
        application(3, "https://b.example.com", "shop@e.com"),
        application(4, "https://b.example.com", "shop@e.com"),
    ]
    made = planned(found, Choice(kinds=KINDS[1:2]))
    said(made)
    assert {each.key: each.value for each in made.settings if not each.secret} == {
        "opsEmail": "ops@e.com",
        "shopEmail": "shop@e.com",
        "app1Callback": "https://a.example.com",
        "app3Callback": "https://b.example.com",
    }


def test_modules_beside_a_program_have_names_of_their_own() -> None:
    found = rows()
    bots = ({**(found["participant"] or [])[0], "id": id_of(n), "name": f"b{n}"} for n in range(70))
    found["participant"] = list(bots)
    target = replace(TARGET, entry="adopted.py", prefix="adopted_")
    made = plan(found, KINDS, Choice(kinds=KINDS[2:3]), Known(), target)
    assert list(made.files) == [
        "adopted.py",
        "adopted_client_applications.py",
        "adopted_participants.py",
    ]
    assert "import adopted_client_applications\n" in made.files["adopted_participants.py"]


odd = st.text(st.characters(codec="utf-8"), min_size=1, max_size=255)


@settings(deadline=None, derandomize=True)
@given(st.lists(odd, min_size=5, max_size=5), st.sampled_from(["plain", "****", None]))
def test_a_program_says_what_is_imported(words: list[str], mask: str | None) -> None:
    """Whatever objects and keys are called, and whatever reads show of secrets."""
    found = rows()
    (found["authentication"] or [])[1]["name"] = words[0]
    application = (found["client-application"] or [])[1]
    application["name"] = words[1]
    application["roles"][0]["headers"] += [{"name": words[2], "value": words[3]}]
    (found["channel"] or [])[0] |= {
        "type": words[2],
        "description": words[3],
        "l10nProperties": [
            {"language": words[4], "properties": [{"name": words[0], "value": words[1]}]}
        ],
    }
    if mask != "plain":
        found = json.loads(json.dumps(found), object_hook=lambda each: hidden(each, mask))
    said(planned(found))


def said(made: Plan) -> None:
    """Run the program with stand-ins, and compare what it declares with what is imported."""
    values = {setting.key: setting.value for setting in made.settings}
    icons = [item.declared["icon"] for item in made.adopted if "icon" in item.declared]
    declared: list[Thing] = []
    config = SimpleNamespace(require=values.__getitem__, require_secret=values.__getitem__)
    scopes: dict[str, Any] = {"pulumi": SimpleNamespace(Config=lambda: config)}
    given: dict[str, Any] = {kind.resource: Stand(declared, kind.resource) for kind in KINDS}
    given |= dict.fromkeys(name for name in egain_pulumi.__all__ if name.endswith("Args"))
    given |= {"keep_secret": lambda: KEPT, "icon_file": {each["path"]: each for each in icons}.get}
    files = dict(made.files)
    order = [name for name in files if name != "__main__.py"] or ["__main__.py"]
    for file in order:
        body = ast.parse(files[file])
        body.body = [
            each for each in body.body if not isinstance(each, ast.Import | ast.ImportFrom)
        ]
        scope = {**scopes, **given}
        exec(compile(body, file, "exec"), scope)
        scopes[file.removesuffix(".py")] = SimpleNamespace(**scope)
    items = {(item.kind.resource, item.name): item for item in made.items}
    assert len(items) == len(declared) == len(made.items)
    for each in declared:
        item = items.pop((each.resource, each.name))
        each.id = item.id
        if item.find is not None:
            assert each.given == item.find
        else:
            assert same({"active": True} | dict(each.given), item.declared), each.name
    entries = json.loads(made.import_file)["resources"]
    assert [entry["id"] for entry in entries] == [item.id for item in made.items]


class Thing:
    """What a stand-in has made: a resource."""

    def __init__(self, resource: str, name: str, given: Mapping[str, Any]) -> None:
        self.resource, self.name, self.given = resource, name, given
        self.id = ""


class Stand:
    """Stands in for a resource class."""

    def __init__(self, made: list[Thing], resource: str) -> None:
        self._made, self._resource = made, resource

    def __call__(self, name: str, /, **given: Any) -> Thing:
        self._made.append(Thing(self._resource, name, given))
        return self._made[-1]

    find = __call__


def same(given: Any, stored: Any) -> bool:
    """Whether a program's value is the stored one; a reference may be a resource or an id."""
    if isinstance(given, Thing):
        return same(given.id, stored)
    if isinstance(given, str) and isinstance(stored, dict) and set(stored) == {"id"}:
        return bool(given == stored["id"])
    if isinstance(given, Mapping) and isinstance(stored, Mapping):
        return set(given) == set(stored) and all(same(given[k], stored[k]) for k in given)
    if isinstance(given, list) and isinstance(stored, list):
        return len(given) == len(stored) and all(map(same, given, stored))
    return bool(given == stored)
