"""What objects share becomes a constant, and every object still says the same."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi.adoption import naming
from egain_pulumi.adoption.constants import Arguments, share
from egain_pulumi.adoption.expressions import Code, Merged

texts = st.sampled_from(["a", "b", "a text of some length " * 4])
values = st.recursive(
    texts | st.booleans() | st.integers(0, 2),
    lambda inner: st.dictionaries(st.sampled_from("klm"), inner) | st.lists(inner, max_size=3),
    max_leaves=8,
)
objects = st.lists(st.dictionaries(st.sampled_from(["chat", "roles", "name"]), values), max_size=8)


@settings(deadline=None, derandomize=True)
@given(objects)
def test_every_object_still_says_the_same(given: list[Arguments]) -> None:
    before = copy.deepcopy(given)
    constants = {each.name: each.value for each in share(given, naming.Names())}

    def meant(value: Any) -> Any:
        match value:
            case Code(name):
                return constants[name]
            case Merged(name, entries):
                return {**meant(Code(name)), **entries}
        return value

    assert [{name: meant(value) for name, value in each.items()} for each in given] == before


def test_a_constant_is_for_what_takes_lines() -> None:
    """A short value stays where it is read; so does what refers to an object."""
    long = {"a": "x" * 50, "b": "y" * 50}
    objects: list[Arguments] = [
        {"short": {"a": "x"}, "long": dict(long), "mixed": {**long, "to": Code("bot")}}
        for _ in range(4)
    ]
    made = share(objects, naming.Names(["LONG"]))
    assert [(each.name, each.value) for each in made] == [("LONG_2", long), ("MIXED", long)]
    assert objects[0] == {
        "short": {"a": "x"},
        "long": Code("LONG_2"),
        "mixed": Merged("MIXED", {"to": Code("bot")}),
    }
