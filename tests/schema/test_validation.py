"""Every kind of mistake in a declaration: its path, its words, how much it weighs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egain_pulumi.names import closest
from egain_pulumi.resources.account import AccountModel
from egain_pulumi.resources.authentication import AuthenticationModel
from egain_pulumi.resources.channel import ChannelModel
from egain_pulumi.resources.client_application import ClientApplicationModel
from egain_pulumi.resources.orchestration import OrchestrationModel
from egain_pulumi.resources.participant import ParticipantModel
from egain_pulumi.schema.complaint import UNKNOWN, Code, Weight
from egain_pulumi.schema.model import Model
from egain_pulumi.schema.validation import ASSUMED, validate_fields
from tests import specimens

MISTAKE, LIMIT, ADVICE = Weight.MISTAKE, Weight.LIMIT, Weight.ADVICE
MODELS: dict[type[Model], Any] = {
    AuthenticationModel: specimens.AUTHENTICATION.full,
    ClientApplicationModel: specimens.CLIENT_APPLICATION.full,
    ParticipantModel: specimens.PARTICIPANT.full,
    ChannelModel: specimens.CHANNEL.full,
    OrchestrationModel: specimens.ORCHESTRATION.full,
    AccountModel: specimens.ACCOUNT.full,
}
GONE = object()


def edited(value: Any, path: str, new: Any) -> Any:
    """The value with another one at a path; GONE takes it out."""
    step, _, rest = path.partition("/")
    key: Any = int(step) if isinstance(value, list) else step
    copy = list(value) if isinstance(value, list) else dict(value)
    if rest:
        copy[key] = edited(copy[key], rest, new)
    elif new is GONE:
        del copy[key]
    else:
        copy[key] = new
    return copy


def found(model: type[Model], path: str, new: Any) -> list[tuple[str, Weight]]:
    return [(str(c), c.weight) for c in validate_fields(model, edited(MODELS[model], path, new))]


AUTH, APP, BOT = AuthenticationModel, ClientApplicationModel, ParticipantModel
CHANNEL, FLOW, ACCOUNT = ChannelModel, OrchestrationModel, AccountModel
ROLE = "roles/custom_bot"
INBOUND = "restrictions/inbound"
BOTS = "applications/bot_configuration/bots"
EMAIL = "roles.custom_bot.notification_email"
ROLES = "customer, custom_bot, egain_bot, egain_agent, custom_agent, business_notification"

NAMED = "a query with a key, token or password"
CREDENTIALS = [
    ("hub:s3cr3t@bot.example.com/callback", "a user name or password"),
    ("bot.azurewebsites.net/api/bot?code=s3cr3t", NAMED),
    ("bot.example.com?x-functions-key=s3cr3t", NAMED),
    ("bot.example.com?lang=en&accessToken=s3cr3t", NAMED),
    ("bot.example.com?sv=2024&sig=s3cr3t", NAMED),
    ("bot.example.com#password=s3cr3t", NAMED),
    ("bot.example.com?h=Zm9vYmFyMTIzNDU2Nzg5MA", "a query with a long random value"),
]
HARMLESS = "?country_code=1234&tenant=7b6c5fff-2f3b-4c49-9c59-0d1f0ba1ff10&page=1&code=1"

MISTAKES: list[tuple[type[Model], str, Any, str, Weight]] = [
    (AUTH, "name", GONE, "name: is required", LIMIT),
    (AUTH, "name", "", "name: must not be empty", LIMIT),
    (AUTH, "name", "x" * 256, "name: must have at most 255 characters", LIMIT),
    (AUTH, "name", 7, "name: expects text, in quotes", MISTAKE),
    (AUTH, "description", "", "description: must not be empty; leave it out instead", LIMIT),
    (AUTH, "description", "x" * 1024, "description: must have at most 1,023 characters", LIMIT),
    (AUTH, "active", "true", "active: expects True or False", MISTAKE),
    (AUTH, "active", 1, "active: expects True or False", MISTAKE),
    (AUTH, "type", "saml", "type: must be one of oauth2, basic", LIMIT),
    (AUTH, "oauth2", GONE, 'oauth2: is required with type "oauth2"', LIMIT),
    (AUTH, "oauth2", "x", "oauth2: expects a mapping", MISTAKE),
    (AUTH, "oauth2/token_request_url", GONE,
     f"oauth2.token_request_url: is required ({ASSUMED})", ADVICE),
    (AUTH, "oauth2/token_request_url", 7, "oauth2.token_request_url: expects text, in quotes",
     MISTAKE),
    (AUTH, "oauth2/payload", {"a": 1}, "oauth2.payload: expects text; for JSON, use json.dumps",
     MISTAKE),
    (AUTH, "oauth2/headers", "x", "oauth2.headers: expects a mapping", MISTAKE),
    (AUTH, "oauth2/headers", {"X-A": 1}, 'oauth2.headers["X-A"]: expects text, in quotes', MISTAKE),
    (AUTH, "oauth2/headers", {"X-A": "1", "x-a": "2"},
     'oauth2.headers["x-a"]: is given twice, as X-A and x-a', MISTAKE),
    (AUTH, "oauth2/accessTokenPath", "$",
     "oauth2.accessTokenPath: unknown field; did you mean access_token_path?", MISTAKE),
    (APP, "roles", {}, "roles: must not be empty", LIMIT),
    (APP, f"{ROLE}/notification_email", GONE, f"{EMAIL}: is required", LIMIT),
    (APP, f"{ROLE}/version", "v2", "roles.custom_bot.version: must be one of v1, v3", LIMIT),
    (APP, f"{ROLE}/authentication", {"id": "short"},
     "roles.custom_bot.authentication.id: expects the resource itself, or an id from eGain with 36 "
     "characters"
     f" ({ASSUMED})", ADVICE),
    (APP, f"{ROLE}/callback", "bot.example.com/x", "roles.custom_bot.callback: is not an "
     "absolute URL (https://…); eGain could not deliver to it", ADVICE),
    (APP, f"{ROLE}/callback", "https://[x", "roles.custom_bot.callback: is not an absolute URL "
     "(https://…); eGain could not deliver to it", ADVICE),
    (APP, f"{ROLE}/callback", "http://bot.example.com/x", "roles.custom_bot.callback: is plain "
     "http, so messages and credentials are not encrypted; use https", ADVICE),
    *((APP, f"{ROLE}/callback", f"https://{address}", f"roles.custom_bot.callback: has {what}, "
       "which previews and the state show; use headers or authentication", ADVICE)
      for address, what in CREDENTIALS),
    (AUTH, "oauth2/token_request_url", "https://x.example.com/?client_secret=s3cr3t",
     "oauth2.token_request_url: has a query with a key, token or password, which previews and the "
     "state show; use headers or payload", ADVICE),
    (APP, f"{ROLE}/notification_email", "ops", f"{EMAIL}: is not an e-mail address; eGain "
     "could not warn anyone", ADVICE),
    (BOT, "type", "egain_bot", "type: eGain creates egain_bot participants itself; use "
     'ParticipantResource.find(…, name="…")', ADVICE),
    (BOT, "application", {"id": "short"},
     "application.id: expects the resource itself, or an id from eGain with 36 characters", LIMIT),
    (BOT, "intents", "x", "intents: expects a list", MISTAKE),
    (BOT, "intents/0", {"value": "a"}, "intents[0].display_value: is required", LIMIT),
    (BOT, "options", {}, f"options: must not be empty; leave it out instead ({ASSUMED})", ADVICE),
    (BOT, "options", {f"o{n}": "" for n in range(26)},
     f"options: must have at most 25 items ({ASSUMED})", ADVICE),
    (BOT, "options", [], "options: expects a mapping", MISTAKE),
    (CHANNEL, "icon", "", "icon: must not be empty", LIMIT),
    (CHANNEL, "icon", "~", 'icon: is not base64 text; for a file, use icon_file("…")', LIMIT),
    (CHANNEL, "icon", specimens.ICON[:64] + "A" * 511_940,
     "icon: must have at most 512,000 characters of base64", LIMIT),
    (CHANNEL, "icon", "AAAA",
     "icon: is not a png of 32 by 32 pixels, which eGain's own chat agents expect", ADVICE),
    (CHANNEL, "icon", {"path": "a.png", "problem": "a.png is empty"}, "icon: a.png is empty",
     MISTAKE),
    (CHANNEL, f"{INBOUND}/max_text_length", -1,
     f"restrictions.inbound.max_text_length: must be at least 0 ({ASSUMED})", ADVICE),
    (CHANNEL, f"{INBOUND}/max_text_length", 1.5,
     "restrictions.inbound.max_text_length: expects a whole number", MISTAKE),
    (CHANNEL, f"{INBOUND}/max_text_length", True,
     "restrictions.inbound.max_text_length: expects a whole number", MISTAKE),
    (CHANNEL, f"{INBOUND}/features", ["a", 1],
     "restrictions.inbound.features[1]: expects text, in quotes", MISTAKE),
    (CHANNEL, f"{INBOUND}/attachment_policy/type", "deny",
     "restrictions.inbound.attachment_policy.type: must be one of allow, block", LIMIT),
    (CHANNEL, "l10n_properties", {}, "l10n_properties: must not be empty; leave it out instead",
     LIMIT),
    (CHANNEL, "l10n_properties", {f"a{chr(97 + n)}": {} for n in range(26)},
     "l10n_properties: must have at most 25 items", LIMIT),
    (CHANNEL, "l10n_properties", {"en_US": {}}, 'l10n_properties.en_US: is not written as '
     "eGain's samples write a language (en-US); did you mean en-US?", ADVICE),
    (CHANNEL, "l10n_properties", {"English": {}}, "l10n_properties.English: is not written as "
     "eGain's samples write a language (en-US)", ADVICE),
    (CHANNEL, "l10n_properties", {"zh-Hans-CN": {"msg_hub_of_hours": "", "msg_hub_off_hours": ""}},
     'l10n_properties["zh-Hans-CN"].msg_hub_of_hours: is not a text that eGain is known to use; '
     "did you mean msg_hub_off_hours?", ADVICE),
    (CHANNEL, "l10n_properties", {"de": {"greeting": ""}}, "l10n_properties.de.greeting: is not a "
     "text that eGain is known to use; sent as written", ADVICE),
    (CHANNEL, "l10nProperties", {}, "l10nProperties: unknown field; did you mean l10n_properties?",
     MISTAKE),
    (FLOW, "applications", {}, "applications.bot_configuration: is required unless "
     "agent_configuration is given", LIMIT),
    (FLOW, "applications/agent_configuration", {},
     f"applications.agent_configuration.agents: is required ({ASSUMED})", ADVICE),
    (FLOW, f"{BOTS}/0/id", "short", "applications.bot_configuration.bots[0].id: expects the "
     f"resource itself, or an id from eGain with 36 characters ({ASSUMED})", ADVICE),
    (FLOW, "applications/bot_configuration/bypass_va_duration", float("nan"),
     "applications.bot_configuration.bypass_va_duration: expects a finite number", MISTAKE),
    (ACCOUNT, "chat_configurations/timeout", "30",
     "chat_configurations.timeout: expects a number, without quotes", MISTAKE),
    (ACCOUNT, "chat_configurations/timeout", "half an hour",
     "chat_configurations.timeout: expects a number", MISTAKE),
    (ACCOUNT, "chat_configurations/timeout", True,
     "chat_configurations.timeout: expects a number", MISTAKE),
    (ACCOUNT, "chat_configurations/on_agent_unavailability", "wait", "chat_configurations."
     "on_agent_unavailability: must be one of off_hours, retain_and_retry", LIMIT),
    (ACCOUNT, "chat_configurations/default_language", "en_US", "chat_configurations."
     "default_language: is not written as eGain's samples write a language (en-US)", ADVICE),
    (ACCOUNT, "color", "red", "color: unknown field; the fields are name, address, channel, "
     "chat_configurations, case_management, description, active; put other attributes into extra",
     MISTAKE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "path", "new", "text", "weight"),
    [pytest.param(*case, id=f"{case[0].label}-{case[3][:60]}") for case in MISTAKES],
)
def test_every_mistake_is_named_once_with_its_path(
    model: type[Model], path: str, new: Any, text: str, weight: Weight
) -> None:
    assert found(model, path, new) == [(text, weight)]


def test_an_address_with_a_harmless_query_is_no_mistake() -> None:
    assert found(APP, f"{ROLE}/callback", f"https://bot.example.com/{HARMLESS}") == []


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_wrong_with_a_specimen(model: type[Model]) -> None:
    assert validate_fields(model, MODELS[model]) == []


def test_a_role_that_eGain_does_not_know_is_one_complaint() -> None:
    role = MODELS[APP]["roles"]["customer"]
    assert found(APP, "roles/bot", role) == [(f"roles.bot: must be one of {ROLES}", LIMIT)]
    meant = f"roles.custom_bott: must be one of {ROLES}; did you mean custom_bot?"
    assert found(APP, "roles/custom_bott", role) == [(meant, LIMIT)]


def test_a_misspelled_required_field_is_one_complaint() -> None:
    role = edited(MODELS[APP]["roles"]["custom_bot"], "notification_email", GONE)
    assert found(APP, ROLE, {**role, "notification_emial": "ops@example.com"}) == [
        (
            "roles.custom_bot.notification_emial: unknown field; did you mean notification_email?",
            MISTAKE,
        )
    ]
    oauth2 = {**edited(MODELS[AUTH]["oauth2"], "token_request_url", GONE), "token_url": "https://x"}
    [complaint] = validate_fields(AUTH, edited(MODELS[AUTH], "oauth2", oauth2))
    assert (complaint.code, complaint.meant) == (Code.UNKNOWN_NAME, "token_request_url")


@pytest.mark.parametrize(
    ("model", "path", "new", "code"),
    [
        (ACCOUNT, "color", "red", Code.UNKNOWN_NAME),
        (AUTH, "name", GONE, Code.MISSING),
        (ACCOUNT, "channel", {}, Code.MISSING),
        (APP, "roles", [{"version": "v3"}], Code.MISSING),
        (AUTH, "name", 7, Code.WRONG_TYPE),
        (ACCOUNT, "channel", 7, Code.WRONG_TYPE),
        (AUTH, "oauth2/headers", [{"name": "A"}], Code.WRONG_TYPE),
        (AUTH, "oauth2/headers", {None: "1"}, Code.WRONG_TYPE),
        (AUTH, "name", "", Code.INVALID_VALUE),
        (AUTH, "type", "saml", Code.INVALID_VALUE),
        (CHANNEL, f"{INBOUND}/max_text_length", -1, Code.INVALID_VALUE),
        (AUTH, "oauth2/headers", {"X-A": "1", "x-a": "2"}, Code.TWICE),
        (AUTH, "oauth2/headers", [{"name": "A", "value": "1"}] * 2, Code.TWICE),
        (AUTH, "oauth2", GONE, Code.RULE),
        (CHANNEL, "icon", 5, Code.RULE),
        (APP, f"{ROLE}/callback", "http://bot.example.com/x", Code.RULE),
    ],
)
def test_a_code_says_what_a_complaint_is_about(
    model: type[Model], path: str, new: Any, code: Code
) -> None:
    assert {c.code for c in validate_fields(model, edited(MODELS[model], path, new))} == {code}


@pytest.mark.parametrize("kind", ["oauth2", "basic"])
def test_both_forms_of_authentication_are_one_too_many(kind: str) -> None:
    both = {**MODELS[AUTH], **specimens.BASIC_AUTHENTICATION.full, "type": kind}
    assert [str(c) for c in validate_fields(AUTH, both)] == [
        "basic_auth: cannot be combined with oauth2; keep only what type names"
    ]


@pytest.mark.parametrize(
    ("model", "path", "field"),
    [
        (ACCOUNT, "channel", "channel.id"),
        (ACCOUNT, "chat_configurations/orchestration", "chat_configurations.orchestration.id"),
        (ACCOUNT, "chat_configurations/entry_point", "chat_configurations.entry_point.id"),
        (BOT, "application", "application.id"),
        (APP, f"{ROLE}/authentication", "roles.custom_bot.authentication.id"),
        (FLOW, f"{BOTS}/0/participant", "applications.bot_configuration.bots[0].participant.id"),
        (FLOW, "applications/agent_configuration/agents/0",
         "applications.agent_configuration.agents[0].id"),
    ],
)  # fmt: skip
def test_a_reference_without_an_id_is_always_a_mistake(
    model: type[Model], path: str, field: str
) -> None:
    """What is assumed of these ids is their length. Without one there is nothing to send."""
    assert found(model, path, {}) == [(f"{field}: is required", MISTAKE)]


@pytest.mark.parametrize("icon", [b"iVBORw0KGgo=", 5, 1.5, True, [], {}, {"path": "a"}, object()])
def test_an_icon_is_text_or_made_by_icon_file(icon: Any) -> None:
    expected = ('icon: expects icon_file("…") or base64 text', MISTAKE)
    assert found(CHANNEL, "icon", icon) == [expected]


def test_complaints_come_in_the_order_of_the_fields() -> None:
    wrong = {"description": "", "active": 1, "icon": 5, "type": ""}
    paths = [c.path[0] for c in validate_fields(CHANNEL, wrong)]
    assert paths == ["type", "display_name", "icon", "description", "active"]


def places(value: Any, path: str = "") -> list[str]:
    """Every path in a declaration, from the top to the leaves."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    here = [(f"{path}/{key}".lstrip("/"), item) for key, item in pairs]
    deeper = [p for at, item in here if isinstance(item, dict | list) for p in places(item, at)]
    return [at for at, _ in here] + deeper


