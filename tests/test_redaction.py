"""No run of 8 characters of a secret is shown, whatever a server does to it."""

from __future__ import annotations

import base64
import codecs
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from egain_pulumi.redaction import RUN, Redactor, redact

Encode = Callable[[str], str]
ENCODINGS: dict[str, tuple[Encode, Encode]] = {
    "JSON": (lambda t: json.dumps(t)[1:-1], lambda t: json.loads(f'"{t}"', strict=False)),
    "JSON, slashes too": (
        lambda t: json.dumps(t)[1:-1].replace("/", "\\/"),
        lambda t: json.loads(f'"{t}"', strict=False),
    ),
    "HTML": (html.escape, html.unescape),
    "numeric HTML": (lambda t: "".join(f"&#{ord(c)};" for c in t), html.unescape),
    "hexadecimal HTML": (lambda t: "".join(f"&#x{ord(c):X};" for c in t), html.unescape),
    "URL": (lambda t: quote(t, safe=""), unquote),
    "URL in lower case": (lambda t: quote(t, safe="").lower(), unquote),
    "form": (quote_plus, unquote_plus),
    "upper case": (str.upper, lambda t: t),
    "blanks": (lambda t: " ".join(t), lambda t: t),
    "line breaks": (lambda t: "\n".join(t), lambda t: t),
    "Base64": (
        lambda t: base64.b64encode(t.encode()).decode(),
        lambda t: base64.b64decode(f"{t[: len(t) // 4 * 4]}").decode(errors="replace"),
    ),
    "URL-safe Base64 in a longer text": (
        lambda t: base64.urlsafe_b64encode(f"u:{t}".encode()).decode().rstrip("="),
        lambda t: base64.urlsafe_b64decode(f"{t[: len(t) // 4 * 4]}").decode(errors="replace"),
    ),
    "hexadecimal": (
        lambda t: codecs.encode(t.encode(), "hex").decode(),
        lambda t: bytes.fromhex(t[: len(t) // 2 * 2]).decode(errors="replace"),
    ),
}
PACKED = ("Base64", "URL-safe Base64 in a longer text", "hexadecimal")
SECRETS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]),
    min_size=RUN,
    max_size=60,
) | st.from_regex(r"[!-~]{8,60}", fullmatch=True)


def shows(text: str, secret: str) -> bool:
    """Whether a text has a run of the secret, blanks and case aside."""
    text, secret = ("".join(t.casefold().split()) for t in (text, secret))
    return any(secret[i : i + RUN] in text for i in range(len(secret) - RUN + 1))


@given(
    SECRETS,
    st.lists(st.sampled_from(sorted(ENCODINGS)), max_size=3).filter(
        lambda names: len([name for name in names if name in PACKED]) <= 2
    ),
    st.integers(0, 20),
    st.integers(0, 20),
)
@example('pä"ss\\w<ö>rd of/the+hub', ["JSON", "URL"], 3, 0)
def test_nothing_of_a_secret_is_shown(
    secret: str, encodings: list[str], before: int, after: int
) -> None:
    """Cut at both ends, after any encodings inside each other."""
    said = secret
    for name in encodings:
        said = ENCODINGS[name][0](said)
    cut = said[before : len(said) - after]
    shown = redact(f"Invalid value: {cut} (x)", [secret])
    assert not shows(shown, secret), shown
    for name in reversed(encodings):
        shown = "".join(_undone(part, ENCODINGS[name][1]) for part in shown.split("[secret]"))
        assert not shows(shown, secret), shown


def _undone(text: str, decode: Encode) -> str:
    words = []
    for word in text.split():
        try:
            words.append(decode(word))
        except ValueError:
            words.append(word)
    return " ".join(words)


READABLE = {
    "nothing of it": ("not allowed", "s3cret-value", "not allowed"),
    "the value, not its name": (
        'clientSecret is missing in {"clientSecret":"s3cret-value"}',
        '{"clientId": "bot", "clientSecret": "s3cret-value"}',
        'clientSecret is missing in {"clientSecret":"[secret]"}',
    ),
    "a value of a form": (
        "client_secret: s3cret/value, is wrong",
        "grant_type=client_credentials&client_secret=s3cret%2Fvalue",
        "client_secret: [secret], is wrong",
    ),
    "JSON in JSON": (
        r"got {\"key\":\"s3cret-value\"} here",
        json.dumps({"inner": json.dumps({"key": "s3cret-value"})}),
        r"got {\"key\":\"[secret]\"} here".replace(r"\"[secret]\"", '\\"[secret]"'),
    ),
    "a part": ("it begins with s3cret-va", "s3cret-value", "it begins with [secret]"),
    "less than a run": ("it begins with s3cret-", "s3cret-value", "it begins with s3cret-"),
    "what touches it": ("key=a-s3cret-value-b, no", "s3cret-value", "key=[secret], no"),
    "twice": ("s3cret-value s3cret-value", "s3cret-value", "[secret] [secret]"),
    "a short one": ("pin 4711 is 47110", "4711", "pin [secret] is 47110"),
    "too short": ("abc", "abc", "abc"),
    "the contract's words": (
        "application/json is wrong",
        "application/json",
        "application/json is wrong",
    ),
    "decoded credentials": ("user hub:s3cret is", "Basic aHViOnMzY3JldA==", "user [secret] is"),
}


@pytest.mark.parametrize("case", READABLE)
def test_the_rest_stays_readable(case: str) -> None:
    text, secret, shown = READABLE[case]
    assert Redactor([secret], public=["application/json"]).redact(text) == shown


def test_what_is_learned_later_counts_from_then_on() -> None:
    known = Redactor()
    assert known.redact("s3cret-value") == "s3cret-value"
    known.know(["s3cret-value"])
    assert known.redact("s3cret-value") == "[secret]"
