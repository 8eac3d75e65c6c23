"""The body that a callback gets (contract, HubDelivery; docs/vendor-api.md#deliveries)."""

from __future__ import annotations

import html
from typing import Any

from ..settings import Settings
from .assets import Assets
from .bodies import Body, objects_at, text_at

_PASSED_ON = ("messageId", "type", "content", "parent", "sender", "recipients", "attributes")


def delivery(messages: list[Body]) -> Body:
    """Return the body of one delivery."""
    return {"messages": {"message": messages}}


def message(body: Body, key: str, conversation: Body, assets: Assets, settings: Settings) -> Body:
    """Return a message for its recipient, with the hub's id if it has no `messageId`.

    The text of an eGain agent arrives as `content.html` only (observed, S24).
    """
    out: dict[str, Any] = {name: body[name] for name in _PASSED_ON if name in body}
    out.setdefault("messageId", key)
    words = text_at(body, "content", "text")
    if text_at(body, "sender", "type") == "egain_agent" and words:
        rest = {k: v for k, v in body["content"].items() if k != "text"}
        out["content"] = {"html": html.escape(words, quote=False), **rest}
    out["conversation"] = {**conversation["start"], "id": conversation["id"]}
    attachments = objects_at(body, "attachments", "attachment")
    if attachments:
        shown = [assets.for_callback(attachment, settings) for attachment in attachments]
        out["attachments"] = {"attachment": shown}
    return out
