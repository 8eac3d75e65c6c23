"""What differs in meaning, and only that."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from egain_pulumi import comparison
from egain_pulumi.errors import EgainError
from egain_pulumi.resources import KINDS
from egain_pulumi.schema.tree import to_wire
from tests.comparison.builders import KEY, NAMES, Rows, differences, ident, lines, tenant
from tests.comparison.test_documents import as_null, as_text, escaped, hidden, masked, shuffle
from tests.hub.builders import SEALED, UNKNOWN, Resource, digest, parts, state, step

Edit = Callable[[Any], Any]


def nothing(found: Rows) -> None:
    pass


def rename(found: Rows) -> None:
    found["channel"][0]["displayName"] = "Live chat"


def remove(found: Rows) -> None:
    found["account"].clear()


def second_flow(found: Rows) -> None:
    found["orchestration"][0]["active"] = False


def password(found: Rows) -> None:
    found["authentication"][0]["basicAuth"]["password"] = "s3cret-other"


def header(found: Rows) -> None:
    found["client-application"][0]["roles"][0]["headers"].append({"name": "X-B", "value": "s3cret"})


def other_channel(found: Rows) -> None:
    found["channel"].append({**found["channel"][0], "id": ident("sms"), "type": "sms"})
    found["account"][0]["channel"] = {"id": ident("sms")}


def query(found: Rows) -> None:
    found["client-application"][0]["roles"][0]["callback"] += "?key=s3cret"


def other_query(found: Rows) -> None:
    found["client-application"][0]["roles"][0]["callback"] += "?key=s3cret2"


def icon(found: Rows) -> None:
    found["channel"][0]["icon"] = "AAAB"


def no_bot(found: Rows) -> None:
    for each in found["orchestration"]:
        each["applications"]["botConfiguration"]["bots"] = []


HOSTILE = "x\x1b[31m`|<script>\u202e"


def hostile(found: Rows) -> None:
    found["channel"][0]["displayName"] = HOSTILE


@pytest.mark.parametrize("look", [nothing, shuffle, as_text, as_null, escaped])
def test_what_means_the_same_is_no_difference(look: Edit) -> None:
    found = comparison.compare(tenant(), tenant(look, prefix="x"))
    assert lines(found) == ["A and B: 8 objects equal, 0 different, 0 only in A, 0 only in B"]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (nothing, rename, ['channel "chat":', '    display_name: "Chat" → "Live chat"']),
        (nothing, remove, ['account "orders": only in A']),
        (remove, nothing, ['account "orders": only in B']),
        (nothing, second_flow, ['orchestration "flow (2)":', "    active: true → false"]),
        (
            nothing,
            password,
            [
                'authentication "auth":',
                "    basic_auth.password: [secret] → [secret] (another one)",
            ],
        ),
        (
            nothing,
            header,
            [
                'client application "bot":',
                '    roles.custom_bot.headers["x-b"]: nothing → [secret]',
            ],
        ),
        (
            nothing,
            other_channel,
            [
                'account "orders":',
                '    channel: channel "chat" → channel "sms"',
                'channel "sms": only in B',
            ],
        ),
        (
            query,
            other_query,
            [
                'client application "bot":',
                '    roles.custom_bot.callback: "https://bot.example.com/hook?…" → '
                '"https://bot.example.com/hook?…" (another one)',
            ],
        ),
        (
            nothing,
            icon,
            ['channel "chat":', "    icon: sha256 709e80c88487 → sha256 cf7605ed1bc7"],
        ),
        (
            nothing,
            hostile,
            [
                'channel "chat":',
                '    display_name: "Chat" → "x\\u001b[31m`|<script>\\u202e"',
            ],
        ),
    ],
)
def test_two_tenants(one: Edit, other: Edit, said: list[str]) -> None:
    assert sorted(differences(tenant(one), tenant(other, prefix="x"))) == sorted(said)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (tenant(), tenant(hidden), "the tenant shows no secrets"),
        (tenant(hidden), tenant(hidden), "the tenant shows no secrets"),
        (tenant(), tenant(masked), "is set on both sides, but not every value is known"),
        (tenant(), tenant(key=None), "is set on both sides, but not every value is known"),
        (tenant(), tenant(key=b"another key"), "the fingerprints have different keys"),
    ],
)
def test_secrets_that_cannot_be_compared_are_said(
    one: comparison.Document, other: comparison.Document, said: str
) -> None:
    found = lines(comparison.compare(one, other))
    assert found[0].startswith('not compared: authentication "auth": basic_auth.password')
    assert found[0].endswith(said)
    assert "8 objects equal" in found[-1]


def test_a_kind_that_one_client_may_not_read_is_not_compared() -> None:
    found = lines(comparison.compare(tenant(), tenant(unread="authentication")))
    assert found == [
        "not compared: authentications: the client may not read them in B",
        'not compared: client application "bot": roles.custom_bot.authentication: '
        "the client may not read authentications",
        "A and B: 7 objects equal, 0 different, 0 only in A, 0 only in B",
    ]


def deployed(resources: dict[str, Resource]) -> dict[str, Any]:
    """Return the lists of a tenant that has what a stack declares."""
    found: dict[str, Any] = {kind.name: [] for kind in KINDS}
    for each in resources.values():
        kind = next(k for k in KINDS if each["type"].endswith(f":{k.resource[:-8]}"))
        id = ident(each["id"])
        if "find" in each["inputs"]:
            role = {"name": "egain_agent", "version": "v3", "callback": "https://a.example"}
            found[kind.name].append({"id": id, "name": "eGain Agents", "roles": [role]})
        else:
            wire = json.dumps(to_wire(kind.tree, each["inputs"]))
            found[kind.name].append({"id": id, **json.loads(wire)})
    return found


def with_ids(resources: dict[str, Resource]) -> dict[str, Resource]:
    """Return resources whose ids are as long as eGain's."""
    text = json.dumps(resources)
    for name in resources:
        text = text.replace(f'"id": "{name}"', f'"id": "{ident(name)}"')
    return json.loads(text)  # type: ignore[no-any-return]


