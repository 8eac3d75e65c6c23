"""Mistakes of a program: all of them in one report, one line each, and nothing happens."""

from __future__ import annotations

import re

import pytest

from tests.host.objects import ground
from tests.host.running import program, refusal, refused_by_check, said
from tests.specimens import IDS
from tests.support.emulator import Emulator
from tests.support.engine import Engine

pytestmark = pytest.mark.host

REPORT = """
    bot = ClientApplicationResource("bot", name="bot", roles={"custom_bot": {
        "version": "v2", "callback": "https://bot.example.com/callback",
        "notification_emial": "ops@example.com"}})
    ChannelResource("chat", display_name="Chat", icon=ICON, displayName="Chat", colour="red")
    account("orders", bot, chat_configurations={"timeout": "30", "on_agent_unavailability": "x"})
    authentication("key", oauth2={"token_request_url": "https://x.example.com",
                                  "headers": {"X-Key": "canary", "x-key": "canary"}})
    orchestration("flow", [bot], applications={"bot_configuration": {"bots": [
        {"id": bot, "participant": bot}]}})
    application("twin", name="bot")
    channel("extra", extra={"displayName": "canary", "restrictions": {"inbound": {
        "maxTextLength": 5}}, "id": "canary", "new": 1})
"""
LINES = [
    'client application "bot": roles.custom_bot.version: must be one of v1, v3.',
    'client application "bot": roles.custom_bot.notification_emial: unknown field; did you mean '
    "notification_email?",
    'channel "chat": type: is required.',
    'channel "chat": displayName: unknown argument; did you mean display_name?',
    'channel "chat": colour: unknown argument; the arguments are type, display_name, icon, '
    "restrictions, l10n_properties, description, active, extra, secrets_version.",
    'account "orders": channel: expects a ChannelResource, got ClientApplicationResource "bot".',
    'account "orders": chat_configurations.timeout: expects a number.',
    'account "orders": chat_configurations.on_agent_unavailability: must be one of off_hours, '
    "retain_and_retry.",
    'authentication "key": oauth2.headers.x-key: is given twice, as X-Key and x-key.',
    'orchestration "flow": applications.bot_configuration.bots[0].participant: expects a '
    'ParticipantResource, got ClientApplicationResource "bot".',
    'client application "twin": name: client application "bot" has the same value, which must '
    "be unique in eGain.",
    'channel "extra": extra.displayName: use the argument display_name instead.',
    'channel "extra": extra.restrictions.inbound.maxTextLength: use the argument '
    "restrictions.inbound.max_text_length instead.",
    'channel "extra": extra.id: is set by eGain; leave it out.',
]


def test_every_mistake_of_a_program_is_in_one_report(engine: Engine, emulator: Emulator) -> None:
    listed = refusal(engine, REPORT)
    assert sorted(line.replace('["x-key"]', ".x-key") for line in listed) == sorted(LINES)
    assert emulator.counts(tokens=True) == {}

    preview = engine.preview(program(REPORT), check=False)
    assert said(preview, "error") == listed
    [message] = preview.messages
    assert re.search(r" has a problem: \d+ problems?, listed above$", message)


def test_after_a_mistake_nothing_is_created_changed_or_deleted(
    engine: Engine, emulator: Emulator
) -> None:
    """Wherever in the program it is: an `up` without a preview begins with what is right."""
    engine.up(program('channel("kept")\nchannel("dropped")'))
    before = emulator.objects("channels")
    emulator.clear()
    engine.restart()
    listed = refusal(
        engine,
        """
        channel("kept", display_name="Changed")
        channel("new")
        channel("wrong", display_name=5)
        """,
    )
    assert listed == ['channel "wrong": display_name: expects text.']
    assert emulator.counts(tokens=True) == {}
    assert emulator.objects("channels") == before
    assert {"kept", "dropped"} == {r.name for r in engine.state.managed()}


def test_a_mistake_is_a_mistake_although_the_object_is_only_read(
    engine: Engine, emulator: Emulator
) -> None:
    """`ResourceOptions(id=…)` skips `check`, which is the gate everywhere else."""
    ground(emulator)
    listed = refusal(
        engine, f'channel("read", display_name=5, opts=ResourceOptions(id="{IDS["Channel"]}"))'
    )
    assert listed == ['channel "read": display_name: expects text.']


def test_an_import_of_nonsense_is_refused_in_one_line(engine: Engine, emulator: Emulator) -> None:
    body = 'channel("chat", opts=ResourceOptions(import_="7b6c5fff"))'
    [line] = refusal(engine, body)
    assert line.startswith('channel "chat": import_: ')
    [message] = engine.preview(program(body), check=False).messages
    assert message.endswith("1 problem, listed above")
    assert emulator.counts(tokens=True) == {}


