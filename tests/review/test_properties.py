"""The changes of an object, property by property, and the format of values."""

from __future__ import annotations

import json
from typing import Any

import pytest

from egain_pulumi import review
from egain_pulumi.review.markup import LONGEST
from egain_pulumi.review.properties import engine_path
from tests.hub.builders import UNKNOWN, resource
from tests.review.builders import Edit, Resources, both, change, inputs, put

HASH = {"path": "icons/a.png", "sha256": "0123456789abcdef" * 4}


def lines(found: review.Review) -> list[str]:
    """Return the lines about properties in a report."""
    text = review.markdown(found).partition("### Changes")[2].partition("<details>")[0]
    return [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"display_name": "Live"}, '`display_name`: `"Chat"` → `"Live"`'),
        ({}, {"description": "x"}, '`description`: not declared → `"x"`'),
        ({"description": "x"}, {"description": None}, '`description`: `"x"` → not declared'),
        ({}, {"icon": HASH}, "→ `icons/a.png (sha256 0123456789ab)`"),
        ({}, {"display_name": UNKNOWN}, '`display_name`: `"Chat"` → `(known at up)`'),
        (
            {"restrictions": {"inbound": {"features": ["a"]}}},
            {"restrictions": {"inbound": {"features": ["a", "b"]}}},
            '`restrictions.inbound.features`: `["a"]` → `["a", "b"]`',
        ),
        (
            {"l10n_properties": {"en-US": {"a": "1", "b": "2"}}},
            {"l10n_properties": {"en-US": {"a": "1", "b": "3"}}},
            '`l10n_properties["en-US"].b`: `"2"` → `"3"`',
        ),
    ],
)
def test_one_property(before: Any, after: Any, expected: str) -> None:
    def edit(resources: Resources) -> None:
        declared = inputs(resources, "chat")
        for key, value in after.items():
            declared[key] = value
            if value is None:
                del declared[key]

    (line,) = lines(change(edit, before=put("chat", **before)))
    assert line.endswith(expected)


def test_an_address_is_shown_without_what_may_be_a_key() -> None:
    def callback(address: str) -> Edit:
        return lambda r: inputs(r, "bot")["roles"]["custom_bot"].update(callback=address)

    old, new = (f"https://hub:canary@bot.example.com/x?code=canary{n}" for n in (1, 2))
    found = change(callback(new), before=callback(old))
    (line,) = lines(found)
    shown = '"https://bot.example.com/x?…"'
    assert line == f"`roles.custom_bot.callback`: `{shown}` → `{shown} (another user or query)`"
    assert "canary" not in json.dumps(review.document(found)) + review.markdown(found)


def test_an_item_in_front_of_a_list_changes_one_item() -> None:
    one, two = ({"value": n, "display_value": n.title()} for n in ("one", "two"))
    found = change(put("greeter", intents=[two, one]), before=put("greeter", intents=[one]))
    assert lines(found) == [
        '`intents[0].value`: not declared → `"two"`',
        '`intents[0].display_value`: not declared → `"Two"`',
    ]


def test_references_are_shown_by_name() -> None:
    def second(resources: Resources) -> None:
        resources["web"] = resource("Channel", "web", {"active": True, "type": "web"})

    found = change(put("orders", channel={"id": "web"}), before=second)
    assert lines(found) == ['`channel`: `channel "chat"` → `channel "web"`']
    elsewhere = change(put("orders", channel={"id": "9" * 36}))
    assert lines(elsewhere) == [f'`channel`: `channel "chat"` → `{"9" * 36}`']


def test_a_new_id_with_the_same_name_is_shown() -> None:
    def new_id(resources: Resources) -> None:
        inputs(resources, "orders")["channel"] = {"id": UNKNOWN}
        resources["orders"]["propertyDependencies"] = {"channel": [resources["chat"]["urn"]]}

    found = change(new_id, replaced=["chat"])
    assert '`channel`: `channel "chat"` → `channel "chat" (its new id)`' in lines(found)


def test_a_console_object_is_a_plain_value() -> None:
    def entry(id: str) -> Edit:
        return lambda r: inputs(r, "orders")["chat_configurations"].update(entry_point={"id": id})

    found = change(entry("2"), before=entry("1"))
    assert lines(found) == ['`chat_configurations.entry_point`: `{"id": "1"}` → `{"id": "2"}`']


def test_long_texts_are_cut_around_their_difference() -> None:
    start = "We are closed. " * 40
    found = change(
        put("chat", display_name=f"{start}until Monday"),
        before=put("chat", display_name=f"{start}until Sunday"),
    )
    (line,) = lines(found)
    assert 'until Sunday"`' in line
    assert 'until Monday"`' in line
    assert len(line) < 3 * LONGEST
    assert "…" in line


def test_deleted_and_forgotten_objects_show_no_properties() -> None:
    found = change(both(lambda r: r.pop("orders"), lambda r: r.pop("agents")))
    assert lines(found) == []
    assert [each.properties for each in found.changes] == [(), ()]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("oauth2", "payload"), "oauth2.payload"),
        (("headers", "X-A"), 'headers["X-A"]'),
        (("headers", 'a"b\\'), 'headers["a\\"b\\"]'),
        (("headers", "é"), 'headers["é"]'),
        (("bots", 0, "id"), "bots[0].id"),
    ],
)
def test_paths_are_written_as_the_engine_writes_them(
    path: tuple[str | int, ...], text: str
) -> None:
    assert engine_path(path) == text


def test_a_path_with_the_same_start_is_another_path() -> None:
    def headers(resources: Resources) -> None:
        roles = inputs(resources, "bot")["roles"]["custom_bot"]
        roles["headers"] = {"A": "1", "AB": "2"}

    found = change(lambda r: None, before=headers, diff=["roles.custom_bot.headers.AB"])
    assert {p.path[-1]: p.same for c in found.changes for p in c.properties} == {
        "A": True,
        "AB": False,
    }
    above = change(lambda r: None, before=headers, diff=["roles.custom_bot"])
    assert not any(p.same for c in above.changes for p in c.properties)