def stack_and_tenant(change: Edit) -> list[str]:
    """Return how a stack differs from a tenant that somebody has changed."""
    resources = with_ids(parts())
    del resources["auth"]["inputs"]["type"]
    declared = comparison.of_stack(state(resources), KINDS, KEY)
    found = deployed(resources)
    change(found)
    return lines(comparison.compare(declared, comparison.of_tenant(found, KINDS, KEY)))


def console(found: Any) -> None:
    """What nobody has declared: it is eGain's or somebody's own."""
    found["authentication"][0]["type"] = "basic"
    found["authentication"][0]["basicAuth"] = {"username": "x", "password": "s3cret"}
    found["channel"][0]["restrictions"] = {"inbound": {"features": ["text"]}}
    found["client-application"][0]["roles"][0]["headers"] = [{"name": "X", "value": "s3cret"}]


def another_bot(found: Any) -> None:
    bots = found["orchestration"][0]["applications"]["botConfiguration"]["bots"]
    bots.append(copy.deepcopy(bots[0]))


def no_agents(found: Any) -> None:
    found["client-application"] = [
        each for each in found["client-application"] if each["name"] != "eGain Agents"
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (nothing, []),
        (console, []),
        (
            another_bot,
            [
                'orchestration "flow":',
                "    applications.bot_configuration.bots[1].id: nothing → client application",
            ],
        ),
        (rename, ['channel "custom.chat":', '    display_name: "Chat" → "Live chat"']),
    ],
)
def test_a_stack_and_its_tenant(change: Edit, said: list[str]) -> None:
    found = stack_and_tenant(change)
    for start, line in zip(said, found, strict=False):
        assert line.startswith(start)
    assert said or found == ["A and B: 8 objects equal, 0 different, 0 only in A, 0 only in B"]


def test_a_stack_need_not_know_what_is_egains_own() -> None:
    resources = parts()
    del resources["agents"]
    one = comparison.of_stack(state(resources), KINDS)
    found = comparison.of_tenant(deployed(parts()), KINDS)
    assert 'client application "eGain Agents"' not in "".join(differences(one, found))


