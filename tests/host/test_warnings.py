"""What is said, and no reason to stop: advice, limits under `validation=warn`, missing settings."""

from __future__ import annotations

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import ground
from tests.host.running import own, program, refusal, said
from tests.specimens import IDS
from tests.support.emulator import Emulator
from tests.support.engine import Engine

pytestmark = pytest.mark.host


def test_a_warning_is_said_once_and_sent_as_written(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    body = f"""
        application("a", roles={{"custom_bot": role(callback="http://bot.example.com/x")}})
        application("b", roles={{"custom_bot": role(callback=later("not a url"))}})
        participant("c", "{IDS["ClientApplication"]}", type="egain_bot")
        channel("d", icon="iVBORw0KGgo=")
    """
    emulator.settings(validation="documented")
    result = engine.up(program(body))
    assert sorted(said(result, "warning")) == [
        'channel "d": icon: is not a png of 32 by 32 pixels, which eGain\'s own chat agents '
        "expect.",
        'client application "a": roles.custom_bot.callback: is plain http, so messages and '
        "credentials are not encrypted; use https.",
        'client application "b": roles.custom_bot.callback: is not an absolute URL (https://…); '
        "eGain could not deliver to it.",
        'participant "c": type: eGain creates egain_bot participants itself; use '
        'ParticipantResource.find(…, name="…").',
    ]
    assert own(engine.state["b"].inputs)["roles"]["custom_bot"]["callback"] == "not a url"


@pytest.mark.parametrize("where", ["configuration", "environment"])
def test_with_validation_warn_a_documented_limit_is_a_warning(
    where: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    emulator.settings(validation="off")
    config, env = dict(emulator.config), {}
    if where == "configuration":
        config["egain:validation"] = "warn"
    else:
        env["EGAIN_VALIDATION"] = "warn"
    engine = make_engine(config=config, env=env)
    result = engine.up(program('application("a", roles={"pilot": role(version="v9")})'))
    assert len(said(result, "warning")) == len(set(said(result, "warning"))) == 2
    [found] = [o for o in emulator.objects("clientapplications") if o["name"] == "a"]
    assert (found["roles"][0]["name"], found["roles"][0]["version"]) == ("pilot", "v9")
    assert refusal(engine, 'application("b", active="yes")')


def test_a_preview_without_settings_is_complete_and_says_once_what_up_will_need(
    make_engine: MakeEngine, emulator: Emulator
) -> None:
    engine = make_engine()
    body = 'channel("a")\nchannel("b")\napplication("c")'
    preview = engine.preview(program(body))
    assert preview.counts == {"create": 3}
    [warning] = said(preview, "warning")
    assert "egain:baseUrl (EGAIN_BASE_URL)" in warning
    assert "The preview is complete without it; pulumi up needs it." in warning

    [message] = engine.up(program(body), check=False).messages
    assert message.startswith("cannot call eGain: egain:baseUrl (EGAIN_BASE_URL), egain:tokenUrl")
    assert "are not set" in message
    assert "\n" not in message
    assert len(engine.state.managed()) == 0


IGNORED = """
    chat = channel("chat", active={active}, opts=ResourceOptions(ignore_changes=["active"]))
    agents = ClientApplicationResource.find("agents", role="egain_agent")
    flow = orchestration("flow", [agents])
    kept = ["chat_configurations.orchestration", 'roles["custom_bot"].callback']
    account("orders", chat, chat_configurations={reaches},
            opts=ResourceOptions(ignore_changes=kept))
    channel("one", active=False, type="{type}", opts=ResourceOptions(ignore_changes=["type"]))
    channel("two", active=False)
"""


def test_of_ignored_changes_what_the_state_keeps_counts(engine: Engine, emulator: Emulator) -> None:
    sound = {"active": True, "reaches": '{"orchestration": flow}', "type": "one"}
    engine.up(program(IGNORED.format(**sound)))
    ignored = {"active": False, "reaches": "{}", "type": "two"}
    shown = engine.preview(program(IGNORED.format(**ignored)))
    assert said(shown, "warning") == []
    assert shown.changes == {}
