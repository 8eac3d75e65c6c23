"""Where a message goes, and where it stops if an object is missing or not active."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .hub import Hub, message


def path(hub: Hub, conversation: str) -> list[tuple[str, str, str | None]]:
    """Return step, outcome and object name of each hop."""
    hops = hub.page(conversation)["hops"]
    return [(h["step"], h["outcome"], h["object"] and h["object"]["name"]) for h in hops]


def codes(hub: Hub, conversation: str) -> list[str]:
    return [hop["code"] for hop in hub.page(conversation)["hops"]]


def test_a_customers_first_message_goes_to_the_bot(hub: Hub) -> None:
    conversation = hub.say("hello")
    assert path(hub, conversation) == [
        ("account", "passed", "orders"),
        ("channel", "passed", "custom_channel"),
        ("orchestration", "passed", "flow"),
        ("participant", "passed", "greeter"),
        ("application", "passed", "bot"),
        ("authorization", "passed", "auth"),
        ("authorization", "passed", "auth"),
        ("deliver", "delivered", "bot"),
    ]
    assert codes(hub, conversation) == [
        "account_by_address",
        "channel_of_account",
        "orchestration_of_account",
        "participant_of_bot",
        "application_of_bot",
        "authentication_of_role",
        "token_fetched",
        "delivered",
    ]
    [message] = hub.at_bot()
    assert message["type"] == {"value": "text"}
    assert message["content"] == {"text": "hello"}
    assert message["sender"] == {"type": "customer"}
    assert message["conversation"]["id"] == conversation
    page = hub.page(conversation)
    assert (page["with"], page["escalated"], page["open"]) == ("bot", False, True)
    assert hub.end_of(conversation) == ("sent", None)


def test_the_bots_answer_goes_to_the_customers_application(hub: Hub) -> None:
    conversation = hub.say("hello")
    hub.say("good day", conversation, "custom_bot")
    [message] = hub.at_customer()
    assert (message["content"], message["sender"]["type"]) == ({"text": "good day"}, "custom_bot")
    assert path(hub, conversation)[-3:] == [
        ("application", "passed", "customers"),
        ("authorization", "passed", "customers"),
        ("deliver", "delivered", "customers"),
    ]
    assert codes(hub, conversation)[-3:] == [
        "application_of_customer",
        "no_authentication",
        "delivered",
    ]


def test_after_an_escalation_the_customer_talks_to_the_agents(hub: Hub) -> None:
    conversation = hub.escalated()
    page = hub.page(conversation)
    assert (page["with"], page["escalated"]) == ("agent", True)
    assert codes(hub, conversation)[-2:] == ["application_of_escalation", "delivered_to_desktop"]
    hub.say("anybody?", conversation)
    assert path(hub, conversation)[-1] == ("deliver", "delivered", "eGain Agents")
    hub.say("yes & no", conversation, "egain_agent")
    assert hub.at_customer()[-1]["content"] == {"html": "yes &amp; no"}
    assert len(hub.at_bot()) == 1


def test_agents_with_a_callback_of_their_own_get_the_messages(hub: Hub) -> None:
    hub.add("own", "clientapplications", hub.application("custom_agent", "/agent"))
    hub.edit("flow", {"applications": hub.without_bot("own")})
    conversation = hub.say("hello")
    [received] = hub.callbacks.at("/agent")
    assert received.message["content"] == {"text": "hello"}
    hub.say("hi", conversation, "custom_agent")
    assert hub.at_customer()[0]["content"] == {"text": "hi"}


def test_several_messages_of_a_request_arrive_in_order(hub: Hub) -> None:
    rows = [message("text", "customer", content={"text": str(n)}) for n in range(12)]
    body = {"messages": {"message": rows}}
    assert hub.emulator.api("POST", "/conversations/messages", json=body).status_code == 202
    hub.settle()
    assert [m["content"]["text"] for m in hub.at_bot()] == [str(n) for n in range(12)]


OFF = {"active": False}


@pytest.mark.parametrize(
    ("break_it", "step", "code", "fact"),
    [
        (lambda h: h.edit("orders", OFF), "account", "object_not_active", 'Account "orders"'),
        (lambda h: h.edit("chat", OFF), "channel", "object_not_active", 'Channel "custom_channel"'),
        (
            lambda h: h.edit("flow", OFF),
            "orchestration",
            "object_not_active",
            'Orchestration "flow"',
        ),
        (
            lambda h: h.edit("greeter", OFF),
            "participant",
            "object_not_active",
            'Participant "greeter"',
        ),
        (
            lambda h: h.edit("bot", OFF),
            "application",
            "object_not_active",
            'ClientApplication "bot"',
        ),
        (
            lambda h: h.edit("auth", OFF),
            "authorization",
            "object_not_active",
            'Authentication "auth"',
        ),
        (
            lambda h: h.remove("flow"),
            "orchestration",
            "object_not_found",
            "no Orchestration has the id",
        ),
        (
            lambda h: h.remove("greeter"),
            "participant",
            "object_not_found",
            "no Participant has the id",
        ),
        (
            lambda h: h.remove("bot"),
            "application",
            "object_not_found",
            "no ClientApplication has the id",
        ),
        (
            lambda h: h.remove("auth"),
            "authorization",
            "object_not_found",
            "no Authentication has the id",
        ),
        (
            lambda h: h.edit("orders", {"chatConfigurations": {"entryPoint": None}}),
            "account",
            "entry_point_not_set",
            "chatConfigurations.entryPoint",
        ),
        (
            lambda h: h.edit("orders", {"chatConfigurations": {"orchestration": None}}),
            "orchestration",
            "orchestration_not_set",
            "",
        ),
        (
            lambda h: h.role("bot", name="customer"),
            "application",
            "role_missing",
            "needs the role custom_bot, but has customer",
        ),
        (
            lambda h: h.edit("greeter", {"application": {"id": h.ids["customers"]}}),
            "participant",
            "participant_of_other_application",
            "",
        ),
        (
            lambda h: h.edit("flow", {"applications": {"botConfiguration": None}}),
            "orchestration",
            "no_bot_or_agents",
            "",
        ),
        (
            lambda h: h.edit("flow", {"applications": "x"}),
            "orchestration",
            "no_bot_or_agents",
            "",
        ),
    ],
)
def test_a_broken_hub_stops_the_customers_message(
    hub: Hub, break_it: Callable[[Hub], None], step: str, code: str, fact: str
) -> None:
    break_it(hub)
    conversation = hub.say("hello")
    hop = hub.last_hop("stopped")
    assert (hop["step"], hop["code"], fact in hop["why"]) == (step, code, True), hop
    assert hub.end_of(conversation) == ("failed", code)
    assert hub.at_bot() == []
    [lost] = hub.emulator.control("GET", "/undeliverable")["messages"]
    assert (lost["reason"], lost["code"], lost["mailed"]) == (hop["why"], code, None)


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (
            lambda h: h.edit("flow", {"applications": {"customerConfiguration": None}}),
            "customer_application_not_set",
        ),
        (lambda h: h.remove("customers"), "object_not_found"),
        (lambda h: h.edit("customers", OFF), "object_not_active"),
        (lambda h: h.role("customers", name="custom_bot"), "role_missing"),
    ],
)
def test_a_broken_way_back_stops_the_bots_answer(
    hub: Hub, break_it: Callable[[Hub], None], code: str
) -> None:
    conversation = hub.say("hello")
    break_it(hub)
    hub.say("good day", conversation, "custom_bot")
    assert hub.end_of(conversation) == ("failed", code)


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda h: bots(h, onEscalation=None), "escalation_agent_not_set"),
        (lambda h: h.edit("agents", OFF), "object_not_active"),
        (lambda h: h.remove("agents"), "object_not_found"),
        (lambda h: h.role("agents", name="customer"), "role_missing"),
    ],
)
def test_a_broken_escalation_leaves_the_customer_with_the_bot(
    hub: Hub, break_it: Callable[[Hub], None], code: str
) -> None:
    break_it(hub)
    conversation = hub.escalated()
    assert hub.end_of(conversation) == ("failed", code)
    assert hub.page(conversation)["with"] == "bot"
    hub.say("hello?", conversation)
    assert len(hub.at_bot()) == 2


def bots(hub: Hub, **changes: Any) -> None:
    """Change the orchestration's bot; None removes a key."""
    [bot] = hub.with_bot()["botConfiguration"]["bots"]
    whole = {k: v for k, v in {**bot, **changes}.items() if v is not None}
    hub.edit("flow", {"applications": {"botConfiguration": {"bots": [whole]}}})


