"""A `Provider` in a program: a second tenant, which shares nothing with the first one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.running import said
from tests.host.tenants import EU_CLIENT, EU_SECRET, both, second_tenant, started
from tests.specimens import ICON
from tests.support.emulator import Emulator
from tests.support.engine import PROVIDER_TYPE, Engine

pytestmark = pytest.mark.host

CHATS = 'channel("chat")\nchannel("eu-chat", type="chat", opts=there)\n'
ELSEWHERE = "https://api.example.com/conversation/conversationmgr/v3"


@pytest.fixture(scope="module")
def _eu() -> Iterator[Emulator]:
    with second_tenant() as made:
        yield made


@pytest.fixture
def eu(_eu: Emulator) -> Emulator:
    return started(_eu)


def clients(emulator: Emulator) -> set[str]:
    """Who has called the API."""
    return {request["client"] for request in emulator.requests()}


def test_each_object_lives_in_the_tenant_of_its_provider(
    engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    emulator.clear()
    body = both(eu, CHATS)
    assert engine.preview(body).counts == {"create": 2}
    assert (emulator.counts(tokens=True), eu.counts(tokens=True)) == ({}, {})
    engine.up(body)
    for tenant, name, client in ((emulator, "chat", "local"), (eu, "eu-chat", EU_CLIENT)):
        assert tenant.counts(tokens=True) == {"POST /channels": 1, "POST /oauth2/token": 1}
        assert clients(tenant) == {client}
        assert engine.state[name].outputs["_tenant"] == tenant.mark
        [made] = tenant.objects("channels")
        assert made["id"] == engine.state[name].id
    assert engine.up(body).changes == {}
    changed = CHATS.replace('"eu-chat", ', '"eu-chat", display_name="New", ')
    assert engine.up(both(eu, changed)).changes == {"eu-chat": "update"}
    assert emulator.counts() == {"POST /channels": 1}
    assert eu.objects("channels")[0]["displayName"] == "New"
    eu.edit("channels", engine.state["eu-chat"].id, {"active": False})
    assert engine.refresh().changes == {"eu-chat": "update"}
    engine.destroy()
    assert (emulator.objects("channels"), eu.objects("channels")) == ([], [])


HOWEVER = """
def to_eu(args):
    opts = ResourceOptions.merge(args.opts, ResourceOptions(provider=eu))
    return pulumi.ResourceTransformationResult(args.props, opts)

ways = {
    "listed": ResourceOptions(providers=[eu]),
    "named": ResourceOptions(providers={"pulumi-python": eu}),
    "transformed": ResourceOptions(transformations=[to_eu]),
    "inherited": ResourceOptions(parent=pulumi.ComponentResource(
        "x:y:Group", "group", opts=ResourceOptions(providers=[eu]))),
}
for name, opts in ways.items():
    channel(name)
    there = channel(f"eu-{name}", type=name, opts=opts)
    account(name, there, opts=opts)