@pytest.mark.parametrize(
    ("model", "path"), [(model, path) for model, full in MODELS.items() for path in places(full)]
)
def test_a_value_that_is_not_known_yet_is_no_complaint_at_any_depth(
    model: type[Model], path: str
) -> None:
    assert found(model, path, UNKNOWN) == []


def test_an_unknown_value_hides_only_what_depends_on_it() -> None:
    role = {"version": UNKNOWN, "callback": 5, "headers": {"A": UNKNOWN, "a": "x", "B": 5}}
    texts = [str(c) for c in validate_fields(APP, {"name": UNKNOWN, "roles": {"customer": role}})]
    assert texts == [
        "roles.customer.callback: expects text, in quotes",
        "roles.customer.notification_email: is required",
        "roles.customer.headers.B: expects text, in quotes",
        "roles.customer.headers.a: is given twice, as A and a",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("displayName", "display_name"),
        ("l10nProperties", "l10n_properties"),
        ("OAuth2", "oauth2"),
        ("tokenRequestURL", "token_request_url"),
        ("dispaly_name", "display_name"),
        ("zzz", None),
        ("", None),
    ],
)
def test_the_name_that_was_meant_is_guessed(written: str, meant: str | None) -> None:
    names = ["display_name", "l10n_properties", "oauth2", "token_request_url"]
    assert closest(written, names) == meant


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    | st.just(UNKNOWN),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.none() | st.integers(), inner),
    max_leaves=5,
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
@settings(derandomize=True, max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_that_a_program_can_write_breaks_the_review(
    model: type[Model], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(places(MODELS[model])))
    for complaint in validate_fields(model, edited(MODELS[model], path, data.draw(ODD))):
        assert str(complaint) == str(complaint).strip()
        assert "\n" not in complaint.text


@pytest.mark.parametrize("model", MODELS)
def test_no_complaint_repeats_a_value(model: type[Model]) -> None:
    canary = "~canary~"
    for path in places(MODELS[model]):
        for odd in (canary, [canary], {"id": canary}, canary * 300):
            assert all(canary not in c.text for c in validate_fields(model, edited(
                MODELS[model], path, odd)))  # fmt: skip
