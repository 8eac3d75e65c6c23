"""The API calls of `pulumi up`, by the call budget, and their time."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi import review
from tests.hub.builders import PROVIDER, SEALED, digest, parts, resource, same, step
from tests.review.builders import Edit, add, analyze, both, change, preview, put


def calls(found: review.Review) -> tuple[int, int, int]:
    """Return reads, writes and tokens."""
    return found.cost.reads, found.cost.writes, found.cost.tokens


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda r: None, (0, 0, 0)),
        (put("chat", display_name="x"), (1, 1, 1)),
        (put("chat", type="x"), (2, 1, 1)),
        (put("orders", name="x"), (1, 1, 1)),
        (add("Channel", "x", type="x"), (0, 1, 1)),
        (add("Orchestration", "x", name="x"), (1, 1, 1)),
        (both(add("Orchestration", "x"), add("Orchestration", "y")), (1, 2, 1)),
        (lambda r: r.pop("orders"), (0, 1, 1)),
        (lambda r: r.pop("chat"), (1, 1, 1)),
        (lambda r: r.pop("bot"), (2, 1, 1)),
        (both(lambda r: r.pop("bot"), lambda r: r.pop("customers")), (2, 2, 1)),
        (lambda r: r.pop("agents"), (0, 0, 0)),
        (add("Channel", "x", imported="type:x"), (1, 0, 1)),
        (add("Channel", "x", imported="type:x", extra=SEALED), (1, 0, 1)),
        (add("Channel", "x", imported="type:x", extra=SEALED, secrets_version=1), (2, 1, 1)),
    ],
)
def test_the_call_budget(edit: Edit, expected: Any) -> None:
    assert calls(change(edit)) == expected


def test_a_replacement_is_created_and_the_old_object_deleted() -> None:
    assert calls(change(lambda r: None, replaced=["chat"])) == (1, 2, 1)


def test_a_first_deployment() -> None:
    steps = [step("create", None, each) for each in parts().values()]
    # Seven objects, the agents' application found, orchestrations listed.
    assert calls(analyze(digest(*steps))) == (2, 7, 1)


def test_an_object_that_is_only_read_costs_one_call() -> None:
    got = resource("Channel", "x", {"get": True}, external=True)
    assert calls(analyze(digest(step("read", None, got), *same(parts())))) == (1, 0, 1)


def text(edit: Edit, pace: Any) -> str:
    """Return a preview of a stack with a rate limit."""
    return preview(edit, config={"egain:requestsPerSecond": pace})


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        ("2", "at 2 requests per second this takes about 1 s."),
        (0.5, "at 0.5 requests per second this takes about 4 s."),
        ("0.01", "about 3 min."),
        ("100", "less than a second."),
        ("[secret]", "no rate limit is configured (`egain:requestsPerSecond`)"),
        ("-1", "no rate limit is configured"),
        ("inf", "no rate limit is configured"),
        (None, "no rate limit is configured"),
    ],
)
def test_time_at_the_configured_rate_limit(pace: Any, said: str) -> None:
    report = review.markdown(analyze(text(put("chat", display_name="x"), pace)))
    assert "`pulumi up` makes 2 API calls (1 write) and fetches 1 token" in report
    assert said in report


def test_an_option_overrides_the_stack() -> None:
    found = analyze(text(put("chat", display_name="x"), "2"), pace=0.1)
    assert (found.cost.pace, found.cost.seconds) == (0.1, 20)


def test_a_second_tenant_has_its_own_rate_limit_and_token() -> None:
    eu = PROVIDER.replace("::default::p", "::eu")
    urn = eu.rpartition("::")[0] + "::eu"
    inputs_of = {"egain:explicit": "true", "egain:requestsPerSecond": "0.1"}
    provider = {"urn": urn, "type": "pulumi:providers:pulumi-python", "inputs": inputs_of}
    one = resource("Channel", "eu", {"type": "x"}, provider=f"{urn}::p")
    two = resource("Channel", "us", {"type": "x"})
    steps = [step("create", None, each) for each in (one, two)]
    found = analyze(digest(step("create", None, provider), *steps, *same(parts())))
    assert calls(found) == (0, 2, 2)
    assert (found.cost.pace, found.cost.seconds, found.cost.unpaced) == (0.1, 10, 1)
    assert "not counting 1 call to tenants without a configured rate limit" in review.markdown(
        found
    )


def test_no_change_makes_no_call() -> None:
    assert "`pulumi up` makes no API call." in review.markdown(change(lambda r: None))
