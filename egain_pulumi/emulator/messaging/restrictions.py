"""A channel's restrictions, by direction (contract, ChannelInput.restrictions).

Assumed, because nothing is documented: a missing list or limit restricts nothing; an empty list of
features turns all of them off; `maxSize` counts bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .bodies import Body, at, objects_at, text_at
from .codes import Code, Reason
from .kinds import ABOUT, AUTHENTICATION, RICH, TYPING

INBOUND, OUTBOUND = "inbound", "outbound"

OFF_HOURS, RETAIN = "msg_hub_off_hours", "msg_hub_retain_and_retry"
ABOUT_AGENTS = frozenset((OFF_HOURS, RETAIN))
FAILED = "msg_hub_channel_msg_failed"
EXTENSION = "msg_hub_blocked_file_extension"
SIZE = "msg_hub_attachment_size_exceeds_limit"
CONTENT = {
    # By recipient: the customer if the hub refuses the content, the agent if the channel does.
    INBOUND: "msg_hub_invalid_content_type_to_customer",
    OUTBOUND: "msg_hub_invalid_content_type_to_agent",
}


@dataclass(frozen=True)
class Breach:
    """A restriction that stops a message, the name of the text about it, and the text's {0}."""

    reason: Reason
    text: str | None
    filling: str = ""


def breach(channel: Body, direction: str, message: Body) -> Breach | None:
    """Return the first restriction that stops the message, None if it passes."""
    rules = at(channel, "restrictions", direction)
    kind = text_at(message, "type", "value")
    if kind in TYPING:
        return (
            None if _allows(rules, "typing_events") else _blocked(direction, "typing_events", None)
        )
    if direction == OUTBOUND:
        found = _outbound_breach(rules, kind)
        if found:
            return found
    longest = at(rules, "maxTextLength")
    length = max(len(text_at(message, "content", part)) for part in ("text", "html"))
    if _number(longest) and length > longest:
        inward = direction == INBOUND
        code = Code.INBOUND_TEXT_TOO_LONG if inward else Code.OUTBOUND_TEXT_TOO_LONG
        return Breach(Reason(code, length=length, limit=longest), FAILED)
    if text_at(message, "content", "html") and not _allows(rules, "richText"):
        return _blocked(direction, "richText", CONTENT[direction])
    attachments = objects_at(message, "attachments", "attachment")
    if attachments and not _allows(rules, "attachments"):
        return _blocked(direction, "attachments", CONTENT[direction])
    return attachment_breach(
        channel, direction, ((text_at(a, "name"), at(a, "size")) for a in attachments)
    )


def attachment_breach(
    channel: Body, direction: str, files: Iterable[tuple[str, Any]]
) -> Breach | None:
    """Return the breach of the first file, name and size, that the attachment policy stops."""
    policy = at(channel, "restrictions", direction, "attachmentPolicy")
    where = f"restrictions.{direction}.attachmentPolicy"
    for name, size in files:
        if at(policy, "enabled") is False:
            return Breach(Reason(Code.ATTACHMENTS_DISABLED, policy=where), CONTENT[direction])
        extension = name.rstrip(". ").rpartition(".")[2].lower() if "." in name else ""
        listed = at(policy, "extensions")
        words = {str(e).lower().lstrip(".") for e in listed} if isinstance(listed, list) else set()
        kind = at(policy, "type")
        if (kind == "block" and extension in words) or (kind == "allow" and extension not in words):
            facts = {"policy": where, "extension": extension or "(none)"}
            return Breach(Reason(Code.EXTENSION_NOT_ALLOWED, **facts), EXTENSION, extension)
        most = at(policy, "maxSize")
        if _number(most) and not (_size(size) is not None and _size(size) <= most):
            shown = "unknown" if _size(size) is None else f"{_size(size)} bytes"
            facts = {"policy": where, "limit": most, "size": shown}
            return Breach(Reason(Code.ATTACHMENT_TOO_LARGE, **facts), SIZE, str(most))
    return None


def text(channel: Body, language: str, name: str, filling: str) -> str | None:
    """Return a text of the channel in a language, None if it lacks it (no fallback)."""
    for entry in objects_at(channel, "l10nProperties"):
        if text_at(entry, "language") == language:
            for pair in objects_at(entry, "properties"):
                if text_at(pair, "name") == name and text_at(pair, "value"):
                    return text_at(pair, "value").replace("{0}", filling)
    return None


def _outbound_breach(rules: Any, kind: str) -> Breach | None:
    if kind in ABOUT and at(rules, "systemMessages") is not True:
        return Breach(Reason(Code.SYSTEM_MESSAGES_OFF), None)
    if kind == AUTHENTICATION and at(rules, "midChatAuth") is False:
        return Breach(Reason(Code.AUTHENTICATION_OFF), CONTENT[OUTBOUND])
    shown = at(rules, "richMessageTypes")
    if kind.startswith(RICH) and isinstance(shown, list) and kind.removeprefix(RICH) not in shown:
        reason = Reason(Code.RICH_MESSAGE_NOT_LISTED, kind=kind.removeprefix(RICH))
        return Breach(reason, CONTENT[OUTBOUND])
    return None


def _blocked(direction: str, feature: str, told: str | None) -> Breach:
    return Breach(Reason(Code.FEATURE_NOT_LISTED, direction=direction, feature=feature), told)


def _allows(rules: Any, feature: str) -> bool:
    listed = at(rules, "features")
    return not isinstance(listed, list) or feature in listed


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _size(value: Any) -> Any:
    """Return a size in bytes, also if it is text (contract, MessageBody.attachments)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if _number(value) else None
