"""What a channel allows, and the texts about what it stops."""

from __future__ import annotations

from typing import Any

import pytest

from .hub import Hub


def file(name: str = "a.txt", size: Any = 10) -> dict[str, Any]:
    """Return a message part with one attachment."""
    attachment = {"name": name, "size": size, "url": "https://files.example.com/a"}
    return {"attachments": {"attachment": [attachment]}}


POLICY = "restrictions.inbound.attachmentPolicy"


@pytest.mark.parametrize(
    ("rules", "parts", "code", "why", "told"),
    [
        (
            {"maxTextLength": 4},
            {"content": {"text": "hello"}},
            "inbound_text_too_long",
            "the text has 5 characters; restrictions.inbound.maxTextLength is 4",
            "It did not arrive.",
        ),
        (
            {"attachmentPolicy": {"type": "block", "extensions": ["bat", "EXE"]}},
            file("a.tar.Exe"),
            "extension_not_allowed",
            f"{POLICY} does not allow files of type exe",
            "No exe files.",
        ),
        (
            {"attachmentPolicy": {"type": "allow", "extensions": ["jpeg"]}},
            file("README"),
            "extension_not_allowed",
            f"{POLICY} does not allow files of type (none)",
            "No  files.",
        ),
        (
            {"attachmentPolicy": {"maxSize": 9}},
            file(),
            "attachment_too_large",
            f"{POLICY}.maxSize is 9; the size is 10 bytes",
            "At most 9.",
        ),
        (
            {"attachmentPolicy": {"maxSize": 9}},
            file(size="10"),
            "attachment_too_large",
            f"{POLICY}.maxSize is 9; the size is 10 bytes",
            "At most 9.",
        ),
        (
            {"attachmentPolicy": {"maxSize": 9}},
            file(size="ten"),
            "attachment_too_large",
            f"{POLICY}.maxSize is 9; the size is unknown",
            "At most 9.",
        ),
        (
            {"attachmentPolicy": {"enabled": False}},
            file(),
            "attachments_disabled",
            f"{POLICY}.enabled is false",
            "Not of that kind.",
        ),
        (
            {"features": ["typing_events"]},
            file(),
            "feature_not_listed",
            "restrictions.inbound.features does not list attachments",
            "Not of that kind.",
        ),
        (
            {"features": []},
            {"content": {"html": "<b>hello</b>"}},
            "feature_not_listed",
            "restrictions.inbound.features does not list richText",
            "Not of that kind.",
        ),
    ],
)
def test_what_a_customer_may_not_send_is_stopped_and_said(
    hub: Hub, rules: Any, parts: Any, code: str, why: str, told: str
) -> None:
    hub.restrict("inbound", **rules)
    conversation = hub.do("text", "customer", **parts)
    assert hub.end_of(conversation) == ("failed", code)
    assert hub.last_hop("stopped")["why"] == why
    [message] = hub.at_customer()
    assert (message["content"], message["sender"]) == ({"text": told}, {"type": "system"})
    assert hub.at_bot() == []


@pytest.mark.parametrize(
    ("rules", "parts"),
    [
        ({"maxTextLength": 5}, {"content": {"text": "hell\u00f6"}}),
        ({"attachmentPolicy": {"type": "block", "extensions": ["bat"]}}, file("bat")),
        ({"attachmentPolicy": {"type": "allow", "extensions": [".TXT"]}}, file()),
        ({"attachmentPolicy": {"maxSize": 10, "enabled": True}}, file(size="10")),
        ({"features": ["attachments"]}, file()),
        ({"features": ["richText"]}, {"content": {"html": "<b>hello</b>"}}),
        ({"features": []}, {"content": {"text": "hello"}}),
    ],
)
def test_what_keeps_to_the_rules_passes(hub: Hub, rules: Any, parts: Any) -> None:
    hub.restrict("inbound", **rules)
    assert hub.end_of(hub.do("text", "customer", **parts)) == ("sent", None)


