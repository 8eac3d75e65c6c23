"""The sentences that people read at the terminal, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi.errors import ApiError, EgainError, Reason
from egain_pulumi.plugin import import_messages, messages
from egain_pulumi.plugin.messages import Subject
from egain_pulumi.plugin.values import show_pair, show_value
from egain_pulumi.provider import EgainProvider
from egain_pulumi.resources.account import AccountProvider
from egain_pulumi.resources.authentication import AuthenticationProvider
from egain_pulumi.resources.channel import ChannelProvider
from egain_pulumi.resources.client_application import ClientApplicationProvider
from egain_pulumi.resources.orchestration import OrchestrationProvider
from egain_pulumi.resources.participant import ParticipantProvider
from egain_pulumi.schema.tree import ABSENT
from egain_pulumi.text import sentence

ID = "7b6c5fff-036e-4a40-b68a-a67c592fc079"
CHAT = Subject(ChannelProvider.as_kind(), "chat", ID)
NEW_CHAT = Subject(ChannelProvider.as_kind(), "chat")
FLOW = Subject(OrchestrationProvider.as_kind(), "flow", ID)


def refusal(
    status: int, code: str, words: str, method: str = "POST", keys: tuple[str, ...] = ()
) -> ApiError:
    return ApiError(
        method=method,
        path="/channels",
        status=status,
        code=code,
        words=words,
        correlation="c0ffee",
        keys=keys,
    )


@pytest.mark.parametrize(
    ("provider", "text", "resource"),
    [
        (AuthenticationProvider, 'authentication "x"', "AuthenticationResource"),
        (ClientApplicationProvider, 'client application "x"', "ClientApplicationResource"),
        (ParticipantProvider, 'participant "x"', "ParticipantResource"),
        (ChannelProvider, 'channel "x"', "ChannelResource"),
        (OrchestrationProvider, 'orchestration "x"', "OrchestrationResource"),
        (AccountProvider, 'account "x"', "AccountResource"),
    ],
)
def test_an_object_is_called_by_its_kind_and_its_name_in_the_program(
    provider: type[EgainProvider], text: str, resource: str
) -> None:
    kind = provider.as_kind()
    assert (str(Subject(kind, "x", ID)), kind.resource) == (text, resource)


SENTENCES = {
    "a refusal": (
        messages.refused("create", NEW_CHAT, refusal(400, "400-143", "Missing: icon"), "hub-ci"),
        'eGain refused to create channel "chat" (400-143): Missing: icon '
        "(POST /channels, correlation id c0ffee)",
    ),
    "a refusal of a reference": (
        messages.refused(
            "update", CHAT, refusal(400, "400-152", "no X has it", "PUT", ("x.id",)), "hub-ci"
        ),
        f'eGain refused to update channel "chat" [{ID}] (400-152): no X has it '
        "(PUT /channels, correlation id c0ffee). If that object was deleted in eGain, "
        "pulumi up --refresh creates it again.",
    ),
    "a refusal of an object that exists": (
        messages.refused("delete", CHAT, refusal(400, "400-1", "in use", "DELETE"), "hub-ci"),
        f'eGain refused to delete channel "chat" [{ID}] (400-1): in use '
        "(DELETE /channels, correlation id c0ffee)",
    ),
    "a scope for writing": (
        messages.refused("create", NEW_CHAT, refusal(403, "403-197", "Not allowed."), "hub-ci"),
        'eGain refused to create channel "chat" (403-197): client "hub-ci" lacks scope '
        "app.conversation.conversationmgr.manage, or may not do this: Not allowed. "
        "Add the scope to the client application in the eGain console.",
    ),
    "a scope for reading": (
        messages.refused("read", CHAT, refusal(403, "403-197", "Not allowed", "GET"), "hub-ci"),
        f'eGain refused to read channel "chat" [{ID}] (403-197): client "hub-ci" lacks scope '
        "app.conversation.conversationmgr.read, or may not do this: Not allowed. "
        "Add the scope to the client application in the eGain console.",
    ),
    "a scope for reading an authentication": (
        messages.refused(
            "read",
            Subject(AuthenticationProvider.as_kind(), "a"),
            refusal(403, "403", "No.", "GET"),
            "c",
        ),
        'eGain refused to read authentication "a" (403): client "c" lacks scope '
        "app.conversation.conversationmgr.manage, or may not do this: No. "
        "Add the scope to the client application in the eGain console.",
    ),
    "a duplicate": (
        messages.duplicate(NEW_CHAT, "custom_channel", ID),
        f'cannot create channel "chat": type "custom_channel" already exists ({ID}). If you '
        "renamed the resource in this program, add ResourceOptions(aliases=[…]). If the object "
        "belongs to someone else or was left by an interrupted run, choose another type, use "
        'ChannelResource.find("chat", '
        'type="custom_channel"), or take it over with '
        f'import_="{ID}".',
    ),
    "a duplicate within the stack": (
        messages.own_duplicate(NEW_CHAT, "custom_channel", ID),
        f'cannot create channel "chat": type "custom_channel" already exists ({ID}), in this '
        "stack. To replace it, give the new one another type, so that its users move over, or "
        "add ResourceOptions(delete_before_replace=True) if nothing refers to it. If you renamed "
        "the resource in this program, add ResourceOptions(aliases=[…]).",
    ),
    "an import of something that is off": (
        import_messages.import_would_switch(NEW_CHAT, ID, False),
        f'cannot import channel "chat" [{ID}]: active is False in eGain, and an import never '
        "changes it. Write active=False, or turn it on in eGain first.",
    ),
    "an import of something that is on": (
        import_messages.import_would_switch(NEW_CHAT, ID, True),
        f'cannot import channel "chat" [{ID}]: active is True in eGain, and an import never '
        "changes it. Write active=True, or turn it off in eGain first.",
    ),
    "a lost answer": (
        messages.in_doubt(Subject(AccountProvider.as_kind(), "orders"), "orders", "no answer"),
        'cannot tell whether account "orders" was created: no answer. Nothing was sent again. '
        "Run pulumi up again: it looks for the object first, and keeps it if it is what was sent. "
        'If that stops too, look in eGain for name "orders": delete it there, or give this one '
        "another name.",
    ),
    "a lost answer about something unnamed": (
        messages.in_doubt(Subject(OrchestrationProvider.as_kind(), "flow"), None, "no answer"),
        'cannot tell whether orchestration "flow" was created: no answer. Nothing was sent again. '
        "Run pulumi up again: it looks for the object first, and keeps it if it is what was sent. "
        "If that stops too, look in eGain for the name you declared: delete it there, or give this "
        "one another name.",
    ),
    "an object that is gone": (
        messages.gone(CHAT),
        f'channel "chat" [{ID}] not updated: it is no longer in eGain. Run pulumi up --refresh, '
        "which creates it again.",
    ),
    "a concurrent change": (
        messages.concurrent(CHAT, refusal(409, "409-1", "stale", "PUT")),
        'channel "chat" not updated: somebody else changed it in eGain at the same time (409-1). '
        "Run pulumi up again.",
    ),
    "undeclared secrets": (
        messages.undeclared_secret(
            Subject(ClientApplicationProvider.as_kind(), "bot", ID),
            [("roles", "custom_bot", "headers", "X-Key"), ("extra", "attributes")],
        ),
        'client application "bot" not updated: roles.custom_bot.headers["X-Key"], '
        "extra.attributes is set in eGain and not in this program, and this tenant may mask "
        "secrets, so it cannot be sent back. Declare its value in the program, or remove it in "
        "eGain.",
    ),
    "a type that was kept": (
        messages.unchanged_type(Subject(ParticipantProvider.as_kind(), "greeter", ID), "type"),
        f'participant "greeter" [{ID}]: eGain kept the old type. Give the object a new name and '
        'ResourceOptions(replace_on_changes=["type"]), so that a new one is created first and its '
        "users move over.",
    ),
    "a delete that is not allowed": (
        messages.not_allowed(CHAT, "deleted", "configuration of the last up", "EGAIN_ALLOW_DELETE"),
        'channel "chat" not deleted: egain:allowDelete is false (configuration of the last up). '
        "If you do want this, set it to true and run pulumi up first, or set "
        "EGAIN_ALLOW_DELETE=true for this command.",
    ),
    "a replacement that is not allowed": (
        messages.not_allowed(CHAT, "replaced", "allow_delete of the Provider", None),
        'channel "chat" not replaced: egain:allowDelete is false (allow_delete of the Provider). '
        "If you do want this, set it to true and run pulumi up first.",
    ),
    "a search without result": (
        messages.not_one(
            Subject(ClientApplicationProvider.as_kind(), "agents"),
            {"role": "egain_agent", "name": "a"},
            [],
        ),
        'cannot find client application "agents" by role "egain_agent" and name "a": eGain has no '
        "client application at all. Create it there first, or declare it in this program.",
    ),
    "a search with two results": (
        messages.not_one(NEW_CHAT, {"type": "x"}, ["a (1)", "b (2)"]),
        'cannot find channel "chat" by type "x": eGain has a (1); b (2). Name one of them with '
        "type.",
    ),
    "a conflict": (
        messages.conflict(CHAT, [(("display_name",), "Live Chat", "Chat")], "2026-11-20T09:12Z"),
        'channel "chat" not updated: display_name is "Live Chat" in eGain, and was "Chat" when '
        "this stack last wrote or saw it (last changed 2026-11-20T09:12Z). To keep eGain's value, "
        'write display_name="Live Chat". To restore yours, run pulumi refresh, review, then '
        "pulumi up.",
    ),
    "a switch in a conflict": (
        messages.conflict(CHAT, [(("active",), False, True)], "then"),
        'channel "chat" not updated: active is False in eGain, and was True when this stack last '
        "wrote or saw it (last changed then). To keep eGain's value, write active=False. "
        "To restore yours, run pulumi refresh, review, then pulumi up.",
    ),
    "two conflicts, one of them gone": (
        messages.conflict(FLOW, [(("name",), "b", "a"), (("description",), ABSENT, "d")], "then"),
        'orchestration "flow" not updated: name is "b" in eGain, and was "a" when this stack last '
        'wrote or saw it; description is not set in eGain, and was "d" when this stack last '
        'wrote or saw it (last changed then). To keep eGain\'s value, write name="b", leave '
        "description out. "
        "To restore yours, run pulumi refresh, review, then pulumi up.",
    ),
}


@pytest.mark.parametrize(
    ("error", "expected"), [pytest.param(*case, id=name) for name, case in SENTENCES.items()]
)
def test_an_error_says_what_where_why_and_what_to_do(error: EgainError, expected: str) -> None:
    assert str(error) == expected
    assert "\n" not in expected
    assert error.reason is not Reason.UNSPECIFIED


VALUES: list[tuple[Any, str]] = [
    ("text", '"text"'),
    ('a "quoted" text', r'"a \"quoted\" text"'),
    ("two\nlines", r'"two\nlines"'),
    ("Größe", '"Größe"'),
    (30, "30"),
    (1.5, "1.5"),
    (ABSENT, "not set"),
    (True, "True"),
    (False, "False"),
    (["a", "b"], '["a", "b"]'),
    ([], "[]"),
    ([{"id": "x"}], "another list"),
    ("x" * 100, '"' + "x" * 58 + "…"),
    ("https://bot.example.com/callback", '"https://bot.example.com/callback"'),
    ("https://bot.example.com:8443/callback", '"https://bot.example.com:8443/callback"'),
    ("https://bot.example.com/c?key=canary", '"https://bot.example.com/c?…"'),
    ("https://bot.example.com/c?key=canary#canary", '"https://bot.example.com/c?…"'),
    ("https://hub:canary@bot.example.com/c", '"https://bot.example.com/c"'),
    ("Open: https://example.com/hours", '"Open: https://example.com/hours"'),
]


@pytest.mark.parametrize(("given", "shown"), VALUES)
def test_a_value_is_shown_as_a_program_writes_it(given: Any, shown: str) -> None:
    assert show_value(given) == shown


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("Café", "Tee", ('"Café"', '"Tee"')),
        ("Caf\u00e9", "Cafe\u0301", (r'"Caf\u00e9"', r'"Cafe\u0301"')),
        ("a b", "a\u00a0b", ('"a b"', r'"a\u00a0b"')),
        ("a b", "a  b", ('"a b"', '"a  b"')),
        ("a", "a\u200b", ('"a"', r'"a\u200b"')),
        ("copa", "\u0441\u043e\u0440\u0430", ('"copa"', r'"\u0441\u043e\u0440\u0430"')),
        ("x" * 99 + "a", "x" * 99 + "b", ("…" + "x" * 30 + 'a"', "…" + "x" * 30 + 'b"')),
        ("https://x/?a", "https://x/?b", ('"https://x/?…"', '"https://x/?…"')),
        (30, "30", ("30", '"30"')),
        ("a", ABSENT, ('"a"', "not set")),
    ],
)
def test_of_two_values_the_difference_is_shown(
    one: Any, other: Any, shown: tuple[str, str]
) -> None:
    assert show_pair(one, other) == shown


@pytest.mark.parametrize(
    "odd", ["https://[x?canary", "://?canary", "https://?canary", "see https://x/?k=canary now"]
)
def test_what_only_looks_like_an_address_breaks_nothing_and_loses_its_query(odd: str) -> None:
    assert "canary" not in show_value(odd)


@pytest.mark.parametrize(("text", "end"), [("a", "a."), ("a.", "a."), ("a?", "a?"), ("a!", "a!")])
def test_a_sentence_ends(text: str, end: str) -> None:
    assert sentence(text) == end


def test_what_was_seen_is_cut_when_there_is_much_of_it() -> None:
    rows = [f"name-{number} ({ID})" for number in range(500)]
    assert len(str(messages.not_one(NEW_CHAT, {"type": "x"}, rows))) <= 1_000
