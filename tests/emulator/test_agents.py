"""eGain's agents, available or not, and the texts that the customer gets."""

from __future__ import annotations

from .callbacks import answer
from .hub import Hub


def away(hub: Hub, policy: str | None = "off_hours") -> None:
    hub.edit("orders", {"chatConfigurations": {"onAgentUnavailability": policy}})
    hub.emulator.control("PATCH", "/settings", {"agents_available": False})


def back(hub: Hub) -> None:
    hub.emulator.control("PATCH", "/settings", {"agents_available": True})


def test_off_hours_say_so_and_the_customer_stays_with_the_bot(hub: Hub) -> None:
    away(hub)
    conversation = hub.escalated()
    assert hub.end_of(conversation) == ("failed", "no_agent_available")
    assert hub.last_hop("stopped")["why"].endswith("onAgentUnavailability is off_hours")
    assert hub.texts() == ["We are closed."]
    assert hub.page(conversation)["with"] == "bot"


def test_off_hours_are_said_to_the_customer_who_writes_to_agents(hub: Hub) -> None:
    hub.edit("flow", {"applications": hub.without_bot()})
    away(hub)
    conversation = hub.say("hello")
    assert hub.texts() == ["We are closed."]
    hub.say("hello?", conversation)
    assert hub.texts() == 2 * ["We are closed."]
    back(hub)
    hub.say("and now?", conversation)
    assert hub.end_of(conversation) == ("sent", None)


def test_an_account_that_does_not_say_says_nothing(hub: Hub) -> None:
    hub.edit("flow", {"applications": hub.without_bot()})
    away(hub, None)
    conversation = hub.say("hello")
    assert (hub.end_of(conversation), hub.texts()) == (("failed", "no_agent_available"), [])
    assert hub.last_hop("stopped")["why"].endswith("onAgentUnavailability is not set")


def test_retained_messages_wait_in_order_and_the_customer_is_told(hub: Hub) -> None:
    hub.edit("flow", {"applications": hub.without_bot()})
    away(hub, "retain_and_retry")
    conversation = hub.say("one")
    hub.say("two", conversation)
    overview = hub.emulator.control("GET", "/")["deliveries"]
    # The second one waits behind the first.
    assert overview == {"pending": 2, "retained": 2}
    assert hub.texts() == ["Please wait."]
    assert hub.last_hop("retained")["code"] == "no_agent_available"
    assert hub.page(conversation)["messages"][0]["status"] == "accepted"
    back(hub)
    hub.settle()
    ends = [m["status"] for m in hub.page(conversation)["messages"]]
    assert ends == ["sent", "sent", "sent"]
    delivered = [
        h["message"] for h in hub.page(conversation)["hops"] if h["outcome"] == "delivered"
    ]
    said = [m["id"] for m in hub.page(conversation)["messages"]]
    assert delivered == [said[1], said[0], said[2]]
    # Who has to wait again is told again.
    away(hub, "retain_and_retry")
    hub.say("three", conversation)
    assert hub.texts() == 2 * ["Please wait."]


def test_agents_with_a_callback_of_their_own_are_not_asked(hub: Hub) -> None:
    hub.add("own", "clientapplications", hub.application("custom_agent", "/agent"))
    hub.edit("flow", {"applications": hub.without_bot("own")})
    away(hub)
    hub.say("hello")
    assert len(hub.callbacks.at("/agent")) == 1


def test_an_agent_is_told_what_did_not_arrive(hub: Hub) -> None:
    hub.add("own", "clientapplications", hub.application("egain_agent", "/agent"))
    hub.edit("flow", {"applications": hub.without_bot("own")})
    conversation = hub.say("hello")
    hub.callbacks.plans["/customer"] = answer(500)
    hub.say("good day", conversation, "egain_agent")
    assert hub.end_of(conversation) == ("failed", "callback_status")
    assert hub.callbacks.at("/agent")[-1].message["content"] == {"text": "It did not arrive."}


def test_a_text_of_the_hub_that_fails_makes_no_further_one(hub: Hub) -> None:
    hub.callbacks.plans["/customer"] = answer(500)
    hub.restrict("inbound", maxTextLength=1)
    conversation = hub.say("hello")
    messages = hub.page(conversation)["messages"]
    assert [m["status"] for m in messages] == ["failed", "failed"]
    assert len(hub.callbacks.at("/customer")) == 1
