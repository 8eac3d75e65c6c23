"""The examples of the reference, one complete program per kind, and rules across arguments.

A test previews each example and breaks each rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Rule:
    """A rule across arguments. `broken` breaks it, and the complaint names `path`."""

    text: str
    broken: dict[str, Any]
    path: str


EXAMPLES: Final = {
    "Authentication": """\
import pulumi
from egain_pulumi import AuthenticationResource

config = pulumi.Config()

bot_auth = AuthenticationResource(
    "bot-auth",
    name="bot-auth",
    type="oauth2",
    oauth2={
        "token_request_url": "https://bot.example.com/oauth2/token",
        "method": "POST",
        "headers": {"Content-Type": "application/json", "Accept": "application/json"},
        "payload": pulumi.Output.json_dumps(
            {"clientId": "hub", "clientSecret": config.require_secret("botClientSecret")}
        ),
        "access_token_path": "$.accessToken",
    },
)

app_auth = AuthenticationResource(
    "app-auth",
    name="app-auth",
    type="basic",
    basic_auth={"username": "hub", "password": config.require_secret("appPassword")},
)
""",
    "ClientApplication": """\
from egain_pulumi import AuthenticationResource, ClientApplicationResource

bot = ClientApplicationResource(
    "bot",
    name="bot",
    roles={
        "custom_bot": {
            "version": "v3",
            "callback": "https://bot.example.com/callback",
            "notification_email": "ops@example.com",
            "headers": {"X-Environment": "dev"},
            "authentication": AuthenticationResource.find("bot-auth", name="bot-auth"),
        }
    },
)

# The application of the agents is eGain's own.
agents = ClientApplicationResource.find("agents", role="egain_agent")
""",
    "Participant": """\
from egain_pulumi import ClientApplicationResource, ParticipantResource

greeter = ParticipantResource(
    "greeter",
    name="greeter",
    type="custom_bot",
    application=ClientApplicationResource.find("bot", name="bot"),
    intents=[
        {"value": "order_complaints", "display_value": "Order Complaints"},
        {"value": "sales_enquiries", "display_value": "Sales Enquiries"},
    ],
)
""",
    "Channel": """\
from egain_pulumi import ChannelResource, icon_file

chat = ChannelResource(
    "chat",
    type="custom_channel",
    display_name="Chat",
    icon=icon_file("icons/chat.png"),
    restrictions={
        "inbound": {
            "max_text_length": 2000,
            "features": ["attachments", "typing_events"],
            "attachment_policy": {"enabled": True, "type": "block", "extensions": ["bat", "exe"]},
        },
        "outbound": {"max_text_length": 2000, "system_messages": True},
    },
    l10n_properties={
        "en-US": {"msg_hub_off_hours": "We are closed. We will answer tomorrow."},
        "de-DE": {"msg_hub_off_hours": "Wir haben geschlossen und antworten morgen."},
    },
)
""",
    "Orchestration": """\
from egain_pulumi import ClientApplicationResource, OrchestrationResource, ParticipantResource

bot = ClientApplicationResource.find("bot", name="bot")
customers = ClientApplicationResource.find("customers", role="customer")
agents = ClientApplicationResource.find("agents", role="egain_agent")
greeter = ParticipantResource.find("greeter", name="greeter")

bot_first = OrchestrationResource(
    "bot-first",
    name="bot-first",
    applications={
        "bot_configuration": {
            "forward_transcript": True,
            "bots": [{"id": bot, "participant": greeter, "on_escalation": {"agent": agents}}],
        },
        "customer_configuration": {"customer": customers},
    },
)

people_first = OrchestrationResource(
    "people-first",
    name="people-first",
    applications={
        "customer_configuration": {"customer": customers},
        "agent_configuration": {"agents": [agents]},
    },
)
""",
    "Account": """\
from egain_pulumi import AccountResource, ChannelResource

