"""The client against the emulator: another reading of the contract, in its own process."""

from __future__ import annotations

import time
from typing import Any

import pytest

from egain_pulumi.api.limits import Hooks
from egain_pulumi.conversations import Conversations, InDoubt, NewConversation, Refused
from tests.support.emulator import Emulator

MESSAGES = "POST /conversations/messages"


@pytest.fixture
def talk(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Conversations:
    """A client of the emulator."""
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EGAIN_REQUEST_TIMEOUT_SECONDS", "0.5")
    return Conversations(hooks=Hooks(sleep=lambda _: time.sleep(0.01)))


@pytest.fixture
def account(emulator: Emulator) -> NewConversation:
    """An account whose conversations go to eGain's own agents."""
    role = {"version": "v3", "callback": "http://127.0.0.1:9/", "notificationEmail": "a@b.example"}
    customers = emulator.add(
        "clientapplications", {"name": "shop", "roles": [{"name": "customer", **role}]}
    )
    agents = next(
        each
        for each in emulator.objects("clientapplications")
        if each["roles"][0]["name"] == "egain_agent"
    )
    channel = emulator.add(
        "channels", {"type": "custom_channel", "displayName": "Chat", "icon": "aWNvbg=="}
    )
    applications = {
        "customerConfiguration": {"customer": {"id": customers["id"]}},
        "agentConfiguration": {"agents": [{"id": agents["id"]}]},
    }
    flow = emulator.add("orchestrations", {"name": "flow", "applications": applications})
    chat: dict[str, Any] = {
        "timeout": 30,
        "defaultLanguage": "en-US",
        "onAgentUnavailability": "off_hours",
        "allowLogoutWithOpenChats": False,
        "allowQueueTransferOnAgentUnavailability": False,
        "orchestration": {"id": flow["id"]},
        "entryPoint": {"id": "1001"},
    }
    emulator.add(
        "accounts",
        {
            "name": "orders",
            "address": "123456789",
            "channel": {"id": channel["id"]},
            "chatConfigurations": chat,
        },
    )
    return NewConversation(channel="custom_channel", address="123456789")


def test_a_conversation_from_hello_to_its_end(
    talk: Conversations, account: NewConversation, emulator: Emulator
) -> None:
    sent = talk.customer("John Smith", to=account).text("Hello")
    customer = talk.customer("John Smith", to=sent.conversation)
    assert customer.text("Anybody?").conversation == sent.conversation
    with pytest.raises(Refused):
        talk.conversation(sent.conversation)
    customer.end()
    found = talk.conversation(sent.conversation)
    assert [each.text for each in found.messages if each.kind == "text"] == ["Hello", "Anybody?"]
    assert emulator.counts()[MESSAGES] == 3
    with pytest.raises(Refused) as caught:
        customer.text("Still there?")
    assert str(caught.value).endswith("The conversation has probably ended. Start a new one.")


LOST: dict[str, dict[str, Any]] = {
    "closed before": {"action": "close"},
    "closed after": {"action": "close", "when": "after"},
    "reset after": {"action": "close", "when": "after", "reset": True},
    "slow": {"action": "hang", "when": "after"},
    "503 before": {"action": "status", "status": 503},
    "503 after": {"action": "status", "status": 503, "when": "after"},
    "cut": {"action": "truncated"},
    "html": {"action": "html"},
    "another type": {"action": "wrong_content_type"},
}


@pytest.mark.parametrize("do", LOST.values(), ids=LOST)
def test_a_lost_message_is_not_sent_again(
    do: dict[str, Any], talk: Conversations, account: NewConversation, emulator: Emulator
) -> None:
    fault = emulator.fault("POST", "/conversations/messages", **do)
    with pytest.raises(InDoubt):
        talk.customer(to=account).text("Hello")
    assert emulator.fired(fault) == 1
    assert emulator.counts() == {MESSAGES: 1}


def test_a_quota_is_waited_for(
    talk: Conversations, account: NewConversation, emulator: Emulator
) -> None:
    headers = {"Retry-After": "0"}
    fault = emulator.fault(
        "POST", "/conversations/messages", action="status", status=429, headers=headers
    )
    talk.customer(to=account).text("Hello")
    assert emulator.fired(fault) == 1
    assert emulator.counts() == {MESSAGES: 2}


def test_a_missing_scope_is_named(
    account: NewConversation, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = "app.conversation.conversationmgr.interaction.manage"
    emulator.client("reader", "reader-secret", [scope.replace("manage", "read")])
    for name, value in {
        **emulator.env,
        "EGAIN_CLIENT_ID": "reader",
        "EGAIN_CLIENT_SECRET": "reader-secret",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=f'Client "reader" lacks scope {scope}'):
        Conversations().customer(to=account).text("Hello")
    with pytest.raises(Refused, match=scope):
        Conversations().assets.announce("a.txt", 1, channel="custom_channel", role="customer")


def test_an_asset_comes_back_as_it_was_sent(
    talk: Conversations, account: NewConversation, emulator: Emulator
) -> None:
    where: dict[str, Any] = {"channel": "custom_channel", "role": "customer"}
    asset = talk.assets.add(b"a note", name="note.txt", **where)
    assert (asset.name, asset.size, asset.content_type) == ("note.txt", 6, "text/plain")
    talk.assets.delete(asset.id)
    talk.assets.delete(asset.id)
    with pytest.raises(Refused) as caught:
        talk.assets.get(asset.id)
    assert caught.value.gone
