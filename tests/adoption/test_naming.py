"""Names of variables, logical names and keys from whatever an object is called."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi.adoption import naming


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Order Bot", "order-bot"),
        ("eGain Agents", "egain-agents"),
        ("orderBot2Go", "order-bot2-go"),
        ("Orders (EU)!", "orders-eu"),
        ("custom.web", "custom-web"),
        ("Ünïcode Straße", "unicode-strae"),
        ("订单", ""),
        ("🤖", ""),
        ("مرحبا", ""),
        ('{braces} \'n "quotes"', "braces-n-quotes"),
        ("x" * 255, "x" * naming.LONGEST),
        (f"{'x' * (naming.LONGEST - 1)} y", "x" * (naming.LONGEST - 1)),
    ],
)
def test_words(value: str, expected: str) -> None:
    assert naming.slug(value) == expected


@pytest.mark.parametrize(
    ("name", "shared", "expected"),
    [
        ("order-bot", False, "order_bot"),
        ("order-bot", True, "order_bot_channel"),
        ("web-channel", True, "web_channel"),
        ("class", False, "class_channel"),
        ("match", False, "match_channel"),
        ("print", False, "print_channel"),
        ("config", False, "config_channel"),
        ("channels", False, "channels_channel"),
        ("123", False, "channel_123"),
        ("channel", False, "channel"),
    ],
)
def test_a_variable(name: str, shared: bool, expected: str) -> None:
    found = naming.variable(name, "channel", shared=shared, modules=["channels"])
    assert found == expected


@settings(deadline=None, derandomize=True)
@given(st.lists(st.text(max_size=255), max_size=20))
def test_any_names_become_different_identifiers(values: list[str]) -> None:
    logical, variables = naming.Names(), naming.Names()
    for value in values:
        name = logical.free(naming.logical(value, "client application"))
        found = variables.free(naming.variable(name, "client application", shared=False), "_")
        assert found.isidentifier() and found.isascii()
        assert not keyword.iskeyword(found) and not keyword.issoftkeyword(found)


def test_names_that_are_equal_after_cleaning_are_numbered() -> None:
    names = naming.Names(["orders"])
    assert [names.free("orders") for _ in range(2)] == ["orders-2", "orders-3"]


def test_a_key() -> None:
    assert naming.key("bot-auth", "header", "X-Tenant") == "botAuthHeaderXTenant"
    assert naming.key("", "订单") == "value"