def test_a_stack_with_a_secret_and_its_tenant() -> None:
    resources = with_ids(parts())
    found = deployed(resources)
    sealed = {**SEALED, "plaintext": json.dumps("s3cret-two")}
    resources["auth"]["inputs"]["basic_auth"] = {"username": "e", "password": sealed}
    found["authentication"][0]["basicAuth"] = {"username": "e", "password": "s3cret-two"}
    one = comparison.of_stack(state(resources), KINDS, KEY)
    assert differences(one, comparison.of_tenant(found, KINDS, KEY)) == []
    found["authentication"][0]["basicAuth"]["password"] = "s3cret-three"
    assert differences(one, comparison.of_tenant(found, KINDS, KEY)) == [
        'authentication "auth":',
        "    basic_auth.password: [secret] → [secret] (another one)",
    ]


def test_what_a_program_has_made_secret() -> None:
    """A callback of `config.require_secret`: a tenant shows it, another stack has the same."""
    resources = with_ids(parts())
    found = deployed(resources)
    role = resources["bot"]["inputs"]["roles"]["custom_bot"]
    role["callback"] = {**SEALED, "plaintext": json.dumps(role["callback"])}
    one = comparison.of_stack(state(resources), KINDS, KEY)
    assert lines(comparison.compare(one, comparison.of_tenant(found, KINDS, KEY))) == [
        'not compared: client application "bot": roles.custom_bot.callback: is secret on one side',
        "A and B: 8 objects equal, 0 different, 0 only in A, 0 only in B",
    ]
    assert len(lines(comparison.compare(one, one))) == 1
    role["callback"]["plaintext"] = json.dumps("https://other.example")
    other = comparison.of_stack(state(resources), KINDS, KEY)
    assert differences(one, other)[1].endswith("callback: [secret] → [secret] (another one)")


def test_a_preview_and_a_tenant() -> None:
    resources = with_ids(parts())
    found = deployed(resources)
    shown = copy.deepcopy(resources)
    shown["chat"]["inputs"]["display_name"] = UNKNOWN
    shown["orders"]["inputs"]["address"] = "2"
    steps = [
        step("update" if n in ("chat", "orders") else "same", resources[n], r)
        for n, r in shown.items()
    ]
    one = comparison.of_preview(digest(*steps), KINDS)
    assert lines(comparison.compare(one, comparison.of_tenant(found, KINDS))) == [
        'account "orders":',
        '    address: "2" → "1"',
        'not compared: channel "custom.chat": display_name: is only known at pulumi up',
        'not compared: orchestration "flow": '
        "applications.bot_configuration.bots[0].on_escalation.agent: "
        "leads to a client application outside the stack",
        "A and B: 6 objects equal, 1 different, 0 only in A, 0 only in B",
    ]


ALLOW = """
[[allow]]
kind = "channel"
path = "display_*"
because = "Each has its own."

[[allow]]
name = "ord*"
because = "Not yet live."

[[allow]]
kind = "participant"
because = "Old."
"""


def test_what_may_differ_is_shown_with_its_reason_and_unused_entries_too() -> None:
    def both(found: Rows) -> None:
        rename(found)
        remove(found)
        icon(found)

    found = comparison.compare(tenant(), tenant(both))
    assert lines(found, comparison.allowances(ALLOW, NAMES)) == [
        'channel "chat":',
        "    icon: sha256 709e80c88487 → sha256 cf7605ed1bc7",
        'allowed: channel "chat": display_name [Each has its own.]',
        'allowed: account "orders": only in A [Not yet live.]',
        "compare.toml: allows nothing: participant *",
        "A and B: 6 objects equal, 1 different, 0 only in A, 0 only in B, 2 differences allowed",
    ]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[[allow", "compare.toml: not valid TOML"),
        ("x = 1", "compare.toml: only [[allow]] entries are allowed"),
        (
            '[[allow]]\nkind = "chanel"\nbecause = "x"',
            "compare.toml: allow 1: unknown kind 'chanel'",
        ),
        ('[[allow]]\npaths = "x"', "compare.toml: allow 1: unknown key 'paths'"),
        ('[[allow]]\nkind = "channel"', "compare.toml: allow 1: because is missing"),
        ('[[allow]]\nbecause = "x"', "compare.toml: allow 1: allows everything"),
        ("[[allow]]\nkind = 1", "compare.toml: allow 1: must have only texts"),
    ],
)
def test_mistakes_in_the_file(toml: str, said: str) -> None:
    with pytest.raises(EgainError) as raised:
        comparison.allowances(toml, NAMES)
    assert str(raised.value).startswith(said)
