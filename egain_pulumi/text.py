"""One line, cutting, and redaction of secrets."""

from __future__ import annotations

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


def sentence(text: str) -> str:
    """Return the text, with a full stop if it has no end mark."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