orders = AccountResource(
    "orders",
    name="orders",
    address="123456789",
    channel=ChannelResource.find("chat", type="custom_channel"),
    chat_configurations={
        "timeout": 30,
        "default_language": "en-US",
        "on_agent_unavailability": "off_hours",
        "allow_logout_with_open_chats": False,
        "allow_queue_transfer_on_agent_unavailability": False,
        # An orchestration has no unique name: its id, or the resource of this program.
        "orchestration": "7b6c5fff-2f3b-4c49-9c59-0d1f0ba1ff10",
        "entry_point": "1001",
    },
)
""",
}

RULES: Final = {
    "Authentication": (
        Rule(
            'With `type="oauth2"`, `oauth2` is required.',
            {"name": "a", "type": "oauth2"},
            "oauth2",
        ),
        Rule(
            'With `type="basic"`, `basic_auth` is required.',
            {"name": "a", "type": "basic"},
            "basic_auth",
        ),
        Rule(
            "`oauth2` and `basic_auth` exclude each other.",
            {
                "name": "a",
                "type": "basic",
                "oauth2": {"token_request_url": "https://bot.example.com"},
                "basic_auth": {"username": "u", "password": "p"},
            },
            "basic_auth",
        ),
        Rule(
            "A `token_request_url` with a user, a password, or a query that looks like a key "
            "causes a warning: previews and the state show it. Use `headers` or `payload`.",
            {
                "name": "a",
                "type": "oauth2",
                "oauth2": {"token_request_url": "https://hub:s3cr3t@bot.example.com"},
            },
            "oauth2.token_request_url",
        ),
    ),
    "ClientApplication": (
        Rule(
            "A `callback` that is not an absolute URL, or plain `http` to another machine, causes "
            "a warning.",
            {
                "name": "a",
                "roles": {
                    "customer": {
                        "version": "v3",
                        "callback": "http://bot.example.com",
                        "notification_email": "ops@example.com",
                    }
                },
            },
            "roles.customer.callback",
        ),
        Rule(
            "A `callback` with a user, a password, or a query that looks like a key causes a "
            "warning: previews and the state show it. Use `headers` or `authentication`.",
            {
                "name": "a",
                "roles": {
                    "customer": {
                        "version": "v3",
                        "callback": "https://bot.example.com?code=s3cr3t",
                        "notification_email": "ops@example.com",
                    }
                },
            },
            "roles.customer.callback",
        ),
        Rule(
            "A `notification_email` that is not an address causes a warning.",
            {
                "name": "a",
                "roles": {
                    "customer": {
                        "version": "v3",
                        "callback": "https://bot.example.com",
                        "notification_email": "ops",
                    }
                },
            },
            "roles.customer.notification_email",
        ),
    ),
    "Participant": (
        Rule(
            'eGain creates participants of `type="egain_bot"` itself: use `find`. Declaring one '
            "causes a warning.",
            {"name": "a", "type": "egain_bot", "application": {"id": "i" * 36}},
            "type",
        ),
    ),
    "Channel": (
        Rule(
            "An `icon` that does not decode is an error, and so is a file that is missing, empty, "
            "outside the project, or larger than 384,000 bytes.",
            {"type": "a", "display_name": "a", "icon": "no base64!"},
            "icon",
        ),
        Rule(
            "An `icon` that is not a png of 32 by 32 pixels causes a warning.",
            {"type": "a", "display_name": "a", "icon": "AAAA"},
            "icon",
        ),
        Rule(
            "A language that is not written like `en-US` causes a warning, and so does a name of a "
            "text that is not listed here.",
            {
                "type": "a",
                "display_name": "a",
                "icon": {"path": "icons/chat.png", "sha256": ""},
                "l10n_properties": {"en_US": {}},
            },
            "l10n_properties.en_US",
        ),
    ),
    "Account": (
        Rule(
            "A `default_language` that is not written like `en-US` causes a warning.",
            {
                "name": "a",
                "address": "1",
                "channel": {"id": "i" * 36},
                "chat_configurations": {"default_language": "en_US"},
            },
            "chat_configurations.default_language",
        ),
    ),
    "Orchestration": (
        Rule(
            "`bot_configuration` is required unless `agent_configuration` is given.",
            {"name": "a", "applications": {}},
            "applications.bot_configuration",
        ),
    ),
}

LIST_JSON: Final = """\
{
  "base_url": "https://api.egain.cloud/conversation/conversationmgr/v3",
  "kinds": [
    {
      "kind": "client-application",
      "field": "name",
      "needs_scope": null,
      "objects": [
        {
          "id": "7b6c5fff-2f3b-4c49-9c59-0d1f0ba1ff10",
          "value": "bot",
          "active": true,
          "roles": ["custom_bot"],
          "referred_to_by": [
            {
              "kind": "participant",
              "id": "45a0c0de-58a1-4a3e-a7d5-6b5a3a1f6a1b",
              "value": "greeter"
            }
          ]
        }
      ]
    }
  ]
}
"""
"""The output of `egain-pulumi list client-application --json`."""