@pytest.mark.parametrize(
    ("rules", "kind", "parts", "code", "told"),
    [
        (
            {"maxTextLength": 4},
            "text",
            {"content": {"text": "hello"}},
            "outbound_text_too_long",
            "It did not arrive.",
        ),
        (
            {"attachmentPolicy": {"type": "allow", "extensions": ["jpeg"]}},
            "text",
            file(),
            "extension_not_allowed",
            "No txt files.",
        ),
        (
            {"richMessageTypes": ["listpicker"]},
            "richMessage.form",
            {},
            "rich_message_not_listed",
            "The customer cannot see that.",
        ),
        (
            {"midChatAuth": False},
            "richMessage.authentication",
            {},
            "authentication_off",
            "The customer cannot see that.",
        ),
        (
            {"features": []},
            "text",
            file(),
            "feature_not_listed",
            "The customer cannot see that.",
        ),
    ],
)
def test_what_the_channel_cannot_show_is_stopped_and_the_agent_told(
    hub: Hub, rules: Any, kind: str, parts: Any, code: str, told: str
) -> None:
    hub.add("own", "clientapplications", hub.application("egain_agent", "/agent"))
    hub.edit("flow", {"applications": hub.without_bot("own")})
    conversation = hub.say("hello")
    hub.restrict("outbound", **rules)
    hub.do(kind, "egain_agent", conversation, **parts)
    assert hub.end_of(conversation) == ("failed", code)
    assert hub.at_customer() == []
    message = hub.callbacks.at("/agent")[-1].message
    assert (message["content"], message["sender"]) == ({"text": told}, {"type": "system"})


def test_a_bot_is_stopped_and_told_nothing(hub: Hub) -> None:
    conversation = hub.say("hello")
    hub.restrict("outbound", maxTextLength=4)
    hub.say("good day", conversation, "custom_bot")
    assert hub.end_of(conversation)[0] == "failed"
    assert (len(hub.at_bot()), hub.at_customer()) == (1, [])


def test_each_direction_has_its_own_rules(hub: Hub) -> None:
    hub.restrict("outbound", maxTextLength=4)
    conversation = hub.say("hello")
    hub.restrict("inbound", maxTextLength=4)
    hub.restrict("outbound", maxTextLength=40)
    hub.say("good day", conversation, "custom_bot")
    assert hub.end_of(conversation) == ("sent", None)


def test_an_escalation_meets_no_channel(hub: Hub) -> None:
    hub.restrict("outbound", maxTextLength=1, features=[], systemMessages=False)
    conversation = hub.say("hello")
    hub.do("escalation.transfer", "custom_bot", conversation, content={"text": "why"})
    assert hub.page(conversation)["with"] == "agent"


@pytest.mark.parametrize(
    ("features", "end"),
    [(None, "sent"), (["typing_events"], "sent"), ([], "failed"), (["attachments"], "failed")],
)
def test_typing_needs_its_feature_and_nobody_is_told(
    hub: Hub, features: list[str] | None, end: str
) -> None:
    conversation = hub.say("hello")
    hub.restrict("inbound", features=features)
    hub.do("typing.start", "customer", conversation)
    assert hub.end_of(conversation)[0] == end
    assert hub.at_customer() == []


@pytest.mark.parametrize(("allowed", "count"), [(True, 1), (False, 0), (None, 0)])
def test_what_agents_say_about_a_conversation_is_a_system_message(
    hub: Hub, allowed: bool | None, count: int
) -> None:
    conversation = hub.escalated()
    hub.restrict("outbound", systemMessages=allowed)
    hub.do("agent.join", "egain_agent", conversation)
    assert len(hub.at_customer()) == count


def test_without_system_messages_the_customer_is_told_nothing(hub: Hub) -> None:
    hub.restrict("outbound", systemMessages=None)
    hub.restrict("inbound", maxTextLength=1)
    hub.say("hello")
    assert hub.at_customer() == []
    assert hub.last_hop("stopped")["code"] == "notice_off"


@pytest.mark.parametrize("language", ["de-DE", "fr-FR", None])
def test_no_other_language_stands_in(hub: Hub, language: str | None) -> None:
    hub.edit("orders", {"chatConfigurations": {"defaultLanguage": language}})
    hub.restrict("inbound", maxTextLength=1)
    hub.say("hello")
    assert hub.at_customer() == []
    hop = hub.last_hop("stopped")
    assert hop["code"] == "notice_text_missing"
    assert "msg_hub_channel_msg_failed" in hop["why"]
    assert (language or "none") in hop["why"]


def test_the_accounts_language_is_spoken(hub: Hub) -> None:
    texts = [{"name": "msg_hub_channel_msg_failed", "value": "Nicht angekommen."}]
    english = [{"name": "msg_hub_channel_msg_failed", "value": "It did not arrive."}]
    both = [
        {"language": "en-US", "properties": english},
        {"language": "de-DE", "properties": texts},
    ]
    hub.edit("chat", {"l10nProperties": both})
    hub.edit("orders", {"chatConfigurations": {"defaultLanguage": "de-DE"}})
    hub.restrict("inbound", maxTextLength=1)
    hub.say("hello")
    assert hub.texts() == ["Nicht angekommen."]


def test_rules_of_any_shape_break_nothing(hub: Hub) -> None:
    hub.restrict("inbound", maxTextLength="4", features="x", attachmentPolicy=[1])
    conversation = hub.do("text", "customer", content={"text": "hello"}, **file())
    assert hub.end_of(conversation) == ("sent", None)
