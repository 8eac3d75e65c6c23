"""One sentence says what a change does, in eGain's terms."""

from __future__ import annotations

import json

import pytest

from tests.hub.builders import UNKNOWN, digest, parts, same, step
from tests.review.builders import Edit, Resources, add, analyze, both, change, inputs, put, said

ONE = '; 1 live account is affected: "orders".'
NONE = "; no live account is affected."


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda r: None, "Nothing changes in eGain."),
        (put("chat", active=False), f'Turns channel "chat" off{ONE}'),
        (lambda r: r.pop("orders"), f'Deletes account "orders"{ONE}'),
        (put("orders", name="sales"), f'Renames account "orders" to "sales"{ONE}'),
        (put("chat", type="sms"), f'Changes the type of channel "chat"{ONE}'),
        (put("chat", icon="BBBB"), f'Changes the icon of channel "chat"{ONE}'),
        (put("chat", l10n_properties={"en": {"a": "b"}}), f'Changes texts of channel "chat"{ONE}'),
        (put("auth", description="x"), f'Changes authentication "auth"{ONE}'),
        (add("Channel", "sms", type="sms", imported="type:sms"), f'Takes over channel "sms"{NONE}'),
        (add("Participant", "x", name="x", application={"id": "bot"}), f'Adds bot "x"{NONE}'),
        (lambda r: r.pop("agents"), None),
    ],
)
def test_one_change(edit: Edit, sentence: str | None) -> None:
    found = said(change(edit))
    expected = f'Removes client application "agents" from the state only{NONE}'
    assert found == (sentence or expected)


def test_an_object_is_turned_on() -> None:
    found = change(put("chat", active=True), before=put("chat", active=False))
    assert said(found) == f'Turns channel "chat" on{ONE}'
    assert not found.risks


def test_a_rotation_comes_before_other_changes() -> None:
    roles = {"custom_bot": {"headers": {"X": "a"}}}

    def rename(resources: Resources) -> None:
        inputs(resources, "bot")["name"] = "robot"

    found = change(
        rename, before=put("bot", roles=roles), diff=["name", "roles.custom_bot.headers.X"]
    )
    sentence = 'Rotates a secret of client application "bot", renames client application "bot" to '
    assert said(found).startswith(f'{sentence}"robot"; ')


def test_many_of_a_kind_are_counted_and_the_most_serious_change_is_first() -> None:
    edits = [add("Account", f"a{n}", name=f"a{n}", channel={"id": "chat"}) for n in range(4)]
    found = change(both(*edits, put("chat", active=False), put("flow", name="x")))
    assert said(found) == (
        'Turns channel "chat" off, adds 4 accounts, renames orchestration "flow" to "x"'
        '; 1 live account is affected: "orders".'
    )


def test_objects_below_a_new_object_are_counted_and_channels_named() -> None:
    text = json.dumps(parts())
    for name in ("auth", "bot", "customers", "agents", "greeter", "chat", "flow"):
        text = text.replace(f'"id": "{name}"', f'"id": "{UNKNOWN}"')
    resources = json.loads(text)
    urns = [each["urn"] for each in resources.values()]
    for each in resources.values():
        each["propertyDependencies"] = dict.fromkeys(each["inputs"], urns)
    steps = [step("create", None, each) for each in resources.values()]
    assert (
        said(analyze(digest(*steps)))
        == f'Adds account "orders" (with channel "chat" and 5 more objects){NONE}'
    )


def test_an_object_that_is_gone_is_recreated() -> None:
    resources = parts()
    gone = resources.pop("orders")
    seen = [step("refresh", each, each) for each in (*resources.values(), gone)]
    found = analyze(digest(*seen, step("create", None, gone), *same(resources)))
    assert said(found) == f'Recreates account "orders"{ONE}'
    assert [row.kind for row in found.risks] == ["gone"]
    assert found.preview.refreshed


def test_an_update_without_changes_finishes_an_earlier_one() -> None:
    resources = parts()
    steps = [step("update", resources["chat"], resources["chat"])]
    del resources["chat"]
    assert (
        said(analyze(digest(*steps, *same(resources))))
        == f'Finishes the update of channel "chat"{ONE}'
    )


def test_no_more_than_six_phrases() -> None:
    found = change(
        both(
            put("chat", active=False),
            put("auth", description="x"),
            put("flow", name="other"),
            lambda r: r.pop("agents"),
            lambda r: r.pop("customers"),
            add("Channel", "sms", type="sms", imported="type:sms"),
            add("Channel", "web", type="web"),
        )
    )
    assert said(found).count(",") == 5
    assert "touches 2 more objects; " in said(found)


def second_bot(escalation: bool) -> Edit:
    """Add another bot to the orchestration."""

    def edit(resources: Resources) -> None:
        bots = inputs(resources, "flow")["applications"]["bot_configuration"]["bots"]
        bots.append({**bots[0], "participant": {"id": UNKNOWN}})
        if not escalation:
            del bots[1]["on_escalation"]
        add("Participant", "second", name="second", application={"id": "bot"})(resources)
        depends = {"applications": [resources["second"]["urn"]]}
        resources["flow"]["propertyDependencies"] = depends

    return edit


def test_a_bot_is_added_to_accounts() -> None:
    assert said(change(second_bot(True))) == f'Adds bot "second" to "orders"{ONE}'


def test_a_new_bot_that_breaks_a_rule_is_told_twice() -> None:
    start = 'Breaks escalation in orchestration "flow", adds bot "second" to "orders"; '
    assert said(change(second_bot(False))).startswith(start)


def test_an_orchestration_is_named_if_its_new_bot_is_not() -> None:
    def elsewhere(resources: Resources) -> None:
        applications = inputs(resources, "flow")["applications"]
        add("Orchestration", "other", name="other", applications=applications)(resources)
        depends = {"applications": [resources["second"]["urn"]]}
        resources["other"]["propertyDependencies"] = depends

    start = 'Adds orchestration "other" (with 1 more object), changes orchestration "flow"; '
    assert said(change(both(second_bot(True), elsewhere))).startswith(start)
