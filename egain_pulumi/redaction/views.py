"""Undo the encodings in which servers repeat a text, and remember where each character was.

JSON, HTML, percent signs, Base64 and hexadecimal digits, one inside the other. Pure.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Final

_ROUNDS: Final = 6
"""Encodings inside each other that are undone."""
_ESCAPE: Final = re.compile(
    r"(?P<percent>%[0-9a-f]{2})|&\#x(?P<hex>[0-9a-f]{1,6});?|&\#(?P<decimal>[0-9]{1,7});?"
    r"|&(?P<entity>[a-z][a-z0-9]{1,30};|amp|lt|gt|quot)"
    r"|(?P<pair>\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\u(?P<unicode>[0-9a-f]{4})"
    r"|\\x(?P<byte>[0-9a-f]{2})"
    r"|\\(?P<escaped>[^ux\s])",
    re.I | re.X,
)
_CONTROL: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_BASE64: Final = re.compile(r"[\w+/-]{11,}={0,2}", re.ASCII)
_HEX: Final = re.compile(r"[0-9a-f]{16,}", re.I)


@dataclass(frozen=True, slots=True)
class View:
    """A text after undoing some encodings; `spans` are each character's start and end in it."""

    text: str
    spans: list[tuple[int, int]]

    def folded(self, dropped: str = "") -> View:
        """Return the view without case, blanks and the `dropped` characters."""
        pairs = [
            (lower, span)
            for character, span in zip(self.text, self.spans, strict=True)
            if not character.isspace() and character not in dropped
            for lower in character.casefold()
        ]
        return View("".join(c for c, _ in pairs), [span for _, span in pairs])


def views(view: View, packed: int = 2) -> Iterator[View]:
    """Yield a text as it is and after undoing encodings; of Base64 and digits, `packed` levels."""
    for each in decoded(view):
        yield each
        for found in _BASE64.finditer(each.text) if packed else ():
            for offset in range(4):
                yield from views(_unpacked(each, found, offset, 4, 3, unpack_base64), packed - 1)
        for found in _HEX.finditer(each.text) if packed else ():
            for offset in range(2):
                yield from views(_unpacked(each, found, offset, 2, 1, _unpack_digits), packed - 1)


def of_text(text: str) -> View:
    """Return a text as it is."""
    return View(text, [(i, i + 1) for i in range(len(text))])


def decoded(view: View) -> Iterator[View]:
    """Yield a view, and what undoing escapes makes of it, as often as that changes it."""
    for _ in range(_ROUNDS):
        yield view
        view, before = _unescaped(view), view
        if view.text == before.text:
            return


def _unescaped(view: View) -> View:
    """Undo one level of percent signs, entities and backslashes."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    end = 0
    for found in _ESCAPE.finditer(view.text):
        text = _unescape(found)
        if text is None:
            continue
        start, stop = found.span()
        parts += (view.text[end:start], text)
        spans += view.spans[end:start]
        spans += [(view.spans[start][0], view.spans[stop - 1][1])] * len(text)
        end = stop
    return View("".join((*parts, view.text[end:])), spans + view.spans[end:])


def _unescape(found: re.Match[str]) -> str | None:
    match found.lastgroup:
        case "percent":
            return chr(int(found[0][1:], 16))  # UTF-8 as Latin-1, which `_learn` knows
        case "entity":
            return html5.get(found["entity"]) or html5.get(found["entity"].lower())
        case "escaped":
            return _CONTROL.get(found["escaped"], found["escaped"])
        case "pair":  # of surrogates
            high, low = (int(found["pair"][at : at + 4], 16) for at in (2, 8))
            code = 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00
        case "decimal":
            code = int(found["decimal"])
        case group:
            code = int(found[group or 0], 16)
    return chr(code) if code < 0x110000 else None


def _unpacked(
    view: View,
    found: re.Match[str],
    offset: int,
    group: int,
    size: int,
    unpack: Callable[[str], bytes],
) -> View:
    """Decode a run of characters, `group` of which stand for `size` bytes, from an offset on."""
    first, end = found.start() + offset, found.end()
    data = unpack(view.text[first:end])
    spans = []
    for number in range(len(data)):
        start = first + number // size * group
        spans.append((view.spans[start][0], view.spans[min(start + group, end) - 1][1]))
    return View(data.decode("latin-1"), spans)


def _unpack_digits(text: str) -> bytes:
    return bytes.fromhex(text[: len(text) // 2 * 2])


def unpack_base64(text: str) -> bytes:
    """Decode Base64 that may have been cut: the last bytes may be missing, not the ones before."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "A" * (-len(plain) % 4))[: len(plain) * 3 // 4]
    except ValueError:
        return b""  # other characters
