"""The hub's own messages: texts of the channel, in the account's language.

Bots get none: the names of the texts mention only customers and agents.
"""

from __future__ import annotations

from ..tenant import Tenant
from . import restrictions
from .bodies import Body, at, text_at
from .codes import Code, Reason
from .conversations import Conversations
from .kinds import AGENTS, CUSTOMER, SYSTEM, TEXT
from .trail import STOPPED
from .walk import Walk


def words(
    tenant: Tenant, conversations: Conversations, walk: Walk, role: str, name: str, filling: str
) -> str | None:
    """Return the text for a role; None, with a hop that says why, if there is none."""
    if role != CUSTOMER and role not in AGENTS:
        return None
    key = conversations.all[walk.conversation]["accountId"]
    account = tenant.objects["accounts"].get(key, {})
    channel = tenant.objects["channels"].get(text_at(account, "channel", "id"), {})
    if role == CUSTOMER and at(channel, "restrictions", "outbound", "systemMessages") is not True:
        walk.note("text", STOPPED, Reason(Code.NOTICE_OFF))
        return None
    language = text_at(account, "chatConfigurations", "defaultLanguage")
    found = restrictions.text(channel, language, name, filling)
    if found is None:
        facts = {"name": name, "language": language or "none"}
        walk.note("text", STOPPED, Reason(Code.NOTICE_TEXT_MISSING, **facts))
    return found


def message(conversation: str, text: str) -> Body:
    """Return the message with a text of the hub."""
    return {
        "type": {"value": TEXT},
        "content": {"text": text},
        "sender": {"type": SYSTEM},
        "conversation": {"id": conversation},
    }
