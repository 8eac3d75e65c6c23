"""Rows of risk, and the accounts that they affect."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi import hub, keep_secret, review
from tests.hub.builders import SEALED, UNKNOWN
from tests.review.builders import (
    Edit,
    Resources,
    add,
    analyze,
    both,
    change,
    inputs,
    preview,
    put,
)


def rows(found: review.Review) -> list[tuple[str, str, list[str], list[str]]]:
    """Return kind, object, accounts and channels of each row."""
    return [
        (
            row.rule or row.kind.value,
            row.object.name,
            [each.name for each in row.accounts],
            [each.name for each in row.channels],
        )
        for row in found.risks
    ]


def escalation(resources: Resources) -> Any:
    """Return the first bot of the orchestration."""
    return inputs(resources, "flow")["applications"]["bot_configuration"]["bots"][0]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (put("chat", active=False), [("turned-off", "chat", ["orders"], ["chat"])]),
        (put("auth", active=False), [("turned-off", "auth", ["orders"], ["chat"])]),
        (put("chat", active=UNKNOWN), [("turned-off", "chat", ["orders"], ["chat"])]),
        (
            lambda r: escalation(r).pop("on_escalation"),
            [("escalation-target", "flow", ["orders"], ["chat"])],
        ),
        (put("chat", display_name="x"), []),
        (add("Channel", "x", type="x"), [("orphan", "x", [], [])]),
        (lambda r: r.pop("agents"), []),
    ],
)
def test_one_change(edit: Edit, expected: Any) -> None:
    assert rows(change(edit)) == expected


def test_a_deleted_account_affects_itself_and_leaves_orphans() -> None:
    found = change(both(lambda r: r.pop("orders"), add("Account", "b", name="b", active=True)))
    deleted, *rest = rows(found)
    assert deleted == ("deleted", "orders", ["orders"], ["chat"])
    assert {(rule, name) for rule, name, _, _ in rest} == {
        ("account-orchestration", "b"),
        *(("orphan", name) for name in ("auth", "bot", "customers", "greeter", "chat", "flow")),
    }
    assert "customers' messages to it reach nobody" in review.markdown(found)


def test_a_replacement_affects_accounts_that_reached_the_old_object() -> None:
    def new_id(resources: Resources) -> None:
        bot = resources["bot"]
        inputs(resources, "bot")["roles"]["custom_bot"]["authentication"] = {"id": UNKNOWN}
        bot["propertyDependencies"] = {"roles": [resources["auth"]["urn"]]}

    assert rows(change(new_id, replaced=["auth"])) == [("replaced", "auth", ["orders"], ["chat"])]


def test_turning_off_an_unreached_object_is_no_risk() -> None:
    idle = both(add("Channel", "x", type="x"), put("x", active=True))
    assert rows(change(put("x", active=False), before=idle)) == []


def test_a_rule_that_was_broken_before_is_no_risk() -> None:
    broken = put("customers", active=False)
    assert rows(change(put("chat", display_name="x"), before=broken)) == []
    assert rows(change(put("customers", active=False))) == [
        ("turned-off", "customers", ["orders"], ["chat"])
    ]


def test_a_changed_secret_is_a_risk_and_a_new_one_is_not() -> None:
    def headers(**values: str) -> Edit:
        return lambda r: inputs(r, "bot")["roles"]["custom_bot"].update(headers=values)

    path = 'roles.custom_bot.headers["X-A"]'
    old = headers(**{"X-A": "1", "X-B": "2"})
    found = change(lambda r: None, before=old, diff=[path])
    assert rows(found) == [("secret-rotated", "bot", ["orders"], ["chat"])]
    assert found.risks[0].secrets == (("roles", "custom_bot", "headers", "X-A"),)
    same = {p.path[-1]: p.same for c in found.changes for p in c.properties}
    assert same == {"X-A": False, "X-B": True}
    new = headers(**{"X-A": "1", "X-B": "2", "X-C": "3"})
    assert rows(change(new, before=old, diff=['roles.custom_bot.headers["X-C"]'])) == []
    assert rows(change(headers(**{"X-A": "1"}), before=old)) == [
        ("secret-rotated", "bot", ["orders"], ["chat"])
    ]
    assert rows(change(put("bot", secrets_version=2))) == [
        ("secret-rotated", "bot", ["orders"], ["chat"])
    ]


def test_an_import_that_sends_secrets_is_a_risk() -> None:
    there = {"name": "x", "imported": "name:x", "basic_auth": {"password": SEALED}}
    asked = add("Authentication", "x", **there, secrets_version=1)
    [row] = [row for row in change(asked).risks if row.rule is None]
    assert (row.kind.value, row.secrets) == ("secret-overwritten", (("basic_auth", "password"),))
    assert "**imports, and overwrites a secret** of" in review.markdown(change(asked))
    kept = add("Authentication", "x", **there | {"basic_auth": {"password": keep_secret()}})
    for harmless in (add("Authentication", "x", **there), kept):
        assert [row.kind.value for row in change(harmless).risks if row.rule is None] == []


def test_a_secret_that_is_left_to_egain_is_not_rotated() -> None:
    def headers(value: Any) -> Edit:
        return lambda r: inputs(r, "bot")["roles"]["custom_bot"].update(headers={"X-A": value})

    diff = ['roles.custom_bot.headers["X-A"]']
    assert rows(change(headers(keep_secret()), before=headers(SEALED), diff=diff)) == []
    back = change(headers(SEALED), before=headers(keep_secret()), diff=diff)
    assert rows(back) == [("secret-rotated", "bot", ["orders"], ["chat"])]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (both(lambda r: r.pop("x"), put("chat", type="x")), ["chat"]),
        (both(lambda r: r.pop("x"), add("Channel", "y", type="x")), ["y"]),
        (both(put("x", type="y"), put("chat", type="x")), ["chat"]),
        (both(put("x", type="y"), put("chat", type="z")), []),
        (lambda r: r.pop("x"), []),
    ],
)
def test_a_value_that_another_object_still_has_is_a_risk(edit: Edit, expected: list[str]) -> None:
    found = change(edit, before=add("Channel", "x", type="x"))
    taken = [row for row in found.risks if row.kind.value == "name-taken"]
    assert [row.object.name for row in taken] == expected
    assert {(row.path, row.text) for row in taken} <= {(("type",), 'channel "x"')}
    assert review.markdown(found).count("**takes a value in use**") == len(expected)


def test_a_silenced_finding_is_no_risk() -> None:
    text = preview(add("Channel", "x", type="x"))
    silence = hub.Silence("orphan", because="Opens in May.", object="x")
    assert rows(analyze(text)) != []
    assert rows(analyze(text, [silence])) == []


def test_a_new_account_is_not_live_yet() -> None:
    flow = {"orchestration": {"id": "flow"}}
    new = add("Account", "b", name="b", channel={"id": "chat"}, chat_configurations=flow)
    found = change(both(new, put("chat", display_name="x")))
    assert [each.name for each in found.accounts] == ["orders"]
