"""What lies between two tenants: objects that change sides, references across, moved addresses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import MakeEngine
from tests.host.running import said
from tests.host.tenants import both, second_tenant, started
from tests.support.emulator import Emulator
from tests.support.engine import Engine

pytestmark = pytest.mark.host

CHATS = 'channel("chat")\nchannel("eu-chat", opts=there)\n'
ELSEWHERE = "https://api.example.com/conversation/conversationmgr/v3"


@pytest.fixture(scope="module")
def _eu() -> Iterator[Emulator]:
    with second_tenant() as made:
        yield made


@pytest.fixture
def eu(_eu: Emulator) -> Emulator:
    return started(_eu)


def elsewhere(engine: Engine, name: str) -> None:
    """Let an object live at an address that is not of this machine, as real tenants do."""
    tenant = engine.state[name].outputs["_tenant"]
    engine.state[name].outputs["_tenant"] = {**tenant, "base_url": ELSEWHERE}


@pytest.mark.parametrize(
    ("name", "moved", "setting"),
    [
        ("chat", CHATS.replace('"chat")', '"chat", opts=there)'), "base_url of the Provider"),
        ("eu-chat", CHATS.replace(", opts=there", ""), "egain:baseUrl"),
    ],
    ids=["from the default one", "to the default one"],
)
def test_an_object_that_changes_its_provider_is_refused(
    name: str, moved: str, setting: str, engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    engine.up(both(eu, CHATS))
    elsewhere(engine, name)
    before = engine.export()
    emulator.clear()
    eu.clear()
    for operation in (engine.preview, engine.up):
        [message] = operation(both(eu, moved), check=False).messages
        assert "this stack's objects live in tenant api.example.com" in message
        assert f"{setting} " in message
        assert "Nothing was read or changed." in message
    assert (emulator.counts(tokens=True), eu.counts(tokens=True)) == ({}, {})
    stored = [r for r in engine.export()["deployment"]["resources"] if name in r["urn"]]
    assert [r for r in before["deployment"]["resources"] if name in r["urn"]] == stored


def test_an_object_moves_under_a_new_name(engine: Engine, emulator: Emulator, eu: Emulator) -> None:
    engine.up(both(eu, CHATS))
    result = engine.up(both(eu, CHATS.replace('channel("chat")', 'channel("new", opts=there)')))
    assert result.changes == {"new": "create", "chat": "delete"}
    assert emulator.objects("channels") == []
    assert {each["type"] for each in eu.objects("channels")} == {"new", "eu-chat"}


def test_a_provider_that_points_elsewhere_is_refused(
    engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    engine.up(both(eu, CHATS))
    elsewhere(engine, "eu-chat")
    eu.clear()
    changed = CHATS.replace('"eu-chat"', '"eu-chat", display_name="New"')
    for result in (
        engine.preview(both(eu, changed), check=False),
        engine.up(both(eu, changed), check=False),
        engine.refresh(check=False),
        engine.destroy(check=False),
    ):
        [message] = result.messages
        assert "base_url of the Provider points at" in message
    assert eu.counts(tokens=True) == {}


def test_a_tenant_that_has_moved_is_accepted_on_either_side(
    make_engine: MakeEngine, emulator: Emulator, eu: Emulator
) -> None:
    engine = make_engine(config=emulator.config, env={"EGAIN_TENANT_MOVED": "1"})
    engine.up(both(eu, CHATS))
    for name in ("chat", "eu-chat"):
        elsewhere(engine, name)
    assert engine.refresh().changes == {}
    marks = [engine.state[name].outputs["_tenant"]["base_url"] for name in ("chat", "eu-chat")]
    assert marks == [emulator.base_url, eu.base_url]


def test_a_reference_into_another_tenant_makes_nothing(
    engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    body = 'account("orders", channel("eu-chat", opts=there).id)\n'
    [message] = engine.up(both(eu, body), check=False).messages
    assert message.startswith('eGain refused to create account "orders" (400-152): ')
    assert "channel" in message
    assert emulator.objects("accounts") == []


BORDERS = """
account("orders", channel("eu-chat", opts=ResourceOptions(providers=[eu])))
agents = ClientApplicationResource.find("agents", role="egain_agent", opts=there)
orchestration("flow", [agents])
channel("twin", type="eu-chat", opts=there)
channel("misnamed", opts=ResourceOptions(providers={"egain": eu}))
"""


def test_a_wrong_tenant_is_refused_by_the_program(
    engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    shown = engine.preview(both(eu, BORDERS), check=False)
    lives = f"lives in {eu.base_url}, but this resource in {emulator.base_url}; use an object of "
    agents = "applications.agent_configuration.agents[0]"
    assert said(shown, "error") == [
        f'account "orders": channel: ChannelResource "eu-chat" {lives}the same tenant.',
        f'orchestration "flow": {agents}: ClientApplicationResource "agents" {lives}'
        "the same tenant.",
        'channel "twin": type: channel "eu-chat" has the same value, which must be unique in '
        "eGain.",
        'channel "misnamed": providers: Pulumi ignores the key "egain"; write providers=[…], or '
        'the key "pulumi-python".',
    ]
