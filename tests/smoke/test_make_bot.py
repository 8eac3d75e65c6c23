"""On a fresh clone: make up, make bot, egain-pulumi smoke, make down."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import requests

from tests.support.process import REPOSITORY, base_env, free_port
from toolchain import bot, process
from toolchain.local import Local
from toolchain.say import Refusal


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """The files as they are now, with the environment of these tests; and ports of its own, as
    other clones on this machine have the published ones."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    tops = ("egain_pulumi", "examples", "icons", "stacks", "toolchain")
    for name in tops:
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / name, folder / name, ignore=skipped)
    for name in ("Makefile", "Pulumi.yaml", "__main__.py", "pyproject.toml", "requirements.txt"):
        shutil.copy(REPOSITORY / name, folder / name)
    settings = folder / "stacks" / "Pulumi.local.yaml"
    text = settings.read_text()
    for port in ("8771", "8772"):
        assert f"http://127.0.0.1:{port}/callback" in text
        text = text.replace(f":{port}/", f":{free_port()}/")
    settings.write_text(text)
    (folder / ".venv").symlink_to(sys.prefix)
    yield folder
    made = run(folder, "make", "reset", f"PYTHON={sys.executable}")
    assert made.returncode == 0


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command, without a terminal, in a shell that points elsewhere."""
    elsewhere = {"EGAIN_BASE_URL": "https://api.egain.cloud/x", "HOME": os.environ["HOME"]}
    return subprocess.run(
        command,
        cwd=folder,
        env=base_env(elsewhere),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def make(folder: Path, target: str) -> str:
    """What `make target` says; it must do it."""
    done = run(folder, "make", target, f"PYTHON={sys.executable}")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def emulated(folder: Path) -> str:
    """How the emulator of a clone logs in at the bot."""
    port = (folder / ".local" / "port").read_text().strip()
    page = f"http://127.0.0.1:{port}/_emulator/objects/authentications?secrets=plain"
    [found] = requests.get(page, timeout=5).json()["objects"]
    return str(found["oauth2"]["payload"]).replace('": "', '":"')


@pytest.mark.cli
def test_a_customer_finds_an_answer_and_an_agent(clone: Path) -> None:
    early = run(clone, "make", "bot", f"PYTHON={sys.executable}")
    assert early.stderr.startswith("error: stack local is not up; run `make up` first\n")
    make(clone, "up")
    told = make(clone, "bot")
    talk = re.search(r"^Talk +(.*)$", told, re.MULTILINE)
    assert talk is not None
    # The tools are those of the clone's own environment, as the line says.
    done = run(clone, "sh", "-c", f"{talk[1]} --account orders --json")
    assert done.returncode == 0, done.stdout + done.stderr
    [check] = json.loads(done.stdout)["checks"]
    assert any(step["what"].startswith('custom_bot: "Hello!') for step in check["steps"])
    desk = [step["what"] for step in check["steps"] if step["code"] == "delivered_to_desktop"]
    assert desk[0].startswith('client application "agents": ')
    called = run(clone, "sh", "-c", ". .local/env; egain-pulumi smoke --callbacks-only")
    assert called.returncode == 0, called.stdout + called.stderr
    [secret] = re.findall(r'"clientSecret":"([^"]+)"', emulated(clone))
    shown = told + done.stdout + called.stdout + (clone / ".local" / "bot.log").read_text()
    assert secret not in shown
    record = json.loads((clone / ".local" / "bot.pid").read_text())
    # Another make bot is another process, with what has been edited since.
    make(clone, "bot")
    assert process.identity(record["pid"]) != record["identity"]
    again = json.loads((clone / ".local" / "bot.pid").read_text())
    make(clone, "reset")
    assert process.identity(again["pid"]) != again["identity"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "botCallback in stacks/Pulumi.local.yaml does not lead to this machine"),
        (
            {"botCallback": "https://bot.example.com/x"},
            "botCallback in stacks/Pulumi.local.yaml does not lead to this machine",
        ),
        (
            {"botCallback": "http://127.0.0.1:8771/x", "botLoginUrl": "http://127.0.0.1:8770/x"},
            "botCallback and botLoginUrl in stacks/Pulumi.local.yaml name two ports",
        ),
    ],
)
def test_an_address_that_no_local_bot_has(
    tmp_path: Path, config: Mapping[str, str], said: str
) -> None:
    with pytest.raises(Refusal, match=re.escape(said)):
        bot.start(Local(tmp_path), ["false"], config, {})


def test_a_port_that_is_taken_and_a_bot_that_does_not_start(tmp_path: Path) -> None:
    local = Local(tmp_path)
    local.folder.mkdir()
    port = free_port()
    here = dict.fromkeys(("botCallback", "botLoginUrl"), f"http://127.0.0.1:{port}/x")
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(Refusal, match=f"port {port} is taken"),
    ):
        bot.start(local, ["false"], here, {})
    failing = [sys.executable, "-c", "raise SystemExit('who may call the bot?')"]
    with pytest.raises(Refusal, match=r"did not start: who may call the bot\? \(see "):
        bot.start(local, failing, here, base_env())
    assert not bot.stop(local)
