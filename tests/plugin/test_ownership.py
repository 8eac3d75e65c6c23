"""Which object belongs to which resource, as a table of what was noted and what follows."""

from __future__ import annotations

import pytest

from egain_pulumi.plugin.ownership import Ownership


@pytest.fixture
def ownership() -> Ownership:
    return Ownership()


def test_an_object_of_the_state_is_owned_until_another_resource_takes_it_over(
    ownership: Ownership,
) -> None:
    assert not ownership.owns("1")
    ownership.own("1", 'channel "a"')
    assert ownership.owns("1")
    assert not ownership.taken_over("1", 'channel "a"')
    ownership.own("1", 'channel "b"')
    assert ownership.taken_over("1", 'channel "a"')
    assert not ownership.taken_over("1", 'channel "b"')


def test_an_object_that_nobody_noted_is_not_taken_over(ownership: Ownership) -> None:
    assert not ownership.taken_over("1", 'channel "a"')


def test_a_released_object_stays_of_this_stack_and_may_be_deleted_by_anybody(
    ownership: Ownership,
) -> None:
    ownership.own("1", 'channel "a"')
    ownership.own("2", 'channel "b"')
    ownership.release('channel "a"')
    assert ownership.owns("1")
    assert not ownership.taken_over("1", 'channel "a"')
    assert ownership.taken_over("2", 'channel "a"')


def test_the_first_import_of_a_run_gets_an_object(ownership: Ownership) -> None:
    assert ownership.claim("1", "a")
    assert ownership.claim("1", "a")
    assert not ownership.claim("1", "b")


def test_the_first_declaration_of_a_unique_value_counts_kind_by_kind(ownership: Ownership) -> None:
    assert ownership.declare("channel", "sms", "urn:1") == "urn:1"
    assert ownership.declare("channel", "sms", "urn:2") == "urn:1"
    assert ownership.declare("account", "sms", "urn:2") == "urn:2"


def test_a_check_after_one_with_a_state_is_of_a_replacement_until_the_object_is_gone(
    ownership: Ownership,
) -> None:
    assert not ownership.is_replacement("urn:1")
    # An orchestration has no unique value, and is replaced all the same.
    ownership.save("urn:1", "orchestration", None)
    assert (ownership.is_replacement("urn:1"), ownership.saved("urn:1")) == (True, None)
    ownership.save("urn:1", "channel", "sms")
    assert ownership.saved("urn:1") == "sms"
    ownership.forget("urn:1")
    assert not ownership.is_replacement("urn:1")
    ownership.forget(None)  # without the host's frame nothing is known


def test_what_was_deleted_holds_its_value_no_more(ownership: Ownership) -> None:
    ownership.save("a", "channel", "1")
    ownership.declare("channel", "1", "a")
    ownership.forget("a")
    assert ownership.exchange("a", "channel") == ([], False)


CIRCLE = {"a": ("1", "2"), "b": ("2", "3"), "c": ("3", "1")}


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ({"a": ("1", "2"), "b": ("2", "1")}, (["b", "a"], True)),
        (CIRCLE, (["c", "a", "b"], True)),
        (dict(reversed(CIRCLE.items())), (["a", "b", "c"], True)),
        ({"a": ("1", "2"), "b": ("2", "3")}, (["a"], False)),
        ({"b": ("2", "3"), "a": ("1", "2")}, (["b"], False)),
        ({"b": ("2", "3"), "a": (None, "2")}, (["b"], False)),
        ({"a": (None, "2"), "b": ("2", "3")}, (["a"], False)),
        ({"a": ("1", "1"), "b": ("2", "2")}, ([], False)),
        ({"a": ("1", None), "b": ("2", "1")}, (["a"], False)),
        ({"a": ("1", "2")}, ([], False)),
    ],
)
def test_values_that_change_hands_are_seen_by_the_last_one_checked(
    checks: dict[str, tuple[str | None, str | None]],
    expected: tuple[list[str], bool],
    ownership: Ownership,
) -> None:
    for urn, (old, new) in checks.items():
        if old is not None:
            ownership.save(urn, "channel", old)
        if new is not None:
            ownership.declare("channel", new, urn)
        found = ownership.exchange(urn, "channel")
    assert found == expected
