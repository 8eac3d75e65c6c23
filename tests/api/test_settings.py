"""The settings, from configuration and environment."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from egain_pulumi.api.settings import Settings, load
from egain_pulumi.errors import ConfigurationError

URL = "https://api.egain.cloud/conversation/conversationmgr/v3"
TOKEN = "https://login.egain.cloud/global/ab12/oauth2/v2.0/token"
COMPLETE = {
    "egain:baseUrl": URL,
    "egain:tokenUrl": TOKEN,
    "egain:clientId": "hub-ci",
    "egain:clientSecret": "canary-of-the-client",
}


def problem(config: Mapping[str, str]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(config)
    assert "canary" not in str(caught.value)
    return str(caught.value)


def test_complete_settings_are_read() -> None:
    settings = load({**COMPLETE, "aws:region": "eu", "conversation-hub:botCallback": "x"})
    assert (settings.base_url, settings.token_url) == (URL, TOKEN)
    assert settings.client_id == "hub-ci"
    assert settings.client_secret is not None
    assert settings.client_secret.get_secret_value() == "canary-of-the-client"
    assert settings.missing() == []
    settings.require()


def test_the_defaults_are_those_of_the_table() -> None:
    settings = load({})
    assert settings.scope == "https://api.egain.cloud/auth/.default"
    assert settings.requests_per_second is None
    assert settings.max_concurrency == 16
    assert settings.request_timeout_seconds == 30
    assert settings.operation_timeout_seconds == 300
    assert (settings.on_conflict, settings.allow_delete, settings.validation) == (
        "fail",
        True,
        "error",
    )


def test_missing_settings_are_an_error_at_the_first_call_only() -> None:
    settings = load({"egain:clientId": "hub-ci"})
    assert settings.missing() == ["base_url", "token_url", "client_secret"]
    with pytest.raises(ConfigurationError) as caught:
        settings.require()
    assert str(caught.value) == (
        "cannot call eGain: egain:baseUrl (EGAIN_BASE_URL), egain:tokenUrl (EGAIN_TOKEN_URL), "
        "egain:clientSecret (EGAIN_CLIENT_SECRET) are not set."
    )


def test_the_secret_is_in_no_text_of_the_settings() -> None:
    settings = load(COMPLETE)
    assert "canary" not in f"{settings!r} {settings} {settings.model_dump()}"


def test_all_problems_are_in_one_line() -> None:
    wrong = {
        "egain:baseUrl": "ftp://x",
        "egain:clientSecret": "",
        "egain:onConflict": "ask",
        "egain:maxConcurrency": "0",
        "egain:allowDelet": "false",
    }
    text = problem(wrong)
    assert text.startswith(
        "egain:allowDelet is not a setting; did you mean egain:allowDelete? "
        "egain:baseUrl (EGAIN_BASE_URL): must be an absolute https:// URL. "
        "egain:clientSecret (EGAIN_CLIENT_SECRET): "
    )
    assert " egain:maxConcurrency (EGAIN_MAX_CONCURRENCY): should be greater than" in text
    assert " egain:onConflict (EGAIN_ON_CONFLICT): should be 'fail' or 'overwrite'." in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("baseURL", "baseUrl"),
        ("base_url", "baseUrl"),
        ("clientsecret", "clientSecret"),
        ("allowDeletes", "allowDelete"),
        ("onconflict", "onConflict"),
    ],
)
def test_an_unknown_key_gets_a_suggestion(key: str, meant: str) -> None:
    expected = f"egain:{key} is not a setting; did you mean egain:{meant}?"
    assert problem({f"egain:{key}": "canary"}) == expected


def test_a_key_unlike_any_setting_gets_the_list() -> None:
    assert problem({"egain:zzz": "canary"}).startswith(
        "egain:zzz is not a setting; known: egain:baseUrl, egain:tokenUrl, "
    )


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGAIN_CLIENT_SECRET", "rotated")
    monkeypatch.setenv("EGAIN_ALLOW_DELETE", "false")
    settings = load({**COMPLETE, "egain:allowDelete": "true"})
    assert settings.client_secret is not None
    assert settings.client_secret.get_secret_value() == "rotated"
    assert settings.allow_delete is False
    assert settings.source("allow_delete") == "EGAIN_ALLOW_DELETE"
    assert settings.source("on_conflict") == "configuration of the last up"


@pytest.mark.parametrize("field", ["baseUrl", "tokenUrl"])
def test_an_address_unlike_the_configured_one_is_an_error_that_names_both(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = {"baseUrl": "EGAIN_BASE_URL", "tokenUrl": "EGAIN_TOKEN_URL"}[field]
    here = "https://login.egain.cloud/global/cd34"
    monkeypatch.setenv(variable, here)
    assert problem(COMPLETE) == (
        f"egain:{field} is {COMPLETE[f'egain:{field}']}, but {variable} is {here}: "
        "unset the variable, or change the configuration."
    )


def test_two_loopback_addresses_differ_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGAIN_BASE_URL", "http://localhost:8781")
    assert "but EGAIN_BASE_URL is" in problem({"egain:baseUrl": "http://127.0.0.1:8780"})


def test_equal_addresses_and_one_alone_are_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGAIN_BASE_URL", URL)
    assert load(COMPLETE).base_url == URL
    assert load({}).base_url == URL


def test_a_variable_in_small_letters_never_wins_over_the_configured_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("egain_base_url", "https://prod.example.com")
    try:
        settings = load(COMPLETE)
    except ConfigurationError:
        return
    assert settings.base_url == URL


def test_a_difference_repeats_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGAIN_BASE_URL", "https://hub:canary@api.egain.cloud/?key=canary")
    problem(COMPLETE)


LOOPBACK = ["http://localhost:8780/x", "http://127.0.0.1", "http://[::1]:8780/x"]


@pytest.mark.parametrize("url", [*LOOPBACK, "https://api.egain.cloud", "HTTPS://API.egain.cloud"])
def test_https_and_loopback_are_addresses(url: str) -> None:
    assert load({"egain:baseUrl": url + "/"}).base_url == url


PLAIN = "must be https: plain http is accepted for loopback only."
ABSOLUTE = "must be an absolute https:// URL."
BARE = "must be a plain URL, without user, password, query or fragment."


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://api.egain.cloud", PLAIN),
        ("http://127.0.0.1.evil.example", PLAIN),
        ("http://localhost.evil.example", PLAIN),
        ("http://0.0.0.0", PLAIN),
        ("api.egain.cloud", ABSOLUTE),
        ("", ABSOLUTE),
        ("https://", ABSOLUTE),
        ("https:///v3", ABSOLUTE),
        ("ftp://localhost", ABSOLUTE),
        ("http://localhost@evil.example", BARE),
        ("https://u:canary@api.egain.cloud", BARE),
        ("https://api.egain.cloud/?key=canary", BARE),
        ("https://api.egain.cloud/#x", BARE),
    ],
)
def test_any_other_address_is_refused(url: str, text: str) -> None:
    assert problem({"egain:baseUrl": url}) == f"egain:baseUrl (EGAIN_BASE_URL): {text}"


@pytest.mark.parametrize(
    "url", ["https://[x", "https://host:abc/v3", "https://host:99999", "https://a b/v3"]
)
def test_an_address_that_no_request_could_use_is_refused(url: str) -> None:
    assert problem({"egain:baseUrl": url}).startswith("egain:baseUrl (EGAIN_BASE_URL): ")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("requestsPerSecond", "0"),
        ("requestsPerSecond", "canary"),
        ("maxConcurrency", "65"),
        ("maxConcurrency", "1.5"),
        ("requestTimeoutSeconds", "0"),
        ("requestTimeoutSeconds", "inf"),
        ("requestTimeoutSeconds", "nan"),
        ("operationTimeoutSeconds", "-1"),
        ("operationTimeoutSeconds", "inf"),
        ("allowDelete", "canary"),
        ("validation", "canary"),
        ("onConflict", "Overwrite"),
        ("clientId", ""),
    ],
)
def test_a_malformed_value_is_named_and_not_repeated(key: str, value: str) -> None:
    assert problem({f"egain:{key}": value}).startswith(f"egain:{key} (EGAIN_")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("0", False)])
def test_texts_of_the_configuration_become_values(text: str, value: bool) -> None:
    settings = load({"egain:allowDelete": text, "egain:requestsPerSecond": "0.5"})
    assert (settings.allow_delete, settings.requests_per_second) == (value, 0.5)


def test_a_malformed_variable_is_named_like_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGAIN_MAX_CONCURRENCY", "canary")
    assert problem({}).startswith("egain:maxConcurrency (EGAIN_MAX_CONCURRENCY): ")


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
