"""A preview as two hubs and the steps between them; with a state; without secrets."""

from __future__ import annotations

import json

import pytest

from egain_pulumi import hub
from egain_pulumi.program.resource import type_token
from egain_pulumi.resources import KINDS
from egain_pulumi.schema.complaint import UNKNOWN as NOT_KNOWN
from tests.hub.builders import (
    SEALED,
    UNKNOWN,
    digest,
    key,
    of,
    parts,
    resource,
    same,
    state,
    step,
)
from tests.hub.test_references import LINKS, links


def test_type_tokens_equal_those_of_the_resources() -> None:
    from egain_pulumi.hub.sources.documents import token

    assert [token(kind) for kind in KINDS] == [type_token(kind.model) for kind in KINDS]


def test_an_object_that_is_pending_deletion_is_not_in_the_hub() -> None:
    resources = parts()
    resources["old"] = resources["chat"] | {"id": "old", "delete": True}
    assert of(resources).objects[key("Channel", "chat")].id == "chat"


def test_steps_are_in_terms_of_egain() -> None:
    resources = parts()
    agents = resources.pop("agents")
    taken = resource("Channel", "taken", {"active": True, "type": "sms", "imported": "type:sms"})
    kept = resource("Channel", "kept", {"active": True, "type": "x"}, retainOnDelete=True)
    read = resource("Channel", "read", {"get": True}, external=True)
    steps = [
        step("create", None, taken),
        step("delete", agents, None),
        step("delete", kept, None),
        step("delete", resources["auth"], None),
        step("read", None, read),
        *same({name: each for name, each in resources.items() if name != "auth"}),
    ]
    plan = hub.preview(digest(*steps), KINDS)
    ops = {each.object.name: each.op.value for each in plan.steps.values() if each.op != "same"}
    assert ops == {
        "taken": "import",
        "agents": "forget",
        "kept": "forget",
        "auth": "delete",
        "read": "read",
    }
    assert {each.object.name for each in plan.changes.values()} == {"taken", "auth"}
    assert plan.both.objects.keys() == plan.after.objects.keys() | {key("Authentication", "auth")}
    assert ("bot", "roles.custom_bot.authentication", "auth") in links(plan.both)


def test_an_object_that_a_refresh_does_not_find_is_gone() -> None:
    resources = parts()
    gone = resources.pop("orders")
    refreshed = [{**step("refresh", each, each)} for each in (*resources.values(), gone)]
    plan = hub.preview(digest(*refreshed, step("create", None, gone), *same(resources)), KINDS)
    assert plan.refreshed
    assert plan.gone == {key("Account", "orders")}
    assert key("Account", "orders") not in plan.before.objects
    assert not hub.preview(digest(*same(parts())), KINDS).refreshed


def test_a_preview_without_unchanged_objects_needs_the_state() -> None:
    resources = parts()
    update = step("update", resources["chat"], resources["chat"])
    summary = {"same": 8, "update": 1}
    text = digest(update, changeSummary=summary)
    with pytest.raises(hub.NotAHub, match="leaves out 7 unchanged objects"):
        hub.preview(text, KINDS)
    plan = hub.preview(text, KINDS, state=state(resources))
    assert links(plan.after) == links(plan.before) == LINKS
    resources["chat"]["id"] = "another"
    with pytest.raises(hub.NotAHub, match="or another time"):
        hub.preview(text, KINDS, state=state(resources))
    other = state(parts()).replace("urn:pulumi:prod::", "urn:pulumi:dev::")
    with pytest.raises(hub.NotAHub, match="the state is from another stack"):
        hub.preview(text, KINDS, state=other)


def test_no_secret_is_read_with_any_option_of_the_cli() -> None:
    resources = parts()
    roles = resources["bot"]["inputs"]["roles"]["custom_bot"]
    roles["headers"] = {"X-Key": "canary"}
    resources["bot"]["inputs"]["extra"] = {"attributes": "canary"}
    resources["auth"]["inputs"]["oauth2"] = {"payload": "canary", "headers": {"A": "canary"}}
    resources["auth"]["inputs"]["description"] = {**SEALED, "plaintext": '"canary"'}
    resources["chat"]["inputs"]["icon"] = "Y2FuYXJ5"
    steps = digest(*same(resources))
    for found in (of(resources), hub.preview(steps, KINDS).after, hub.preview(steps, KINDS).before):
        assert "canary" not in repr(found)
        assert "Y2FuYXJ5" not in repr(found)
        bot = found.objects[key("ClientApplication", "bot")]
        assert bot.at("roles", "custom_bot", "headers") == {"X-Key": hub.SECRET}
        assert bot.inputs["extra"] == hub.SECRET
    for name in ("display_name", "icon"):
        resources["chat"]["inputs"][name] = UNKNOWN
        assert of(resources).objects[key("Channel", "chat")].inputs[name] is NOT_KNOWN


def test_an_error_in_a_preview_is_one_line() -> None:
    text = json.dumps({"diagnostics": [{"severity": "error", "message": "a\nb\x1b[2J"}]})
    with pytest.raises(hub.NotAHub) as caught:
        hub.preview(text, KINDS)
    assert str(caught.value).isprintable()