"""


def test_a_provider_is_found_however_it_is_given(
    engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    engine.up(both(eu, HOWEVER))
    ways = {"listed", "named", "transformed", "inherited"}
    assert {each["type"] for each in emulator.objects("channels")} == ways
    assert {each["type"] for each in eu.objects("channels")} == ways
    assert {each["name"] for each in eu.objects("accounts")} == ways
    assert emulator.objects("accounts") == []


def test_nothing_is_stored_of_credentials_that_the_environment_holds(
    make_engine: MakeEngine, emulator: Emulator, eu: Emulator
) -> None:
    env = {"EGAIN_EU_CLIENT_ID": EU_CLIENT, "EGAIN_EU_CLIENT_SECRET": EU_SECRET}
    engine = make_engine(config=emulator.config, env=env)
    engine.up(both(eu, CHATS, 'credentials_env="EGAIN_EU"'))
    assert clients(eu) == {EU_CLIENT}
    assert EU_CLIENT not in str(engine.export())
    assert EU_SECRET not in str(engine.export())


def test_missing_variables_are_named_in_one_line(
    engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    body = both(eu, CHATS, 'credentials_env="EGAIN_EU"')
    shown = engine.preview(body)
    names = "EGAIN_EU_CLIENT_ID, EGAIN_EU_CLIENT_SECRET"
    assert said(shown, "warning") == [
        f"not set: {names}. The preview is complete without it; pulumi up needs it."
    ]
    [message] = engine.up(body, check=False).messages
    assert message == f"cannot call eGain: {names} are not set."
    assert eu.counts(tokens=True) == {}


def test_a_refused_variable_is_named(make_engine: MakeEngine, emulator: Emulator, eu: Any) -> None:
    env = {"EGAIN_EU_CLIENT_ID": EU_CLIENT, "EGAIN_EU_CLIENT_SECRET": "rotated"}
    engine = make_engine(config=emulator.config, env=env)
    body = both(eu, 'channel("eu-chat", opts=there)', 'credentials_env="EGAIN_EU"')
    [message] = engine.up(body, check=False).messages
    assert message == (
        f"eGain gave no token to client {EU_CLIENT} (invalid_client): check "
        "EGAIN_EU_CLIENT_ID, EGAIN_EU_CLIENT_SECRET, scope of the Provider."
    )


@pytest.mark.parametrize(
    "credentials",
    [
        'client_id="a"',
        'client_secret="a"',
        'client_id="a", credentials_env="EGAIN_EU"',
        'client_id="a", client_secret="b", credentials_env="EGAIN_EU"',
        "scope=None",
    ],
)
def test_credentials_in_part_or_twice_are_refused_by_the_program(
    credentials: str, engine: Engine, eu: Emulator
) -> None:
    result = engine.preview(both(eu, "", credentials), check=False)
    assert result.messages == [
        'Provider "eu": set either client_id and client_secret, or credentials_env.'
    ]


def test_objects_are_found_read_and_imported_in_the_second_tenant(
    engine: Engine, emulator: Emulator, eu: Emulator
) -> None:
    emulator.clear()
    there = eu.add("channels", {"type": "sms", "displayName": "SMS", "icon": ICON, "active": True})
    body = both(
        eu,
        f"""
        found = ClientApplicationResource.find("agents", role="egain_agent", opts=there)
        read = ChannelResource.get("read", id="{there["id"]}", opts=there)
        pulumi.export("read", read.display_name)
        both = ResourceOptions(provider=eu, import_="type:sms")
        ChannelResource("sms", type="sms", display_name="SMS", icon=ICON, opts=both)
        """,
    )
    result = engine.up(body)
    [agents] = eu.objects("clientapplications")
    assert engine.state["agents"].id == agents["id"]
    assert result.outputs["read"] == "SMS"
    assert engine.state["sms"].id == there["id"]
    assert len(eu.objects("channels")) == 1
    assert {call.split()[0] for call in eu.counts()} == {"GET"}
    assert emulator.counts(tokens=True) == {}


def test_a_slow_or_closed_tenant_does_not_hold_up_the_other(
    make_engine: MakeEngine, emulator: Emulator, eu: Emulator
) -> None:
    engine = make_engine(config=emulator.config | {"egain:operationTimeoutSeconds": "1"})
    engine.up(both(eu, CHATS))
    emulator.settings(rate_limit={"per_second": 0.001, "burst": 1})
    emulator.revoke_tokens()
    hosts = {}
    for resource in engine.state.resources:
        if resource.type == PROVIDER_TYPE:
            name = resource.name
            hosts[name] = engine.hosts.provider(f"{resource.urn}::{resource.id}")
    assert hosts.keys() == {"default", "eu"}

    def read(host: str, name: str) -> None:
        it = engine.state[name]
        hosts[host].read(it.urn, it.id, it.inputs, it.outputs)

    with pytest.raises(Exception, match="rate limit leaves no turn"):
        for _ in range(3):
            read("default", "chat")
    eu.clear()
    for _ in range(3):
        read("eu", "eu-chat")
    assert {request["status"] for request in eu.requests(tokens=True)} == {200}
