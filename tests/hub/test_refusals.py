"""A text that is not a complete preview or state is an error of one line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi import hub
from egain_pulumi.resources import KINDS
from tests.hub.builders import STACK, digest, parts, same, state, step

WHOLE = digest(*same(parts()))


def change(text: str, **changes: Any) -> str:
    """Return the document with other values."""
    return json.dumps(json.loads(text) | changes)


def without(text: str, key: str) -> str:
    """Return the document without a key."""
    return json.dumps({k: v for k, v in json.loads(text).items() if k != key})


PREVIEWS = [
    ("", "the text is empty"),
    (WHOLE[:-40], "not JSON, or is cut off"),
    ("[]", "JSON, but not an object"),
    ("{}", "changeSummary is not as Pulumi CLI 3.259 writes it"),
    ("[" * 100_000, "not JSON, or is cut off"),
    (without(WHOLE, "changeSummary"), "changeSummary is not as"),
    (change(WHOLE, steps={}), "steps is not as"),
    (change(WHOLE, steps=[7]), "a step is not as"),
    (change(WHOLE, steps=[{"op": "same"}]), "a step's urn is not as"),
    (change(WHOLE, changeSummary={"same": True}), "changeSummary is not as"),
    (change(WHOLE, changeSummary={"same": 9, "delete": 1}), "counts 1 to delete, but there are 0"),
    (change(WHOLE, changeSummary={"same": 1}), "counts 1 to same, but there are 9"),
    (change(WHOLE, maybeCorrupt=True), "reports that the stack's state is damaged"),
    (
        change(WHOLE, diagnostics=[{"severity": "error", "message": "error: no entry\n"}]),
        "the preview itself failed: no entry",
    ),
    (change(WHOLE, steps=[]), "it has no step of the stack itself"),
    (digest(step("melt", parts()["chat"], None)), "step 'melt' is unknown; is the CLI newer"),
    (
        digest(step("update", parts()["chat"], None) | {"newState": parts()["auth"]}),
        "Channel::chat: newState.urn is not as",
    ),
    (
        json.dumps({"sequence": 1, "timestamp": 2, "preludeEvent": {}}),
        "this is a stream of events",
    ),
    (state(parts()), "changeSummary is not as"),
    (
        json.dumps(
            {
                "steps": [
                    {"op": "refresh", "urn": STACK, "oldState": {}, "newState": {}},
                ],
                "changeSummary": {},
            }
        ),
        "it is from pulumi refresh",
    ),
    (
        WHOLE.replace("pulumi-python:dynamic/egain:", "aws:s3/bucket:"),
        "it has no eGain objects; it belongs to project 'conversation-hub'",
    ),
]


@pytest.mark.parametrize(("text", "said"), PREVIEWS, ids=[said[:30] for _, said in PREVIEWS])
def test_an_incomplete_preview_is_an_error(text: str, said: str) -> None:
    with pytest.raises(hub.NotAHub) as caught:
        hub.preview(text, KINDS)
    assert said in str(caught.value)
    assert str(caught.value).startswith("not a complete preview (pulumi preview ")
    assert str(caught.value).isprintable()


STATES = [
    ("{", "not JSON, or is cut off"),
    (WHOLE, "version is not as"),
    (change(state(parts()), version=5), "its format is version 5; supported are 3 and 4"),
    (change(state(parts()), deployment=None), "deployment is not as"),
    (json.dumps({"version": 3, "deployment": {"resources": [{}]}}), "a resource's urn is not as"),
    (
        json.dumps({"version": 3, "deployment": {"resources": [{"urn": "x", "type": "y"}]}}),
        "'x' is not a URN",
    ),
]


@pytest.mark.parametrize(("text", "said"), STATES, ids=[said[:30] for _, said in STATES])
def test_an_incomplete_state_is_an_error(text: str, said: str) -> None:
    with pytest.raises(hub.NotAHub) as caught:
        hub.stack(text, KINDS)
    assert said in str(caught.value)


def test_a_document_of_another_project_is_an_error() -> None:
    for read, text in ((hub.preview, WHOLE), (hub.stack, state(parts()))):
        read(text, KINDS, project="conversation-hub")
        with pytest.raises(hub.NotAHub, match='project "conversation-hub", but this is "o"'):
            read(text, KINDS, project="o")


def test_an_empty_stack_is_an_empty_hub() -> None:
    empty = json.dumps({"version": 3, "deployment": {"manifest": {}}})
    assert hub.stack(empty, KINDS).objects == {}
    assert hub.preview(digest(), KINDS).after.objects == {}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_damaged_preview_is_an_error_or_a_whole_hub(data: st.DataObject) -> None:
    document = json.loads(WHOLE)
    spot: Any = document
    while True:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        chosen = data.draw(st.sampled_from(keys)) if keys else None
        inner = spot[chosen] if chosen is not None else None
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        spot = inner
    if chosen is not None:
        spot[chosen] = data.draw(st.sampled_from([None, 7, "x", [], {}, [None], {"a": 1}]))
    try:
        hub.findings(hub.preview(json.dumps(document), KINDS).after)
    except hub.NotAHub as refused:
        assert str(refused).isprintable()
