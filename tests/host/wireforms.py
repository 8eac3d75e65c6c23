"""What `full` of each specimen is in eGain, written by hand from the contract."""

from __future__ import annotations

from typing import Any

from tests.specimens import ICON, IDS

WIRE: dict[str, dict[str, Any]] = {
    "bot-auth": {
        "name": "bot-auth",
        "type": "oauth2",
        "oauth2": {
            "tokenRequestUrl": "https://bot.example.com/token",
            "method": "POST",
            "headers": [
                {"name": "Accept", "value": "application/json"},
                {"name": "X-Key", "value": "key-of-the-bot"},
            ],
            "payload": '{"clientId":"hub","clientSecret":"secret-of-the-bot"}',
            "accessTokenPath": "$.accessToken",
        },
        "description": "For the callback of the bot.",
        "active": True,
    },
    "app-auth": {
        "name": "app-auth",
        "type": "basic",
        "basicAuth": {"username": "hub", "password": "password-of-the-hub"},
        "description": "For the callback of the app.",
        "active": True,
    },
    "bot": {
        "name": "bot",
        "roles": [
            {
                "name": "custom_bot",
                "version": "v3",
                "callback": "https://bot.example.com/callback",
                "notificationEmail": "ops@example.com",
                "headers": [{"name": "X-Tenant", "value": "tenant-of-the-bot"}],
                "authentication": {"id": IDS["Authentication"]},
            },
            {
                "name": "customer",
                "version": "v1",
                "callback": "https://app.example.com/callback",
                "notificationEmail": "app@example.com",
            },
        ],
        "description": "The bot, and the app of customers.",
        "active": True,
    },
    "greeter": {
        "name": "greeter",
        "type": "custom_bot",
        "application": {"id": IDS["ClientApplication"]},
        "intents": {
            "intent": [
                {"value": "sales_enquiries", "displayValue": "Sales Enquiries"},
                {"value": "order_complaints", "displayValue": "Order Complaints"},
            ]
        },
        "options": [
            {"name": "greeting", "value": "Hello!"},
            {"name": "mood", "value": "calm"},
        ],
        "description": "Answers first.",
        "active": True,
    },
    "custom_channel": {
        "type": "custom_channel",
        "displayName": "Chat",
        "icon": ICON,
        "restrictions": {
            "inbound": {
                "maxTextLength": 2000,
                "attachmentPolicy": {
                    "enabled": True,
                    "maxSize": 12345,
                    "type": "block",
                    "extensions": ["bat", "exe"],
                },
                "features": ["attachments", "typing_events"],
            },
            "outbound": {
                "maxTextLength": 1000,
                "systemMessages": True,
                "midChatAuth": False,
                "features": ["richText"],
                "richMessageTypes": ["listpicker", "quickreply"],
                "attachmentPolicy": {"enabled": False},
            },
        },
        "l10nProperties": [
            {
                "language": "de-DE",
                "properties": [{"name": "msg_hub_off_hours", "value": "Wir haben geschlossen."}],
            },
            {
                "language": "en-US",
                "properties": [
                    {"name": "msg_hub_off_hours", "value": "We are closed."},
                    {"name": "msg_hub_retain_and_retry", "value": "Wait."},
                ],
            },
        ],
        "description": "The chat on our site.",
        "active": True,
    },
    "bot-first": {
        "name": "bot-first",
        "applications": {
            "botConfiguration": {
                "bots": [
                    {
                        "id": IDS["ClientApplication"],
                        "participant": {"id": IDS["Participant"]},
                        "onEscalation": {"agent": {"id": IDS["ClientApplication"]}},
                    }
                ],
                "forwardTranscript": True,
                "bypassVaDuration": 10,
            },
            "customerConfiguration": {"customer": {"id": IDS["ClientApplication"]}},
            "agentConfiguration": {"agents": [{"id": IDS["ClientApplication"]}]},
        },
        "description": "The bot, then people.",
        "active": True,
    },
    "orders": {
        "name": "orders",
        "address": "123456789",
        "channel": {"id": IDS["Channel"]},
        "chatConfigurations": {
            "timeout": 30,
            "defaultLanguage": "en-US",
            "onAgentUnavailability": "off_hours",
            "allowLogoutWithOpenChats": False,
            "allowQueueTransferOnAgentUnavailability": True,
            "orchestration": {"id": IDS["Orchestration"]},
            "entryPoint": {"id": "1001"},
        },
        "caseManagement": {"sameCaseDuration": 1.5, "copyCustomAttributes": True},
        "description": "Orders by chat.",
        "active": True,
    },
}
"""By the unique value; an orchestration by its name."""
