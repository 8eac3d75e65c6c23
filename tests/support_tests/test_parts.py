"""The small parts of the harness: differences, paths, processes, guards, emulator control."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import OutsideError, refuse_outside
from tests.support import process
from tests.support.difference import compare, invert, top_level
from tests.support.emulator import Emulator
from tests.support.paths import contains, ignore, parse
from tests.support.process import REPOSITORY, Child, base_env
from tests.support.values import Secret, go_text, normalise

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1.0}, {"a": 1.0, "b": None}, {}),
        ({"a": 1.0, "b": 2.0}, {"b": 3.0, "c": 1.0}, {"a": "delete", "b": "update", "c": "add"}),
        ({"m": {"x-y": 1.0}}, {"m": {"x-y": 2.0}}, {'m["x-y"]': "update"}),
        (
            {"l": [1.0, {"k": 1.0}]},
            {"l": [1.0, {"k": 2.0}, 3.0]},
            {"l[1].k": "update", "l[2]": "add"},
        ),
        ({"s": Secret({"a": 1.0})}, {"s": Secret({"a": 2.0})}, {"s": "update"}),
        ({"s": Secret("a")}, {"s": "a"}, {"s": "update"}),
        ({"b": True}, {"b": 1.0}, {"b": "update"}),
    ],
)
def test_differences_are_the_engines(old: Any, new: Any, expected: Any) -> None:
    assert compare(old, new) == expected


def test_a_refresh_shows_the_inverse() -> None:
    assert invert({"a": "add", "b": "delete", "c": "update"}) == {
        "a": "delete",
        "b": "add",
        "c": "update",
    }
    assert top_level({'m["x"].y': "add", "l[0]": "add"}) == {"m", "l"}


def test_paths_are_parsed_and_ignored() -> None:
    assert parse('a.b["x.y"][0].*') == ["a", "b", "x.y", 0, "*"]
    assert contains(parse("a.*"), parse("a.b.c"))
    assert not contains(parse("a.b"), parse("a"))
    old, new = {"a": {"x": 1.0, "y": 1.0}}, {"a": {"x": 2.0, "y": 2.0}, "n": 1.0}
    assert ignore(new, old, ["a.x", "n"]) == {"a": {"x": 1.0, "y": 2.0}}
    hidden = ignore({"a": Secret({"x": 2.0, "z": 3.0})}, old, ["a.*"])
    assert hidden["a"].value == {"x": 1.0, "y": 1.0}


def test_values_as_the_engine_prints_them() -> None:
    assert go_text(normalise({"a": [1, "x"], "b": True})) == "map[a:{[{1} {x}]} b:{true}]"
    assert go_text(Secret("x")) == "&{{x}}"


def test_a_child_ends_with_all_that_it_started(tmp_path: Path) -> None:
    nested = (
        f"import subprocess, sys; subprocess.Popen({SLEEP!r}); print('ready', flush=True); input()"
    )
    child = Child([sys.executable, "-c", nested], cwd=tmp_path, env=base_env())
    with pytest.raises(RuntimeError, match="no line"):
        assert child.next_line(10) == "ready"
        child.next_line(0.1)
    assert process.members(child.popen.pid) == []


def test_what_a_process_leaves_behind_is_named(tmp_path: Path) -> None:
    nested = f"import subprocess; subprocess.Popen({SLEEP!r}, stdin=-3, stdout=-3, stderr=-3)"
    child = Child([sys.executable, "-c", nested], cwd=tmp_path, env=base_env())
    assert child.wait(10) == 0
    assert child.left == [" ".join(SLEEP)]


def test_a_call_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    before = process.strays()
    child = Child(SLEEP, cwd=tmp_path, env=base_env())
    with pytest.raises(TimeoutError):
        child.wait(0.1)
    assert process.strays() == before


def test_processes_that_run_are_seen() -> None:
    before = process.strays()
    with subprocess.Popen(SLEEP) as sleeping:
        while "time.sleep" not in process.strays().get(sleeping.pid, ""):
            time.sleep(0.01)
        sleeping.kill()
    assert process.strays() == before


def test_a_test_that_leaves_a_process_fails(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        f"import subprocess\ndef test_it():\n    subprocess.Popen({SLEEP!r})\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", str(tmp_path)]
    command += ["-c", str(REPOSITORY / "pyproject.toml"), "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [*command, "-W", "ignore"], env=base_env(), capture_output=True, text=True, check=False
    )
    assert "processes left running" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", None, b"127.0.0.1"])
def test_this_machine_may_be_talked_to(host: Any) -> None:
    refuse_outside(host)


def test_other_machines_may_not_be_talked_to() -> None:
    for host in ("192.0.2.1", "example.com", b"example.com"):
        with pytest.raises(OutsideError):
            refuse_outside(host)
    with socket.socket() as one, pytest.raises(OutsideError):
        one.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideError):
        requests.get("http://example.com/", timeout=1)


def test_the_emulator_is_controlled(emulator: Emulator) -> None:
    fault = emulator.fault("GET", "/channels", action="status", status=503, match={"nth": 2})
    emulator.settings(page_size=3)
    emulator.advance(60)
    made = emulator.add("channels", {"type": "chat", "displayName": "Chat"})
    emulator.edit("channels", made["id"], {"displayName": "Live"})
    assert emulator.object("channels", made["id"])["displayName"] == "Live"
    token = requests.post(
        emulator.token_url,
        data={"grant_type": "client_credentials", "scope": ".default"},
        auth=("local", "local-secret"),
        timeout=5,
    ).json()["access_token"]
    for status in (200, 503):
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.get(f"{emulator.base_url}/channels", headers=headers, timeout=5)
        assert answer.status_code == status
    assert emulator.fired(fault) == 1
    assert emulator.counts() == {"GET /channels": 2}
    assert [entry["status"] for entry in emulator.requests()] == [200, 503]
    emulator.remove("channels", made["id"])
    assert emulator.objects("channels") == []
    emulator.reset()
    assert emulator.counts(tokens=True) == {}
    assert emulator.overview()["settings"]["page_size"] != 3
