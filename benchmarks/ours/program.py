"""A program with egain_pulumi: the same objects, written as its users write them."""

from typing import Any

from benchmarks.objects import ICON, LOGIN, Item, requested_objects
from egain_pulumi import (
    AccountResource,
    AuthenticationResource,
    ChannelResource,
    ClientApplicationResource,
    OrchestrationResource,
    ParticipantResource,
)

made: dict[str, Any] = {}


def resource(item: Item) -> Any:
    """Declare the resource of an object; its name begins with its kind."""
    name, number = item.name, item.name.rpartition("-")[2]
    match name.rpartition("-")[0]:
        case "auth":
            return AuthenticationResource(
                name,
                name=name,
                type="oauth2",
                oauth2={"token_request_url": "https://bot.example.com/token", "payload": LOGIN},
            )
        case "bot":
            return ClientApplicationResource(
                name,
                name=name,
                roles={
                    "custom_bot": {
                        "version": "v3",
                        "callback": "https://bot.example.com/callback",
                        "notification_email": "ops@example.com",
                        "authentication": made[f"auth-{number}"],
                    }
                },
            )
        case "greeter":
            return ParticipantResource(
                name,
                name=name,
                type="custom_bot",
                application=made[f"bot-{number}"],
                intents=[{"value": "order_complaints", "display_value": "Order Complaints"}],
            )
        case "chat":
            return ChannelResource(
                name,
                type=name,
                display_name="Chat",
                icon=ICON,
                restrictions={
                    "inbound": {
                        "max_text_length": 2000,
                        "features": ["attachments", "typing_events"],
                    }
                },
            )
        case "flow":
            bot = made[f"bot-{number}"]
            return OrchestrationResource(
                name,
                name=name,
                applications={
                    "bot_configuration": {
                        "forward_transcript": True,
                        "bots": [{"id": bot, "participant": made[f"greeter-{number}"]}],
                    },
                    "customer_configuration": {"customer": bot},
                },
            )
        case "orders":
            flow: Any = made.get(f"flow-{number}")  # None in the shape `five`: not set
            return AccountResource(
                name,
                name=name,
                address=f"{int(number):09}",
                channel=made[f"chat-{number}"],
                chat_configurations={
                    "timeout": 30,
                    "default_language": "en-US",
                    "orchestration": flow,
                },
            )
    raise ValueError(name)


for item in requested_objects():
    made[item.name] = resource(item)
