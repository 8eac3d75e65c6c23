"""Send messages, read completed conversations and upload attachments, for bots and applications.

    from egain_pulumi.conversations import Conversations, NewConversation, received

    hub = Conversations()  # EGAIN_BASE_URL, EGAIN_TOKEN_URL, EGAIN_CLIENT_ID, EGAIN_CLIENT_SECRET

    def on_delivery(delivery):  # the JSON that eGain posts to the bot's callback
        for message in received(delivery):
            if message.kind == "text" and message.conversation:
                bot = hub.custom_bot("greeter", to=message.conversation)
                bot.text(f"You said: {message.text}")

    start = NewConversation(channel="custom_channel", address="123456789")
    sent = hub.customer("John Smith", to=start).text("I need help with my order.")
    hub.customer("John Smith", to=sent.conversation).end()

A role has one method for each kind of message that it may send; `send` takes a Message of any kind.
eGain has accepted a message if the result is `Sent`. InDoubt: the message may have been delivered
and was not sent again. Refused: eGain refused it. Any other EgainError: nothing was sent. See
`docs/conversations.md`.

message      messages, the kinds that each role may send, and destinations
body         the request that sends messages
voices       the roles
answers      what eGain answers and delivers
client       `Conversations`
calls        the API calls of `client` and `assets`, and their scopes
assets       attachments; `files` reads them, `storage` uploads them
failures     the errors
"""

from ..errors import EgainError
from .answers import Conversation, Received, Sent, received
from .assets import Asset, Assets, Ticket
from .client import Conversations
from .failures import InDoubt, Refused
from .message import Attachment, Contact, CustomerData, Message, NewConversation
from .voices import CustomAgent, CustomBot, Customer, EgainAgent, EgainBot

__all__ = [
    "Asset",
    "Assets",
    "Attachment",
    "Contact",
    "Conversation",
    "Conversations",
    "CustomAgent",
    "CustomBot",
    "Customer",
    "CustomerData",
    "EgainAgent",
    "EgainBot",
    "EgainError",
    "InDoubt",
    "Message",
    "NewConversation",
    "Received",
    "Refused",
    "Sent",
    "Ticket",
    "received",
]
