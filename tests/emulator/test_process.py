"""Start, end and restart, and the one-line errors of a failed start."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi.emulator import serve

from .handle import Emulator, refusal
from .samples import BASIC, chain, named

Start = Callable[..., Emulator]


def one_line(text: str) -> bool:
    return text.startswith("emulator: ") and text.count("\n") == 1 and text.endswith("\n")


def test_objects_survive_a_restart_and_a_kill(start: Start, tmp_path: Path) -> None:
    db = str(tmp_path / "with a space.db")
    first = start("--db", db)
    made = chain(first)
    database = first.control("GET", "/")["database"]
    before = first.control("GET", "/objects", params={"secrets": "plain"})
    assert first.end() == 0
    second = start("--db", db)
    assert second.control("GET", "/objects", params={"secrets": "plain"}) == before
    assert second.control("GET", "/")["database"] == database
    # The rules between objects hold again as well.
    path, key, body = made["Authentication"]
    assert second.api("DELETE", f"{path}/{key}").status_code == 400
    assert second.api("POST", path, json=body).status_code == 409
    last = second.create(path, named(BASIC, "last"))
    second.kill()
    third = start("--db", db)
    assert third.api("GET", f"{path}/{last}").status_code == 200
    assert third.control("GET", "/")["instance"] != second


def test_the_agents_application_differs_between_databases(start: Start, tmp_path: Path) -> None:
    ids = {
        start("--db", str(tmp_path / name)).control("GET", "/objects/clientapplications")[
            "objects"
        ][0]["id"]
        for name in ("a.db", "b.db")
    }
    assert len(ids) == 2


@pytest.mark.parametrize("exists", [False, True])
def test_only_its_owner_reads_the_database(start: Start, tmp_path: Path, exists: bool) -> None:
    path = tmp_path / "emulator.db"
    if exists:
        first = start("--db", str(path))
        first.create("/authentications", named(BASIC, "first"))
        first.kill()
        for file in tmp_path.iterdir():
            file.chmod(0o644)
    before = os.umask(0)
    try:
        start("--db", str(path)).create("/authentications", BASIC)
    finally:
        os.umask(before)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert set(modes) >= {"emulator.db", "emulator.db-wal"}
    assert set(modes.values()) == {0o600}, modes


def test_a_database_serves_one_emulator_at_a_time(start: Start, tmp_path: Path) -> None:
    db = str(tmp_path / "shared.db")
    first = start("--db", db)
    code, text, _ = refusal("--port", "0", "--db", db)
    assert (code, one_line(text)) == (2, True), text
    assert "in use by another emulator" in text
    first.kill()
    start("--db", db)


def test_port_in_use(start: Start) -> None:
    port = start("--db", ":memory:").host.rpartition(":")[2]
    code, text, _ = refusal("--port", port, "--db", ":memory:")
    assert (code, one_line(text), f"port {port} is in use" in text) == (2, True, True), text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"not a database at all, but a text of some length\n" * 100, "not an emulator database"),
        ("CREATE TABLE t (x)", "not an emulator database"),
        (f"PRAGMA application_id = {0x65476D31}; PRAGMA user_version = 7", "another version"),
    ],
)
def test_a_file_that_is_none_of_ours(
    tmp_path: Path, content: bytes | str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.db"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        other = sqlite3.connect(path)
        other.executescript(content)
        other.close()
    before = path.read_bytes()
    assert serve(port=0, db=str(path)) == 2
    text = capsys.readouterr().err
    assert one_line(text), text
    assert expected in text
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"db": "/no/such/folder/x.db"}, "folder does not exist"),
        ({"db": "."}, "cannot be opened"),
        ({"latency": -1}, "latency must be a number from 0"),
        ({"latency": float("nan")}, "latency must be a number from 0"),
        ({"port": 70000}, "port 70000 cannot be used"),
    ],
)
def test_options_that_cannot_be(
    options: dict[str, Any], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve(**{"port": 0, **options}) == 2
    text = capsys.readouterr().err
    assert (one_line(text), expected in text) == (True, True), text


def test_a_damaged_database(
    start: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "damaged.db"
    start("--db", str(path)).end()
    other = sqlite3.connect(path)
    other.execute("DROP TABLE objects")
    other.close()
    assert serve(port=0, db=str(path)) == 2
    text = capsys.readouterr().err
    assert (one_line(text), "is damaged" in text) == (True, True), text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_at_once_whatever_is_under_way(start: Start, number: signal.Signals) -> None:
    emulator = start("--db", ":memory:")
    emulator.bearer()
    emulator.fault("hang", method="GET", path="/accounts")
    emulator.api("GET", "/channels")  # leaves an idle connection behind
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(emulator.raw, "GET", "/accounts")
        while emulator.control("GET", "/log")["in_flight"] == 0:
            time.sleep(0.01)
        os.kill(emulator.process.pid, number)
        # The hang lasts for ten minutes; a busy machine may take a few seconds for the end.
        assert emulator.process.wait(5) == 0
        assert isinstance(hanging.exception(5), ConnectionError)
    assert emulator.process.stdout and emulator.process.stderr
    assert (emulator.process.stdout.read(), emulator.process.stderr.read()) == ("", "")


def test_an_answer_nearly_done_is_finished(start: Start) -> None:
    emulator = start("--db", ":memory:", "--latency", "0.2")
    emulator.bearer()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(emulator.raw, "GET", "/accounts")
        while emulator.control("GET", "/log")["in_flight"] == 0:
            time.sleep(0.01)
        emulator.process.terminate()
        assert running.result(5).status == 200


def test_tokens_do_not_survive_a_restart(start: Start, tmp_path: Path) -> None:
    db = str(tmp_path / "tokens.db")
    first = start("--db", db)
    token = first.bearer()
    first.end()
    second = start("--db", db)
    answer = second.api("GET", "/accounts", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
