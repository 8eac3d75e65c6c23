"""A conversation hub: a bot that hands over to agents, on a channel of our own.

Edit this file. `make preview` shows what would change, `make up` changes it.
"""

import pulumi

from egain_pulumi import (
    AccountResource,
    AuthenticationResource,
    ChannelResource,
    ClientApplicationResource,
    OrchestrationResource,
    ParticipantResource,
    check_stack,
    icon_file,
)

check_stack()
config = pulumi.Config()
production = pulumi.get_stack() == "prod"

# How eGain proves to our bot who is calling.
bot_auth = AuthenticationResource(
    "bot-auth",
    name="bot-auth",
    type="oauth2",
    oauth2={
        "token_request_url": config.require("botLoginUrl"),
        "method": "POST",
        "headers": {"Content-Type": "application/json", "Accept": "application/json"},
        "payload": pulumi.Output.json_dumps(
            {"clientId": "hub", "clientSecret": config.require_secret("botClientSecret")}
        ),
        "access_token_path": "$.accessToken",
    },
)

# The participants: our bot, the customer's app, and eGain's own agents.
bot = ClientApplicationResource(
    "bot",
    name="bot",
    roles={
        "custom_bot": {
            "version": "v3",
            "callback": config.require("botCallback"),
            "notification_email": config.require("opsEmail"),
            "headers": {"X-Environment": pulumi.get_stack()},
            "authentication": bot_auth,
        }
    },
)
customers = ClientApplicationResource(
    "customers",
    name="customer-app",
    roles={
        "customer": {
            "version": "v3",
            "callback": config.require("customerCallback"),
            "notification_email": config.require("opsEmail"),
        }
    },
)
agents = ClientApplicationResource.find("agents", role="egain_agent")

# What the bot understands.
greeter = ParticipantResource(
    "greeter",
    name="greeter",
    type="custom_bot",
    application=bot,
    intents=[
        {"value": "order_complaints", "display_value": "Order Complaints"},
        {"value": "sales_enquiries", "display_value": "Sales Enquiries"},
    ],
)

# Where messages come from, and what customers read when nobody is there.
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
        "en-US": {
            "msg_hub_off_hours": "We are closed. We will answer tomorrow.",
            "msg_hub_blocked_file_extension": "We do not take files of type {0}.",
        },
        "de-DE": {
            "msg_hub_off_hours": "Wir haben geschlossen und antworten morgen.",
            "msg_hub_blocked_file_extension": "Dateien vom Typ {0} nehmen wir nicht an.",
        },
    },
)

# What happens to a conversation: the bot first, then people; or people at once.
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

# The addresses that customers write to. Nobody deletes one in production by mistake.
accounts = {
    "orders": (config.require("ordersAddress"), bot_first),
    "complaints": (config.require("complaintsAddress"), people_first),
}
for name, (address, orchestration) in accounts.items():
    account = AccountResource(
        name,
        name=name,
        address=address,
        channel=chat,
        chat_configurations={
            "timeout": 30,
            "default_language": "en-US",
            "on_agent_unavailability": "off_hours",
            "allow_logout_with_open_chats": False,
            "allow_queue_transfer_on_agent_unavailability": False,
            "orchestration": orchestration,
            "entry_point": config.require("entryPoint"),
        },
        opts=pulumi.ResourceOptions(protect=production),
    )
    pulumi.export(f"{name}_account", account.id)

pulumi.export("bot_application", bot.id)
pulumi.export("customer_application", customers.id)
pulumi.export("agent_application", agents.id)
pulumi.export("channel", chat.id)
