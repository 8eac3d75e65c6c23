"""One line, and no secret in it that a server repeats."""

from __future__ import annotations

import json
from typing import Any

import pytest

from egain_pulumi import errors
from egain_pulumi.errors import ApiError, EgainError, NotFound, TransportError
from egain_pulumi.plugin.context import Context
from egain_pulumi.plugin.messages import Subject
from egain_pulumi.plugin.tenant import Tenant
from egain_pulumi.resources.authentication import AuthenticationProvider
from egain_pulumi.text import cut, one_line, plural, visible


@pytest.mark.parametrize(
    "error",
    [
        EgainError("text"),
        errors.ConfigurationError("text"),
        TransportError("text", in_doubt=True),
        ApiError(method="GET", path="/x", status=400, code="4", words="w", correlation="c"),
        NotFound(method="GET", path="/x", status=404, code="4", words="w", correlation="c"),
    ],
)
def test_errors_are_ours_and_show_no_module(error: Exception) -> None:
    assert isinstance(error, EgainError)
    assert type(error).__module__ == "builtins"


HOSTILE = "a\n\t\x1b[2J\x00\u202e\u200b\ud800 ü 漢"


def test_unprintable_characters_are_escaped_or_replaced() -> None:
    assert visible(HOSTILE) == r"a\n\t\x1b[2J\x00\u202e\u200b\ud800 ü 漢"
    assert visible(HOSTILE, instead="?") == "a???[2J???? ü 漢"
    assert visible(HOSTILE, instead="?", keep="\n\t") == "a\n\t?[2J???? ü 漢"


def test_a_long_text_is_cut() -> None:
    assert (cut("abcd", 4), cut("abcde", 4)) == ("abcd", "abc…")


def test_a_count_has_its_noun() -> None:
    said = [plural(count, "call") for count in (0, 1, 2, 1_000)]
    assert said == ["no calls", "1 call", "2 calls", "1,000 calls"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\r\n\tc", "a b c"),
        ("a\x1b[31mred\x00", "a [31mred"),
        ("  many   blanks ", "many blanks"),
        ("Größe – 你好", "Größe – 你好"),
        ("x" * 300, "x" * 300),
        ("x" * 301, "x" * 299 + "…"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_servers_words_are_one_line() -> None:
    assert str(TransportError("a\nb", in_doubt=False)) == "a b"
    error = ApiError(
        method="GET", path="/x", status=400, code="4", words="a\n" * 999, correlation=""
    )
    assert "\n" not in str(error)
    assert len(error.words) == 300


def test_an_address_in_a_servers_words_loses_what_may_be_a_key() -> None:
    words = "cannot deliver to https://hub:canary@bot.example.com/x?code=canary now"
    error = ApiError(method="GET", path="/x", status=400, code="4", words=words, correlation="")
    assert error.words == "cannot deliver to https://bot.example.com/x?… now"


def test_a_reason_after_a_repeated_request_is_shown() -> None:
    words = "Invalid. Request body: " + "{}" * 999 + " (channel.id: no Channel has this id)"
    error = ApiError(method="PUT", path="/x", status=400, code="4", words=words, correlation="")
    shown = error.words
    assert shown.startswith("Invalid. Request body: {}")
    assert shown.endswith("{} (channel.id: no Channel has this id)")


PAYLOAD = '{\n  "clientId": "hub-of-ours",\n  "clientSecret": "inner-secret-of-the-bot"\n}'
PROPS: dict[str, Any] = {
    "name": "bot-auth",
    "oauth2": {"payload": PAYLOAD, "headers": {"X-Key": "Bearer key-of-the-bot"}},
    "extra": {"vendor": [{"pin": "pin-of-the-vendor"}]},
}


def failed(words: str) -> str:
    """Return the error if eGain refuses an authentication with these words."""
    config = {"egain:clientId": "hub", "egain:clientSecret": "secret-of-the-client"}
    kind = AuthenticationProvider.as_kind()
    context = Context(kind, Tenant.configured(config), Subject(kind, "bot"), PROPS)
    error = ApiError(
        method="POST", path="/x", status=400, code="400-1", words=words, correlation="c0ffee"
    )
    with pytest.raises(EgainError) as said, context.reporting("create"):
        raise error
    return str(said.value)


@pytest.mark.parametrize(
    "words",
    [
        "cannot use Bearer key-of-the-bot",
        "cannot use pin-of-the-vendor",
        "unknown secret-of-the-client",
        f"cannot use {PAYLOAD}",
        f"cannot use {json.dumps(PAYLOAD)}",
        "the clientSecret inner-secret-of-the-bot is wrong",
    ],
)
def test_no_refusal_repeats_a_secret_of_the_object_or_of_ours(words: str) -> None:
    said = failed(words)
    assert said.startswith('eGain refused to create authentication "bot" (400-1): ')
    for secret in ("key-of-the-bot", "pin-of", "secret-of-the-client", "inner-secret"):
        assert secret not in said


@pytest.mark.parametrize("before", range(275, 300, 4))
def test_a_secret_at_the_cut_is_redacted(before: int) -> None:
    words = "x" * (before - 1) + " " + "Bearer key-of-the-bot"
    assert "Bear" not in failed(words)
