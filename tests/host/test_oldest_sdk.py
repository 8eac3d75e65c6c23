"""The oldest Pulumi SDK that we claim: its plugin host and its programs, one small life."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel
from tests.host.running import program, said
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.process import REPOSITORY

pytestmark = pytest.mark.host
OLDEST = "3.259.0"
CACHE = REPOSITORY / ".venv" / f"oldest-sdk-{OLDEST}"


@pytest.fixture(scope="session")
def oldest_sdk() -> Path:
    """A folder with that SDK alone; everything else is the environment's own."""
    with CACHE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not CACHE.exists():
            unfinished = CACHE.with_suffix(".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
            command += ["--disable-pip-version-check", "--target", str(unfinished)]
            subprocess.run([*command, f"pulumi=={OLDEST}"], check=True)
            unfinished.rename(CACHE)
    return CACHE


@pytest.fixture
def old(oldest_sdk: Path, make_engine: MakeEngine, emulator: Emulator) -> Engine:
    path = os.pathsep.join((str(oldest_sdk), str(REPOSITORY)))
    # The environment's SDK is newer; its generated messages would be found first otherwise.
    return make_engine(config=emulator.config, env={"PYTHONPATH": path})


def test_it_is_really_the_oldest_sdk_that_runs(old: Engine, emulator: Emulator) -> None:
    body = 'pulumi.export("where", pulumi.__file__)\nchannel()'
    where = old.up(program(body)).outputs["where"]
    assert Path(where).is_relative_to(CACHE)
    agents = {request["user_agent"] for request in emulator.requests()}
    assert [agent for agent in agents if f"pulumi/{OLDEST}" in agent] == list(agents)


def test_a_life_on_the_oldest_sdk(old: Engine, emulator: Emulator) -> None:
    body = """
        auth = authentication(oauth2={{"token_request_url": "https://x.example.com",
            "payload": Output.secret("canary-payload"), "headers": {{"X": "canary-header"}}}})
        bot = application(roles={{"custom_bot": role(authentication=auth)}},
                          description="{text}")
        participant("greeter", bot, intents=[{{"value": "v", "display_value": "V"}}])
        orchestration("flow", [bot, ClientApplicationResource.find("agents", role="egain_agent")])
        account("orders", channel(restrictions={{"inbound": {{"max_text_length": 5}}}}))
    """
    one, two = program(body.format(text="One.")), program(body.format(text="Two."))
    assert old.preview(one).counts == {"create": 7}
    assert emulator.counts(tokens=True) == {}
    old.up(one)
    assert old.preview(one).changes == {}
    assert "canary" not in str(old.export()) + old.output
    assert old.preview(two).step("bot").paths == {"description": "update"}
    old.up(two)
    [bot] = [o for o in emulator.objects("clientapplications") if o["name"] == "bot"]
    assert bot["description"] == "Two."
    emulator.edit("clientapplications", bot["id"], {"description": "Console."})
    assert old.refresh().step("bot").paths == {"description": "update"}
    old.destroy()
    assert emulator.objects("accounts") == emulator.objects("authentications") == []


def test_errors_are_one_line_on_the_oldest_sdk(old: Engine, emulator: Emulator) -> None:
    old.up([channel()])
    id = old.state["it"].id
    emulator.remove("channels", id)
    [message] = old.up([channel(display_name="New")], check=False).messages
    assert message == (
        f'channel "it" [{id}] not updated: it is no longer in eGain. Run pulumi up --refresh, '
        "which creates it again."
    )
    old.config["egain:baseURL"] = "x"
    [message] = old.preview([channel()], check=False).messages
    assert message.startswith("egain:baseURL is not a setting; did you mean egain:baseUrl?")
    assert "Traceback" not in old.output


def test_warnings_and_mistakes_are_shown_on_the_oldest_sdk(old: Engine, emulator: Emulator) -> None:
    result = old.up(program('channel(icon=later("iVBORw0KGgo="))'))
    assert said(result, "warning") == [
        'channel "chat": icon: is not a png of 32 by 32 pixels, which eGain\'s own chat agents '
        "expect."
    ]
    assert [line.urn for line in result.logs] == [old.state["chat"].urn]
    wrong = old.up(program('channel(colour="red", display_name=5)'), check=False)
    assert len(said(wrong, "error")) == 2
    [message] = wrong.messages
    assert message.endswith("2 problems in this program; see the other errors")
