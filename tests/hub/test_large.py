"""Hubs of many objects: independent of the order in the document, and walked only once."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from egain_pulumi import hub, review
from egain_pulumi.resources import KINDS
from tests.hub.builders import Resource, digest, of, parts, resource, same, step
from tests.hub.test_pictures import large
from tests.review.builders import analyze

COMMENT = 65_536
"""The limit of a comment on GitHub, in characters."""


def pairs(count: int) -> dict[str, Resource]:
    """Return channels, each with an account."""
    resources = parts()
    for n in range(count):
        channel = {"active": True, "type": f"custom.{n}", "display_name": f"Channel {n}"}
        resources[f"c{n}"] = resource("Channel", f"c{n}", channel)
        chats = {"orchestration": {"id": "flow"}, "timeout": 30}
        account = {
            "active": True,
            "name": f"a{n}",
            "address": f"{n}",
            "channel": {"id": f"c{n}"},
            "chat_configurations": chats,
        }
        resources[f"a{n}"] = resource("Account", f"a{n}", account)
    return resources


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_a_document_changes_nothing(seed: int) -> None:
    resources = pairs(10)
    new = {**resources["a3"], "inputs": {**resources["a3"]["inputs"], "address": "new"}}
    made = [resource("Channel", name, {"active": True, "type": name}) for name in ("z", "y", "x")]
    steps = [
        step("update", resources.pop("a3"), new),
        step("delete", resources.pop("a5"), None),
        *(step("create", None, each) for each in made),
        *same(resources),
    ]
    shuffled = random.Random(seed).sample(steps, len(steps))
    one, other = hub.preview(digest(*steps), KINDS), hub.preview(digest(*shuffled), KINDS)
    for before, after in ((one.before, other.before), (one.after, other.after)):
        assert list(before.objects) == list(after.objects)
        assert before.edges == after.edges
    assert list(one.steps) == list(other.steps)
    both = [analyze(digest(*each)) for each in (steps, shuffled)]
    assert review.markdown(both[0]) == review.markdown(both[1])


def test_objects_are_sorted_by_kind_and_name() -> None:
    resources = pairs(3)
    backwards = dict(reversed(resources.items()))
    found = [(o.kind.resource, o.name) for o in of(backwards).objects.values()]
    order = [kind.resource for kind in KINDS]
    assert found == sorted(found, key=lambda each: (order.index(each[0]), each[1]))


class Counted(dict[str, Any]):
    """Counts how often it is iterated over."""

    looks = 0

    def __iter__(self) -> Iterator[str]:
        self.looks += 1
        return super().__iter__()

    def values(self) -> Any:
        self.looks += 1
        return super().values()


def test_hundreds_of_questions_do_not_iterate_over_the_hub_again() -> None:
    whole = large(500)
    counted = Counted(whole.objects)
    asked = hub.Hub(counted, whole.edges)

    def ask(keys: list[str]) -> int:
        before = counted.looks
        for each in keys:
            asked.impact([each])
            asked.live_accounts()
            asked.of("ChannelResource")
        return counted.looks - before

    keys = list(whole.objects)
    assert ask(keys[:1]) <= 3
    assert ask(keys) == 0


def test_the_impact_is_in_the_order_of_the_hub() -> None:
    found = of(pairs(12))
    flow = next(key for key, each in found.objects.items() if each.name == "flow")
    accounts, channels = found.impact([flow])
    places = {key: place for place, key in enumerate(found.objects)}
    for listed in (accounts, channels):
        assert len(listed) == 13
        assert [places[each.key] for each in listed] == sorted(places[each.key] for each in listed)


def test_the_impact_leaves_out_objects_outside_the_hub() -> None:
    found = of(parts())
    kept = {key: each for key, each in found.objects.items() if each.name != "chat"}
    accounts, channels = hub.Hub(kept, found.edges).impact(
        [key for key, each in kept.items() if each.name == "flow"]
    )
    assert [each.name for each in accounts] == ["orders"]
    assert channels == []


def test_the_report_of_a_hub_of_150_objects_fits_in_a_comment() -> None:
    old = pairs(71)
    assert len(old) == 150
    text = json.dumps(old).replace('"active": true', '"active": false')
    new = json.loads(text.replace("custom.", "custom_").replace('"timeout": 30', '"timeout": 45'))
    steps = [step("update", old[name], new[name]) for name in old if name != "agents"]
    found = analyze(digest(*steps, *same({"agents": old["agents"]})))
    report = review.markdown(found)
    assert 10_000 < len(report) <= COMMENT
    assert len(found.changes) == 149
    assert report.count("turns off") > 100