def test_agents_listed_beside_a_bot_do_not_stand_in_for_its_escalation(hub: Hub) -> None:
    bots(hub, onEscalation=None)
    agents = {"agents": [{"id": hub.ids["agents"]}]}
    hub.edit("flow", {"applications": {"agentConfiguration": agents}})
    assert hub.end_of(hub.escalated())[0] == "failed"


def test_no_second_bot_stands_in_for_the_first(hub: Hub) -> None:
    [bot] = hub.with_bot()["botConfiguration"]["bots"]
    first = {"id": hub.ids["customers"], "participant": {"id": "gone"}}
    hub.edit("flow", {"applications": {"botConfiguration": {"bots": [first, bot]}}})
    conversation = hub.say("hello")
    assert hub.end_of(conversation)[0] == "failed"
    assert hub.at_bot() == []


@pytest.mark.parametrize(
    ("sender", "escalate", "code"),
    [
        ("egain_agent", False, "sender_takes_no_part"),
        ("egain_bot", False, "sender_is_not_the_bot"),
        ("custom_bot", True, "sender_takes_no_part"),
    ],
)
def test_who_takes_no_part_is_not_heard(hub: Hub, sender: str, escalate: bool, code: str) -> None:
    conversation = hub.escalated() if escalate else hub.say("hello")
    hub.say("me too", conversation, sender)
    assert hub.end_of(conversation) == ("failed", code)
    assert hub.at_customer() == []


def test_agents_cannot_escalate(hub: Hub) -> None:
    conversation = hub.escalated()
    hub.do("escalation.transfer", "egain_agent", conversation)
    assert hub.end_of(conversation) == ("failed", "already_with_agents")


def test_the_configuration_counts_as_it_is_when_a_message_comes(hub: Hub) -> None:
    conversation = hub.say("one")
    hub.edit("bot", OFF)
    hub.say("two", conversation)
    hub.edit("bot", {"active": True})
    hub.say("three", conversation)
    assert [m["content"]["text"] for m in hub.at_bot()] == ["one", "three"]


def test_a_message_may_bring_its_own_entry_point(hub: Hub) -> None:
    hub.edit("orders", {"chatConfigurations": {"entryPoint": None}})
    start = {"account": {"channel": {"type": "custom_channel"}, "address": "123456789"}}
    hub.say("hello", {**start, "entryPoint": {"id": "1002"}})
    assert len(hub.at_bot()) == 1
