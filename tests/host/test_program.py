"""Real programs: what people may write, and the one form in which it reaches state and eGain."""

from __future__ import annotations

from typing import Any

import pytest

from egain_pulumi import ChannelResource
from tests.host.objects import ground
from tests.host.running import own, program
from tests.specimens import IDS
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.values import Secret, has_secret, plain

pytestmark = pytest.mark.host


def test_a_reference_may_be_a_resource_an_id_an_output_or_the_object_itself(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    id = IDS["ClientApplication"]
    engine.up(
        program(f"""
            bot = application()
            for name, reference in {{
                "resource": bot,
                "output": bot.id,
                "object": {{"id": bot.id}},
                "around": {{"id": bot}},
                "whole": bot.id.apply(lambda id: {{"id": id}}),
            }}.items():
                participant(name, reference)
            participant("text", "{id}")
            participant("behind", later("{id}"))
            orchestration("list", [bot, bot.id, {{"id": bot}}, "{id}", later({{"id": "{id}"}})])
            orchestration("bots", None, applications={{"bot_configuration": {{"bots": [
                {{"id": bot, "participant": participant("greeter", bot),
                 "on_escalation": {{"agent": bot.id}}}}]}}}})
        """)
    )
    bot = engine.state["bot"].id
    for name in ("resource", "output", "object", "around", "whole"):
        assert engine.state[name].inputs["application"] == {"id": bot}, name
    for name in ("text", "behind"):
        assert engine.state[name].inputs["application"] == {"id": id}, name
    agents = engine.state["list"].inputs["applications"]["agent_configuration"]["agents"]
    assert agents == [{"id": each} for each in (bot, bot, bot, id, id)]
    [entry] = engine.state["bots"].inputs["applications"]["bot_configuration"]["bots"]
    assert entry == {
        "id": bot,
        "participant": {"id": engine.state["greeter"].id},
        "on_escalation": {"agent": {"id": bot}},
    }
    # What refers to the bot goes before it.
    assert engine.destroy().ops.keys() >= {"bot", "list"}


def test_resources_inside_a_list_behind_an_output_are_references_too(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(
        program("""
            bot = application()
            orchestration("late", later([bot, bot.id, {"id": bot}]))
        """)
    )
    agents = engine.state["late"].inputs["applications"]["agent_configuration"]["agents"]
    assert agents == [{"id": engine.state["bot"].id}] * 3


MAPPINGS = """
    authentication("a", oauth2={"token_request_url": "https://x.example.com",
                                "headers": {"A": "1", "B": "2"}})
    application("b", roles={"custom_bot": role(headers={"H": "v"}), "customer": role()})
    participant("c", "%s", intents=[{"value": "v", "display_value": "V"}],
                options={"one": "1", "two": "2"})
    channel("d", l10n_properties={"en-US": {"k": "v", "l": "w"}, "de-DE": {"k": "x"}},
            restrictions={"inbound": {"features": ["a", "b"]}})
"""
LISTS = """
    authentication("a", oauth2={"token_request_url": "https://x.example.com", "headers": [
        {"name": "B", "value": "2"}, {"name": "A", "value": "1"}]})
    application("b", roles=[{"name": "customer", **role()},
        {"name": "custom_bot", **role(headers=[{"name": "H", "value": "v"}])}])
    participant("c", "%s", intents={"intent": [{"value": "v", "display_value": "V"}]},
                options=[{"name": "two", "value": "2"}, {"name": "one", "value": "1"}])
    channel("d", l10n_properties=[
        {"language": "de-DE", "properties": [{"name": "k", "value": "x"}]},
        {"language": "en-US", "properties": [{"name": "l", "value": "w"},
                                             {"name": "k", "value": "v"}]}],
            restrictions={"inbound": {"features": ("b", "a", "b")}})
"""
OUTPUTS = """
    authentication("a", oauth2=later({"token_request_url": "https://x.example.com", "headers": [
        {"name": "B", "value": "2"}, {"name": "A", "value": "1"}]}))
    application("b", roles=[later({"name": "customer", **role()}),
        {"name": "custom_bot", **role(headers=later([{"name": "H", "value": later("v")}]))}])
    participant("c", "%s", intents=later({"intent": [{"value": "v", "display_value": "V"}]}),
                options=[{"name": later("two"), "value": "2"}, {"name": "one", "value": "1"}])
    channel("d", l10n_properties=later([
        {"language": "de-DE", "properties": [{"name": "k", "value": "x"}]},
        {"language": "en-US", "properties": [{"name": "l", "value": "w"},
                                             {"name": "k", "value": "v"}]}]),
            restrictions={"inbound": later({"features": {"b", "a"}})})
"""


@pytest.mark.parametrize("form", [LISTS, OUTPUTS], ids=["lists", "behind-outputs"])
def test_the_vendors_lists_and_mappings_are_the_same_state(
    form: str, engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    engine.up(program(MAPPINGS % IDS["ClientApplication"]))
    wanted = {name: own(engine.state[name].inputs) for name in "abcd"}
    emulator.clear()
    engine.up(program(form % IDS["ClientApplication"]))
    assert {name: own(engine.state[name].inputs) for name in "abcd"} == wanted
    assert not [line for line in emulator.counts() if line.startswith(("PUT", "POST"))]


def test_words_are_sets_none_is_nothing_and_active_is_always_declared(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(
        program("""
            words = {"features": {"b", "a"}, "attachment_policy": None}
            channel("a", active=None, description=None,
                    restrictions={"inbound": words, "outbound": None})
            channel("b", active=False, restrictions={"inbound": {"features": ["b", "a", "b"]}})
            channel("c", active=later(True), l10n_properties={"en-US": {"k": None, "l": "v"}})
        """)
    )
    a, b, c = (own(engine.state[name].inputs) for name in "abc")
    assert a["restrictions"] == {"inbound": {"features": ["a", "b"]}} == b["restrictions"]
    assert (a["active"], b["active"], c["active"]) == (True, False, True)
    assert "description" not in a
    assert c["l10n_properties"] == {"en-US": {"l": "v"}}


def test_active_is_declared_even_where_an_output_turns_out_to_be_none(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(program('channel("a", active=later(None))'))
    assert engine.state["a"].inputs["active"] is True


def test_secrets_are_sealed_wherever_they_come_from(engine: Engine, emulator: Emulator) -> None:
    engine.up(
        program("""
            key = pulumi.Config("egain").require_secret("clientSecret")
            authentication("a", description="plain", oauth2={
                "token_request_url": "https://x.example.com", "method": "POST",
                "payload": Output.json_dumps({"key": key}), "headers": {"X": "canary-x"}})
            authentication("b", oauth2=later({
                "token_request_url": "https://x.example.com", "headers": {"X": "canary-x"}}))
            application("c", description=key.apply(lambda k: "about " + k),
                        extra={"attributes": [{"name": "n", "value": "canary-x"}]})
        """)
    )
    exported = str(engine.export())
    assert "local-secret" not in exported
    assert "canary-x" not in exported
    a, b, c = (engine.state[name].inputs for name in "abc")
    assert a["oauth2"]["headers"] == {"X": Secret("canary-x")}
    assert a["oauth2"]["payload"] == Secret('{"key": "local-secret"}')
    assert not has_secret(a["oauth2"]["method"])
    assert isinstance(b["oauth2"], Secret)
    assert plain(b["oauth2"])["headers"] == {"X": "canary-x"}
    assert has_secret(c["description"])
    assert has_secret(c["extra"])
    assert engine.refresh().changes == {}
    assert "local-secret" not in str(engine.export())


def test_a_component_a_parent_and_an_alias_are_nothing_special(
    engine: Engine, emulator: Emulator
) -> None:
    body = """
        group = pulumi.ComponentResource("hub:Group", "group")
        bot = application("bot", opts=ResourceOptions(parent=group))
        participant("greeter", bot, opts=ResourceOptions(parent=bot, depends_on=[group]))
    """
    engine.up(program(body))
    assert engine.state["greeter"].inputs["application"] == {"id": engine.state["bot"].id}
    engine.restart()
    moved = """
        bot = ClientApplicationResource("robot", name="bot", roles={"custom_bot": role()},
            opts=ResourceOptions(aliases=[pulumi.Alias(
                name="bot", parent="%s")]))
        participant("greeter", bot, opts=ResourceOptions(aliases=[pulumi.Alias(parent="%s")]))
    """
    group = next(r.urn for r in engine.state if r.name == "group")
    emulator.clear()
    result = engine.up(program(moved % (group, engine.state["bot"].urn)))
    assert result.changes == {"group": "delete"}
    assert emulator.counts() == {}


def test_the_same_name_in_two_tenants_is_no_mistake(engine: Engine, emulator: Emulator) -> None:
    given: dict[str, Any] = {k: plain(v) for k, v in emulator.config.items()}
    result = engine.preview(
        program(f"""
            eu = pulumi.ProviderResource("pulumi-python", "eu", {given!r})
            channel("one")
            ChannelResource("two", type="one", display_name="Two", icon=ICON,
                            opts=ResourceOptions(provider=eu))
            group = pulumi.ComponentResource("hub:Group", "group", opts=ResourceOptions(
                providers=[pulumi.ProviderResource("pulumi-python", "us", {given!r})]))
            ChannelResource("three", type="one", display_name="Three", icon=ICON,
                            opts=ResourceOptions(parent=group))
        """)
    )
    assert result.changes.keys() >= {"one", "two", "three"}


def test_an_export_of_a_whole_resource_shows_its_fields_alone(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    result = engine.up(
        program(f"""
            from egain_pulumi import Provider
            pulumi.export("made", channel("chat", opts=ResourceOptions(delete_before_replace=True)))
            found = ClientApplicationResource.find("agents", role="egain_agent")
            pulumi.export("found", found)
            pulumi.export("got", ChannelResource.get("got", id="{IDS["Channel"]}"))
            pulumi.export("eu", Provider("eu", base_url="https://x.example.com/v3",
                token_url="https://x.example.com/t", client_id="i", client_secret="s"))
        """)
    )
    shown = {name: set(value) for name, value in result.outputs.items()}
    fields = {*ChannelResource.fields}
    assert shown["made"] == {"urn", "id", "type", "display_name", "icon", "active"}
    assert shown["found"] == {"urn", "id", "name"}
    assert shown["got"] - fields == {"urn", "id"}
    assert {key for key in shown["eu"] if ":" not in key} == {"urn", "id", "package"}
