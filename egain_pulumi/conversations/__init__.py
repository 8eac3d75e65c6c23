"""Messages, conversations that are over, and files for attachments: what a bot needs of eGain.

    from egain_pulumi.conversations import Conversations, NewConversation, received

    hub = Conversations()  # EGAIN_BASE_URL, EGAIN_TOKEN_URL, EGAIN_CLIENT_ID, EGAIN_CLIENT_SECRET

    def on_delivery(delivery):  # the JSON that eGain has posted to the bot's callback
        for message in received(delivery):
            if message.kind == "text" and message.conversation:
                bot = hub.custom_bot("greeter", to=message.conversation)
                bot.text(f"You said: {message.text}")

    start = NewConversation(channel="custom_channel", address="123456789")
    sent = hub.customer("John Smith", to=start).text("I need help with my order.")
    hub.customer("John Smith", to=sent.conversation).end()

A role has the methods that it may send; `send` takes a Message of any kind. What eGain has accepted
is `Sent`. InDoubt: it may have been delivered, and was not sent again. Refused: eGain said no. Any
other EgainError: nothing was sent. `docs/conversations.md` says more.

kinds        which role sends which kind
message      what is sent, and where to
body         how that travels
voices       the roles
answers      what comes back
client       `Conversations`
calls        what it and `assets` ask of the API
assets       files, with `files` as what is read on the way and `storage` as where it goes
scopes       what a token is asked for
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
