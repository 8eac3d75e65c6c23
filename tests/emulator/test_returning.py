"""Returning customers, and conversations that end with the bot."""

from __future__ import annotations

import json
from typing import Any

from .hub import ADDRESS, CHANNEL, Hub


def known(address: str = "0049") -> dict[str, Any]:
    """Return the start of a conversation with an identified customer."""
    contacts = [{"type": "phone", "subType": "mobile", "address": address}]
    return {
        "account": {"channel": {"type": CHANNEL}, "address": ADDRESS},
        "lookupContact": "phone.mobile",
        "customer": {"name": "John", "contacts": {"contact": contacts}},
    }


def bots(hub: Hub, **changes: Any) -> None:
    hub.edit("flow", {"applications": {"botConfiguration": changes}})


def begin(hub: Hub, **parts: Any) -> str:
    return hub.do("text", "customer", content={"text": "hello"}, **parts)


def test_back_within_the_bypass_duration_is_past_the_bot(hub: Hub) -> None:
    bots(hub, bypassVaDuration=10)
    begin(hub, conversation=known())
    hub.emulator.control("POST", "/clock", {"advance": 9 * 60})
    again = begin(hub, conversation=known())
    assert hub.page(again)["with"] == "agent"
    assert len(hub.at_bot()) == 1
    assert not hub.page(again)["escalated"]
    assert "bot_bypassed" in [hop["code"] for hop in hub.page(again)["hops"]]


def test_later_or_unknown_or_another_customer_meets_the_bot(hub: Hub) -> None:
    bots(hub, bypassVaDuration=10)
    begin(hub)
    begin(hub)
    begin(hub, conversation=known())
    begin(hub, conversation=known("0050"))
    hub.emulator.control("POST", "/clock", {"advance": 11 * 60})
    begin(hub, conversation=known())
    assert len(hub.at_bot()) == 5


def test_a_conversation_that_ends_with_the_bot_is_handed_to_the_agents(hub: Hub) -> None:
    hub.add("own", "clientapplications", hub.application("egain_agent", "/agent"))
    [bot] = hub.with_bot()["botConfiguration"]["bots"]
    bot["onEscalation"] = {"agent": {"id": hub.ids["own"]}}
    bots(hub, forwardTranscript=True, bots=[bot])
    conversation = begin(hub, conversation=known())
    hub.say("good day", conversation, "custom_bot")
    hub.do("conversation.end", "customer", conversation)
    [received] = hub.callbacks.at("/agent")
    said = json.loads(received.body)["messages"]["message"]
    assert [m["type"]["value"] for m in said] == ["text", "text", "conversation.end"]
    assert {m["conversation"]["id"] for m in said} == {conversation}


def test_no_transcript_of_an_unknown_customer_or_an_escalated_conversation(hub: Hub) -> None:
    bots(hub, forwardTranscript=True)
    first = begin(hub)
    hub.do("conversation.end", "customer", first)
    second = begin(hub, conversation=known())
    hub.do("escalation.transfer", "custom_bot", second)
    hub.do("conversation.end", "customer", second)
    assert "transcript" not in [hop["step"] for hop in hub.settle()]
    third = begin(hub, conversation=known())
    hub.do("conversation.end", "custom_bot", third)
    assert "transcript" in [hop["code"] for hop in hub.settle()]
