"""A complete hub on the emulator, with callbacks of the tests."""

from __future__ import annotations

import time
from typing import Any

from .callbacks import Callbacks, answer
from .handle import Emulator
from .samples import Body

ADDRESS, CHANNEL = "123456789", "custom_channel"
SETTLE_SECONDS = 20.0
TEXTS = {
    "msg_hub_retain_and_retry": "Please wait.",
    "msg_hub_off_hours": "We are closed.",
    "msg_hub_invalid_content_type_to_customer": "Not of that kind.",
    "msg_hub_invalid_content_type_to_agent": "The customer cannot see that.",
    "msg_hub_channel_msg_failed": "It did not arrive.",
    "msg_hub_blocked_file_extension": "No {0} files.",
    "msg_hub_attachment_size_exceeds_limit": "At most {0}.",
}


Where = str | Body | None
"""The id of a conversation, or the start of a new one."""


class Hub:
    """Objects by their name in `ids`; the bot is at /bot, the customer's app at /customer.

    It is made through the control surface: some of these hubs no API would take.
    """

    def __init__(self, emulator: Emulator, callbacks: Callbacks) -> None:
        self.emulator, self.callbacks = emulator, callbacks
        self.ids: dict[str, str] = {}
        self._collections: dict[str, str] = {}
        agents = emulator.control("GET", "/objects/clientapplications")["objects"][0]["id"]
        self.ids["agents"], self._collections["agents"] = agents, "clientapplications"
        self.add("auth", "authentications", self.oauth2())
        self.add("bot", "clientapplications", self.application("custom_bot", "/bot", "auth"))
        self.add("customers", "clientapplications", self.application("customer", "/customer"))
        participant = {"type": "custom_bot", "application": {"id": self.ids["bot"]}}
        self.add("greeter", "participants", participant)
        self.add("chat", "channels", self.channel())
        self.add("flow", "orchestrations", {"applications": self.with_bot()})
        self.add("orders", "accounts", self.account())
        callbacks.plans["/token"] = self.token

    def token(self, request: Any) -> None:
        """Answer as a token endpoint, with a new token each time."""
        number = len(self.callbacks.at("/token"))
        answer(200, f'{{"accessToken": "canary-token-{number}"}}'.encode())(request)

    def oauth2(self) -> Body:
        return {
            "type": "oauth2",
            "oauth2": {
                "tokenRequestUrl": f"{self.callbacks.url}/token?key=canary-query",
                "method": "POST",
                "headers": [{"name": "X-Key", "value": "canary-header"}],
                "payload": '{"clientSecret":"canary-payload"}',
                "accessTokenPath": "$.accessToken",
            },
        }

    def application(self, role: str, path: str, auth: str | None = None) -> Body:
        part: Body = {
            "name": role,
            "version": "v3",
            "callback": self.callbacks.url + path,
            "notificationEmail": "ops@example.com",
            "headers": [{"name": "X-Role", "value": "canary-role"}],
        }
        if auth:
            part["authentication"] = {"id": self.ids[auth]}
        return {"roles": [part]}

    def channel(self) -> Body:
        texts = [{"name": name, "value": value} for name, value in TEXTS.items()]
        return {
            "type": CHANNEL,
            "displayName": "Custom Channel",
            "icon": "iVBORw0KGgo=",
            "restrictions": {"outbound": {"systemMessages": True}},
            "l10nProperties": [
                {"language": "de-DE", "properties": [{"name": "other", "value": "Anders"}]},
                {"language": "en-US", "properties": texts},
            ],
        }

    def with_bot(self) -> Body:
        bot = {
            "id": self.ids["bot"],
            "participant": {"id": self.ids["greeter"]},
            "onEscalation": {"agent": {"id": self.ids["agents"]}},
        }
        customers = {"customer": {"id": self.ids["customers"]}}
        return {"botConfiguration": {"bots": [bot]}, "customerConfiguration": customers}

    def without_bot(self, agents: str = "agents") -> Body:
        return {
            "botConfiguration": None,
            "agentConfiguration": {"agents": [{"id": self.ids[agents]}]},
        }

    def account(self) -> Body:
        return {
            "address": ADDRESS,
            "channel": {"id": self.ids["chat"]},
            "chatConfigurations": {
                "timeout": 30,
                "defaultLanguage": "en-US",
                "onAgentUnavailability": "off_hours",
                "orchestration": {"id": self.ids["flow"]},
                "entryPoint": {"id": "1001"},
            },
        }

    def add(self, name: str, collection: str, body: Body) -> str:
        """Add an object; return its id."""
        named = body if collection == "channels" else {"name": name, **body}
        made = self.emulator.control("POST", f"/objects/{collection}", named)
        self.ids[name], self._collections[name] = made["id"], collection
        return str(made["id"])

    def edit(self, name: str, changes: Body) -> None:
        """Apply a JSON merge patch to an object."""
        path = f"/objects/{self._collections[name]}/{self.ids[name]}"
        self.emulator.control("PATCH", path, changes)

    def remove(self, name: str) -> None:
        path = f"/objects/{self._collections[name]}/{self.ids[name]}"
        self.emulator.control("DELETE", path)

    def role(self, application: str, **changes: Any) -> None:
        """Change the only role of an application."""
        path = f"/objects/clientapplications/{self.ids[application]}"
        body = self.emulator.control("GET", path, params={"secrets": "plain"})
        self.edit(application, {"roles": [{**body["roles"][0], **changes}]})

    def oauth2_is(self, **changes: Any) -> None:
        self.edit("auth", {"oauth2": changes})

    def restrict(self, direction: str, **rules: Any) -> None:
        self.edit("chat", {"restrictions": {direction: rules}})

    def send(self, kind: str, sender: str, conversation: Where = None, **parts: Any) -> Any:
        """Send one message; return the answer."""
        return self.emulator.api(
            "POST",
            "/conversations/messages",
            json={"messages": {"message": [message(kind, sender, conversation, **parts)]}},
        )

    def say(
        self, text: str, conversation: Where = None, sender: str = "customer", **parts: Any
    ) -> str:
        """Send a text and wait for its end; return the conversation's id."""
        parts = {"content": {"text": text}, **parts} if text else parts
        return self.do("text", sender, conversation, **parts)

    def do(self, kind: str, sender: str, conversation: Where = None, **parts: Any) -> str:
        """Send a message and wait for its end; return the conversation's id."""
        answer = self.send(kind, sender, conversation, **parts)
        assert answer.status_code == 202, answer.text
        self.settle()
        return str(answer.json()["messages"]["message"][0]["conversation"]["id"])

    def settle(self) -> Any:
        """Wait until no message is in flight, except for agents; return the hops."""
        until = time.monotonic() + SETTLE_SECONDS
        while True:
            page = self.emulator.control("GET", "/hops")
            if page["pending"] == page["retained"]:
                return page["hops"]
            assert time.monotonic() < until, "messages did not come to their end"
            time.sleep(0.005)

    def page(self, conversation: str) -> Any:
        return self.emulator.control("GET", f"/conversations/{conversation}")

    def end_of(self, conversation: str) -> tuple[str, str | None]:
        """Return status and reason code of the last message that is not the hub's own."""
        own = [
            m
            for m in self.page(conversation)["messages"]
            if m["body"]["sender"]["type"] != "system"
        ]
        return own[-1]["status"], own[-1]["code"]

    def last_hop(self, outcome: str) -> Any:
        """Return the last hop with this outcome."""
        return [hop for hop in self.settle() if hop["outcome"] == outcome][-1]

    def at_bot(self) -> list[Any]:
        return [one.message for one in self.callbacks.at("/bot")]

    def at_customer(self) -> list[Any]:
        return [one.message for one in self.callbacks.at("/customer")]

    def texts(self) -> list[str]:
        """Return the texts that the customer got, in order."""
        return [m["content"].get("text", m["content"].get("html")) for m in self.at_customer()]

    def escalated(self) -> str:
        """Return the id of an escalated conversation."""
        conversation = self.say("agent, please")
        return self.do("escalation.transfer", "custom_bot", conversation)


def message(kind: str, sender: str, conversation: Where = None, **parts: Any) -> dict[str, Any]:
    """Return a message for a conversation, by default a first one on the hub's account."""
    start = conversation or {"account": {"channel": {"type": CHANNEL}, "address": ADDRESS}}
    return {
        "type": {"value": kind},
        "sender": {"type": sender},
        "conversation": {"id": conversation} if isinstance(conversation, str) else start,
        **parts,
    }
