"""Does a tenant show its secrets as they are? Pure.

A mask that is taken for the secret would be sent in its place by the next update. So everything
counts as hidden until what was read can hardly be a mask (docs/assumptions.md#secrets).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any, Final
from urllib.parse import parse_qsl

from ..schema.secrets import is_secret, texts
from ..schema.tree import Items, Leaf, Node, Record, Table, item_of, rows

_RUN: Final = re.compile(r"[*•●∙]{2}|([·#xX.?_-])\1\1")
_WORDS: Final = re.compile(
    r"\W*(masked|hidden|redacted|protected|confidential|encrypted|removed|omitted|secret"
    r"|not shown|null|none|undefined)\W*",
    re.IGNORECASE,
)
_MEDIA: Final = re.compile(
    r"(application|text|multipart|\*)/(json|x-www-form-urlencoded|xml|plain|html|octet-stream"
    r"|form-data|\*)(; ?charset=(utf-8|iso-8859-1|us-ascii))?",
    re.IGNORECASE,
)
_MEDIA_HEADERS: Final = frozenset({"accept", "content-type"})


class Reading(Enum):
    """What reads show of secrets."""

    SHOWN = "shows its secrets as they are"
    HIDDEN = "masks its secrets, or may do so"
    LEFT_OUT = "leaves its secrets out"


def reading(received: Sequence[Any]) -> Reading:
    """Judge all secrets that a tenant has answered; None where it left one out that must be."""
    found = [value for value in received if isinstance(value, str) and value]
    if not found:
        return Reading.LEFT_OUT
    if len(found) < len(received) or any(map(_masks, found)):
        return Reading.HIDDEN
    several = len(set(found)) > 1 and len({len(value) for value in found}) > 1
    return Reading.SHOWN if several or any(map(_speaks, found)) else Reading.HIDDEN


def received(node: Node, wire: Any) -> Iterator[Any]:
    """Yield every secret of an answer; None for one that must be there and is not."""
    match node:
        case Leaf(secret=True):
            yield wire
        case Record() if isinstance(wire, dict):
            for slot in node.slots.values():
                there = wire.get(slot.wire) is not None
                if there or (slot.required and is_secret(slot.node)):
                    yield from received(slot.node, wire.get(slot.wire))
        case Table() if isinstance(wire, list):
            for row in rows(node, wire).values():
                yield from received(node.item, item_of(node, row))
        case Items() if isinstance(wire, list):
            for item in wire:
                yield from received(node.item, item)


def is_public_header(name: str, value: str) -> bool:
    """Return whether a header says only how a body is written, so that a program may show it."""
    return name.lower() in _MEDIA_HEADERS and is_media_type(value)


def is_media_type(value: str) -> bool:
    """Return whether a text is one of the usual media types."""
    return _MEDIA.fullmatch(value) is not None


def _masks(text: str) -> bool:
    """Return whether a text, or a value in it, looks like a mask."""
    if _RUN.search(text) or (len(text) > 2 and len(set(text)) == 1) or _WORDS.fullmatch(text):
        return True
    return any(_WORDS.fullmatch(part) is not None for part in _parts(text) if part != text)


def _speaks(text: str) -> bool:
    """Return whether a text has a form that no mask has: JSON, a form, a media type."""
    return len(_parts(text)) > 1 or is_media_type(text)


def _parts(text: str) -> list[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [value for _, value in parse_qsl(text)]
    return list(texts(found)) if isinstance(found, dict) else []
