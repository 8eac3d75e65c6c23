"""`scripts/try-on-emulator`: as a fork's pull request runs it, with nothing of the team's."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.ci.repository import CANARY, SECONDS, job, start
from tests.support.process import Child

pytestmark = pytest.mark.cli


@pytest.fixture
def fork(deployed: Path, tmp_path: Path) -> Path:
    """A clone without a backend, a passphrase or a tenant; what is made is made in `tmp`."""
    (tmp_path / "tmp").mkdir()
    clone = tmp_path / "a fork"
    command = ["git", "clone", "--quiet", str(deployed / "project"), str(clone)]
    subprocess.run(command, check=True, env=job())
    (clone / ".venv").symlink_to(sys.prefix)
    (clone / ".git" / "info" / "exclude").write_text(".venv\n")
    return clone


def tried(fork: Path, stack: str) -> Child:
    """A running try of a stack."""
    folder = str(fork.parent / "tmp")
    return start(fork, "try-on-emulator", stack, env=job(TMPDIR=folder, HOME=folder))


def left(fork: Path, child: Child) -> list[str]:
    """What a run has left behind: files, changes, a server in a session of its own."""
    port = re.search(r"the emulator runs on http://127.0.0.1:(\d+)", child.output)
    if port:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(port[1])), 5)
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=fork, capture_output=True, text=True, check=True
    ).stdout
    return [str(each) for each in (fork.parent / "tmp").iterdir()] + changed.splitlines()


@pytest.mark.parametrize("stack", [pytest.param("dev", marks=pytest.mark.soak), "prod"])
def test_a_stack_is_created_settles_and_is_destroyed(stack: str, fork: Path) -> None:
    child = tried(fork, stack)
    code = child.wait(SECONDS)
    assert code == 0, child.output
    assert child.left == []
    assert f"{stack} on the emulator, not compared with {stack}" in child.output
    for told in ("+ 11 created", "11 unchanged", "- 11 deleted"):
        assert told in child.output, told
    assert CANARY not in child.output
    assert left(fork, child) == []


FINDS = """find("agents", role="custom_agent")
from egain_pulumi import AccountResource, AuthenticationResource, ChannelResource
from egain_pulumi import ParticipantResource
ClientApplicationResource.find("agents-2", role="custom_agent", name="theirs")
ClientApplicationResource.find("agents-3", role="egain_agent")
ClientApplicationResource.find("console", name="made in the console")
AuthenticationResource.find("login", name="login")
ParticipantResource.find("bot-of-others", name="their-bot")
AccountResource.find("sales", name="sales")
whatsapp = ChannelResource.find("whatsapp", type="whatsapp")
AccountResource(
    "whatsapp", name="whatsapp", address="1", channel=whatsapp, chat_configurations={"timeout": 30}
)
"""


def _replaced(program: str, agents: str) -> str:
    """The program with other agents."""
    own = 'find("agents", role="egain_agent")'
    assert program.count(own) == 1
    return program.replace(own, agents)


def test_what_a_program_finds_is_there(fork: Path) -> None:
    program = fork / "__main__.py"
    program.write_text(_replaced(program.read_text(), FINDS))
    child = tried(fork, "prod")
    assert child.wait(SECONDS) == 0, child.output
    *_, last = child.output.strip().splitlines()
    assert last == (
        "not shown: that prod has what the program finds; stand-ins on the emulator: "
        'client application with name "theirs" and role "custom_agent", '
        'account with name "sales", authentication with name "login", '
        'channel with type "whatsapp", client application with name "made in the console", '
        'participant with name "their-bot"'
    )


def test_a_program_that_cannot_be_created_names_the_step(fork: Path) -> None:
    program = fork / "__main__.py"
    text = program.read_text()
    # Only eGain can tell: there is no such application.
    program.write_text(_replaced(text, f'get("agents", id="{uuid.uuid4()}")'))
    child = tried(fork, "prod")
    assert child.wait(SECONDS) == 1
    assert child.left == []
    # Two streams in one pipe: not always the last line.
    assert "\nerror: prod on the emulator: step `up` failed (" in child.output
    assert "-- second preview" not in child.output
    program.write_text(text)
    assert left(fork, child) == []


@pytest.mark.soak
def test_a_program_that_never_settles_names_the_step(fork: Path) -> None:
    program = fork / "__main__.py"
    text = program.read_text()
    program.write_text(
        "import time\n" + text.replace('display_name="Chat"', "display_name=str(time.time())")
    )
    child = tried(fork, "prod")
    assert child.wait(SECONDS) == 1
    assert "step `second preview` failed" in child.output.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("how", "when"),
    [
        (signal.SIGINT, "-- up\n"),
        pytest.param(signal.SIGTERM, "-- up\n", marks=pytest.mark.soak),
        pytest.param(signal.SIGINT, "not compared with", marks=pytest.mark.soak),
        pytest.param(signal.SIGINT, "-- destroy\n", marks=pytest.mark.soak),
    ],
)
def test_nothing_is_left_of_a_run_that_is_ended(how: signal.Signals, when: str, fork: Path) -> None:
    child = tried(fork, "prod")
    while when not in child.output:
        with pytest.raises(subprocess.TimeoutExpired):
            child.popen.wait(0.02)
    child.popen.send_signal(how)
    assert child.wait(SECONDS) == 130, child.output
    assert child.left == []
    assert "interrupted" in child.output
    assert left(fork, child) == []


def test_an_unknown_stack_is_one_line(fork: Path) -> None:
    child = tried(fork, "tset")
    assert child.wait(SECONDS) == 2
    said = child.output.splitlines()
    assert (
        said[-1]
        == "error: there is no stacks/Pulumi.tset.yaml: tset is not a stack of this project"
    )
    usage = start(fork, "try-on-emulator", env=job())
    assert usage.wait(SECONDS) == 2
    assert usage.output == "error: usage: scripts/try-on-emulator STACK\n"
    assert left(fork, child) == []