MISTAKES = [
    (
        'bot = application("b", opts=ResourceOptions(delete_before_replace=True))'
        '\nparticipant("a", bot)',
        'participant "a": application: ClientApplicationResource "b" has '
        "delete_before_replace, but an object that others refer to cannot be deleted first. "
        "Remove that option, and give a replacement a new name.",
    ),
    (
        'participant("a", channel("b"))',
        'participant "a": application: expects a ClientApplicationResource, got '
        'ChannelResource "b".',
    ),
    (
        'channel("a", description=channel("b"))',
        'channel "a": description: cannot be a resource (ChannelResource "b"); use one of '
        "its outputs.",
    ),
    (
        'orchestration("a", [channel("b")])',
        'orchestration "a": applications.agent_configuration.agents[0]: expects a '
        'ClientApplicationResource, got ChannelResource "b".',
    ),
    (
        'account("a", channel("d"), chat_configurations={"entry_point": application("b")})',
        'account "a": chat_configurations.entry_point: expects an id from eGain\'s console, '
        'got ClientApplicationResource "b".',
    ),
    (
        'authentication("a", basic_auth={"username": "u", "password": "a"})',
        'authentication "a": basic_auth: cannot be combined with oauth2; keep only what '
        "type names.",
    ),
    (
        'authentication("a", type="basic", oauth2=None)',
        'authentication "a": basic_auth: is required with type "basic".',
    ),
    (
        'orchestration("a", None, applications={})',
        'orchestration "a": applications.bot_configuration: is required unless '
        "agent_configuration is given.",
    ),
    (
        'application("a", roles=[{"name": "customer", **role()}] * 2)',
        'client application "a": roles.customer: is given twice.',
    ),
    (
        'channel("a", icon=icon_file("../secret.png"))',
        'channel "a": icon: ../secret.png is outside the project; move it into the project.',
    ),
    (
        'channel("a", icon=icon_file("none.png"))',
        'channel "a": icon: none.png is not a file in the project.',
    ),
    (
        'channel("a", restrictions={"inbound": {"max_text_length": 1.5}})',
        'channel "a": restrictions.inbound.max_text_length: expects a whole number.',
    ),
    (
        'application("a", active="yes")',
        'client application "a": active: expects True or False.',
    ),
    (
        'ClientApplicationResource.find("a")',
        'client application "a": ClientApplicationResource.find needs role or name.',
    ),
    ('ChannelResource.find("a")', 'channel "a": ChannelResource.find needs type.'),
    (
        'application("a", secrets_version="x")',
        'client application "a": secrets_version: expects a whole number.',
    ),
]


def test_a_mistake_is_one_line_that_says_what_to_write(engine: Engine, emulator: Emulator) -> None:
    def numbered(text: str, number: int) -> str:
        return (
            text.replace('"a"', f'"a{number}"')
            .replace('"b"', f'"b{number}"')
            .replace('"d"', f'"d{number}"')
        )

    bodies = [numbered(body, number) for number, (body, _) in enumerate(MISTAKES)]
    lines = [numbered(line, number) for number, (_, line) in enumerate(MISTAKES)]
    assert refusal(engine, "\n".join(bodies)) == lines


BEHIND = [
    ('channel("a", display_name=later(5))', "display_name: expects text"),
    (
        'channel("a", l10n_properties=later({"en-US": {"k": 5}}))',
        'l10n_properties["en-US"].k: expects text',
    ),
    (
        'application("a", roles=later([{"name": "customer", **role()}] * 2))',
        "roles.customer: is given twice",
    ),
    (
        'participant("a", "i" * 36, options=[{"name": later("k"), "value": "1"}] * 2)',
        "options.k: is given twice",
    ),
    (
        'participant("a", "i" * 36, options=later([{"value": "1"}]))',
        "options[0]: expects a mapping with a name",
    ),
    (
        'x = channel("x", type=later("same"))\n'
        'channel("y", type=later("same"), opts=ResourceOptions(depends_on=[x]))',
        'type: channel "x" has the same value, which must be unique in eGain',
    ),
    (
        'channel("a", extra=later({"displayName": "canary"}))',
        "extra.displayName: use the argument display_name instead",
    ),
    (
        'authentication("a", oauth2=later({"token_request_url": "u", "payload": 5}))',
        "oauth2.payload: expects text",
    ),
]


def test_what_is_behind_an_output_is_seen_by_check_alone(
    engine: Engine, emulator: Emulator
) -> None:
    found = {body: refused_by_check(engine, body) for body, _ in BEHIND}
    assert found == dict(BEHIND)


def test_a_class_of_ones_own_is_still_of_its_kind(engine: Engine, emulator: Emulator) -> None:
    engine.preview(
        program("""
            class Bot(ClientApplicationResource):
                def __init__(self, name):
                    super().__init__(name, name=name, roles={"custom_bot": role()})
            participant("p", Bot("bot"))
        """)
    )
