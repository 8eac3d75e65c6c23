"""One line, cutting, and redaction of secrets."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

_LONGEST = 300  # characters of a server's words to repeat
LONGEST_SENTENCE = 2_000  # characters; a list of conflicts may be long
_SHORTEST = 4  # characters; redacting each `a` would hide the message, not the secret


def visible(text: str, *, instead: str | None = None, keep: str = "") -> str:
    r"""Return the text with unprintable characters escaped (`\x1b`), or replaced by `instead`.

    Anybody may name an object in eGain: a name must not move a cursor, break a line, or hide or
    reorder text (U+200B, U+202E). Characters in `keep` stay.
    """
    return "".join(c if c.isprintable() or c in keep else _shown(c, instead) for c in text)


def _shown(character: str, instead: str | None) -> str:
    return character.encode("unicode_escape").decode() if instead is None else instead


def cut(text: str, longest: int) -> str:
    """Return the text with at most `longest` characters; an ellipsis marks the cut."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: `no findings`, `1 finding`, `2 findings`."""
    return f"{f'{count:,}' if count else 'no'} {noun}{'' if count == 1 else 's'}"


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Return the text without line breaks and control characters, cut at `longest` characters."""
    return cut(" ".join(visible(text, instead=" ").split()), longest)


def both_ends(text: str) -> str:
    """Return a server's words, cut in the middle if they are too long.

    A server that repeats the request gives its reason before or after it.
    """
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[: half - 1]}…{text[-half:]}"


def without(text: str, secrets: Iterable[str]) -> str:
    """Return the text with every secret replaced by `[secret]`, however a server quoted it.

    Servers echo requests or parts of them: as sent or with other blanks, escaped as JSON, HTML,
    URL or form, or in base64. Therefore the texts inside a JSON secret are secrets too. Redact
    before you cut: the rest of a cut secret is not found.
    """
    forms = {form for secret in secrets for part in _parts(secret) for form in _forms(part)}
    patterns = [
        r"\s+".join(map(re.escape, words))
        for words in (form.split() for form in sorted(forms, key=len, reverse=True))
        if words
    ]
    return re.sub("|".join(patterns), "[secret]", text) if patterns else text


def _parts(secret: str) -> Iterator[str]:
    """Yield a secret, and every text inside it if it is a JSON document."""
    yield secret
    try:
        inner = json.loads(secret)
    except (ValueError, RecursionError):
        return
    found = [inner]
    for each in found:
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict | list):
            found += each.values() if isinstance(each, dict) else each


def _forms(secret: str) -> Iterator[str]:
    if len(secret) < _SHORTEST:
        return
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield from (quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield from (html.escape(secret), html.escape(secret, quote=False))
    encoded = base64.b64encode(secret.encode(errors="surrogatepass")).decode()
    yield from (encoded, encoded.rstrip("="))


def sentence(text: str) -> str:
    """Return the text, with a full stop if it has no end mark."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
