"""What make does around stack `local`: its environment, its emulator process, its refusals."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.process import REPOSITORY, Child, base_env
from toolchain import browser, emulator, environment, make, private, process, variables, workflows
from toolchain.local import Local
from toolchain.say import Refusal

# What stands in for the emulator: answers everywhere, keeps its database. The real one and
# the whole of `make up` are met by the test of the README.
SERVER = """
import http.server, pathlib, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
pathlib.Path(sys.argv[2]).touch()
print(f"http://127.0.0.1:{sys.argv[1]}", flush=True)
server.serve_forever()
"""
START = """
import pathlib, sys
from toolchain import emulator
from toolchain.local import Local
def command(port, database):
    return [sys.executable, "-c", sys.argv[2], str(port), str(database)]
print(emulator.start(Local(pathlib.Path(sys.argv[1])), command).port)
"""


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    """A clone in a folder that shells and URLs trip over, with ports that no other test uses."""
    with socket.create_server(("127.0.0.1", 0)) as somewhere:
        own = min(somewhere.getsockname()[1], 65_000)
    monkeypatch.setattr(emulator, "PORT", own)
    made = Local(tmp_path / "it's 100% a #clone")
    made.folder.mkdir(parents=True)
    yield made
    emulator.stop(made)


def server(port: int, database: Path) -> list[str]:
    return [sys.executable, "-c", SERVER, str(port), str(database)]


# -- the environment


def test_the_env_file_makes_a_shell_as_our_commands_are(local: Local, tmp_path: Path) -> None:
    cli = tmp_path / "it's a cli" / "pulumi"
    local.env.write_text(variables.as_file(local, 8799, cli))
    shell = {
        "PATH": "/usr/bin:/bin",
        "EGAIN_BASE_URL": "https://tenant.example/v3",
        "EGAIN_ALLOW_DELETE": "multi\nline",
        "EGAIN_PULUMI_CLI": "/kept",
        "PULUMI_STACK": "prod",
        "PULUMI_ACCESS_TOKEN": "secret",
        "NO_PROXY": "intranet",
        "https_proxy": "http://proxy.example",
    }
    dump = "import json, os; print(json.dumps(dict(os.environ)))"
    done = subprocess.run(
        ["sh", "-eu", "-c", '. ./env; . ./env; exec "$0" -c "$1"', sys.executable, dump],
        cwd=local.folder,
        env=shell,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    got = json.loads(done.stdout)
    for name in ("PWD", "SHLVL", "OLDPWD", "_", "LC_CTYPE"):
        got.pop(name, None)
    assert got == {
        **variables.of_stack(local, 8799),
        "PATH": f"{cli.parent}:{environment.FOLDER}/bin:/usr/bin:/bin",
        "EGAIN_PULUMI_CLI": "/kept",
        "NO_PROXY": "intranet,127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "https_proxy": "http://proxy.example",
    }


def test_nothing_of_the_shell_leads_our_commands_elsewhere() -> None:
    shell = {
        "HOME": "/home/me",
        "EGAIN_TOKEN_URL": "https://tenant.example/token",
        "EGAIN_EU_CLIENT_SECRET": "secret",
        "EGAIN_PULUMI_CLI": "/kept",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "/secret",
        "PULUMI_STACK": "prod",
        "no_proxy": "localhost",
    }
    assert variables.clean(shell) == {
        "HOME": "/home/me",
        "EGAIN_PULUMI_CLI": "/kept",
        "no_proxy": "localhost,127.0.0.1",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def test_the_backend_is_a_url_whatever_the_folder_is_called(local: Local) -> None:
    assert local.backend.startswith("file:///")
    assert "it%27s%20100%25%20a%20%23clone/.local/state" in local.backend


@pytest.mark.parametrize("exists", [False, True])
def test_only_its_owner_reads_the_files_of_stack_local(local: Local, exists: bool) -> None:
    before = os.umask(0)
    try:
        local.folder.chmod(0o755)
        if exists:
            for file in (local.port, local.process, local.log):
                file.touch(0o644)
        running = emulator.start(local, server)
        private.write(local.env, "secret")
    finally:
        os.umask(before)
    assert running.port == int(local.port.read_text())
    modes = {
        path: path.stat().st_mode & 0o777
        for path in (local.folder, local.port, local.process, local.log, local.env)
    }
    assert list(modes.values()) == [0o700, 0o600, 0o600, 0o600, 0o600]


# -- half of a stack


def state(local: Local, *types: str, mark: dict[str, str] | None = None) -> None:
    file = local.state / ".pulumi" / "stacks" / "conversation-hub" / "local.json"
    file.parent.mkdir(parents=True)
    outputs = {} if mark is None else {"_tenant": mark}
    resources = [{"type": one, "outputs": outputs} for one in ("pulumi:pulumi:Stack", *types)]
    file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"resources": resources}}}))


OURS = "pulumi-python:dynamic/egain:Channel"


@pytest.mark.parametrize(
    ("has_state", "types", "has_database", "whole"),
    [
        (False, [], False, True),  # before the first `make up`
        (True, [], False, True),  # the first one was cut off, or `make down` and a clean-up
        (True, [OURS], True, True),
        (True, [], True, True),
        (True, [OURS], False, False),
        (False, [], True, False),
    ],
)
def test_state_and_emulator_belong_together(
    local: Local, has_state: bool, types: list[str], has_database: bool, whole: bool
) -> None:
    if has_state:
        state(local, *types)
    if has_database:
        local.database.touch()
    if whole:
        local.check_complete()
    else:
        with pytest.raises(Refusal, match="run `make reset` to start afresh"):
            local.check_complete()


@pytest.mark.parametrize(("mark", "moved"), [({}, "1"), ({"emulator": "an id"}, None)])
def test_the_emulator_of_an_old_state_may_move(
    local: Local, mark: dict[str, str], moved: str | None
) -> None:
    """States of 0.1.0 do not name the emulator's database."""
    state(local, OURS, mark=mark)
    assert variables.of_stack(local, 8799).get("EGAIN_TENANT_MOVED") == moved


def test_a_damaged_state_is_no_traceback(local: Local) -> None:
    state(local)
    file = local.checkpoint()
    assert file is not None
    file.write_text("{")
    with pytest.raises(Refusal, match="is damaged; run `make reset`"):
        local.check_complete()


@pytest.fixture
def clone(local: Local) -> Callable[..., subprocess.CompletedProcess[str]]:
    """make, as people call it, in a clone that has nothing but the tools."""
    shutil.copytree(REPOSITORY / "toolchain", local.project / "toolchain")
    shutil.copy(REPOSITORY / "Makefile", local.project)

    def make(*argv: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", "--silent", f"PYTHON={sys.executable}", *argv],
            cwd=local.project,
            env=base_env(),
            capture_output=True,
            text=True,
            check=False,
        )

    return make


def test_every_command_refuses_half_a_stack_in_one_line_and_reset_helps(
    local: Local, clone: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    local.database.touch()
    for target in ("up", "preview", "down"):
        done = clone(target)
        line, _, makes_own = done.stderr.partition("\n")
        assert line.startswith("error: .local/ holds the emulator's database but not the stack's")
        assert "`make reset`" in line
        assert makes_own.startswith("make: ***")
        assert (done.returncode, done.stdout) == (2, "")
    assert not (local.project / ".venv").exists()
    assert clone("reset").returncode == 0
    assert not local.folder.exists()
    assert clone("down").stderr == "stack local is not up\n"


def test_make_alone_tells_the_targets(
    clone: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    told = clone().stdout
    makefile = (REPOSITORY / "Makefile").read_text()
    for target in (
        "up",
        "preview",
        "down",
        "reset",
        "test",
        "soak",
        "bench",
        "check",
        "constraints",
        "audit",
    ):
        assert f"make {target} " in told
        assert f" {target}" in makefile


# -- make test


def test_make_hands_args_on_word_by_word() -> None:
    argv = ["make", "--silent", "PYTHON=echo", "test", """ARGS=tests/host -k 'adopt or find'"""]
    done = subprocess.run(argv, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == "toolchain/make.py test tests/host -k adopt or find\n"


@pytest.fixture
def pytest_calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The arguments of pytest that make would run, beside those of every run."""
    calls: list[tuple[str, ...]] = []

    def run(*arguments: str) -> int:
        assert arguments[:6] == ("-m", "pytest", "-n", "auto", "--dist", "worksteal")
        calls.append(arguments[6:])
        return 5

    monkeypatch.setattr(make, "_python", run)
    monkeypatch.setattr(environment, "ensure", lambda: None)
    monkeypatch.setattr(workflows, "actionlint", lambda: None)
    return calls


@pytest.mark.parametrize(
    ("arguments", "browser_there", "expected"),
    [
        ((), True, ()),
        ((), False, ("-m", "not soak and not browser")),
        (("tests/host", "-k", "adopt"), True, ("tests/host", "-k", "adopt")),
        (("-m", "cli"), False, ("-m", "not soak and not browser", "-m", "cli")),
        (("fast",), True, make.FAST),
        (("fast", "-x"), False, (*make.FAST, "-x")),
    ],
)
def test_arguments_of_make_test_are_those_of_pytest_and_fast_is_a_subset(
    pytest_calls: list[tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    browser_there: bool,
    expected: tuple[str, ...],
) -> None:
    monkeypatch.setattr(browser, "ensure", lambda: browser_there)
    assert make.test(*arguments) == 5
    assert pytest_calls == [expected]


# -- the emulator's process


def test_the_port_is_remembered_until_somebody_else_has_it(local: Local) -> None:
    first = emulator.choose_port(local)
    assert emulator.choose_port(local) == first == emulator.known_port(local)
    with socket.create_server(("127.0.0.1", first)):
        second = emulator.choose_port(local)
        assert second > first
    assert emulator.choose_port(local) == second


def test_started_once_found_again_and_stopped(local: Local) -> None:
    first = emulator.start(local, server)
    assert emulator.start(local, server) == first == emulator.running(local)
    assert emulator.stop(local)
    assert process.identity(first.pid) is None
    assert emulator.running(local) is None
    assert not emulator.stop(local)
    again = emulator.start(local, server)
    assert again.pid != first.pid
    assert emulator.known_port(local) == again.port


def test_it_survives_the_command_that_started_it(local: Local) -> None:
    argv = [sys.executable, "-c", START, str(local.project), SERVER]
    done = subprocess.run(argv, env=base_env(), capture_output=True, text=True, check=True)
    found = emulator.running(local)
    assert found is not None
    assert found.port == int(done.stdout)


def test_two_clones_at_once_get_an_emulator_each(local: Local, tmp_path: Path) -> None:
    clones = [local, *(Local(tmp_path / name) for name in ("second", "third"))]
    starting = []
    for clone in clones:
        clone.folder.mkdir(parents=True, exist_ok=True)
        argv = [sys.executable, "-c", START, str(clone.project), SERVER]
        starting.append(subprocess.Popen(argv, env=base_env(), stderr=subprocess.PIPE, stdout=-1))
    try:
        said = [each.communicate(timeout=20) for each in starting]
        assert [each.returncode for each in starting] == [0, 0, 0], said
        ports = {int(out) for out, _ in said}
        assert len(ports) == 3
        for clone in clones:
            assert emulator.running(clone) is not None
    finally:
        for clone in clones:
            emulator.stop(clone)


def test_a_foreign_process_with_our_pid_is_never_ended(local: Local, tmp_path: Path) -> None:
    foreign = Child([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path, env={})
    record = {"pid": foreign.popen.pid, "port": 8780, "identity": "boot 1 egain-pulumi emulator"}
    local.process.write_text(json.dumps(record))
    assert emulator.running(local) is None
    assert not emulator.stop(local)
    assert not process.end(foreign.popen.pid, "boot 1 egain-pulumi emulator")
    assert foreign.popen.poll() is None
    foreign.end()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"pid": 0}', "junk"])
def test_a_damaged_record_counts_as_none(local: Local, text: str) -> None:
    local.process.write_text(text)
    assert emulator.running(local) is None
    assert not emulator.stop(local)


def test_one_that_will_not_start_is_quoted(local: Local) -> None:
    def broken(_port: int, _database: Path) -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('no such table: accounts')"]

    with pytest.raises(Refusal, match=r"did not start: no such table: accounts \(see "):
        emulator.start(local, broken)
    assert emulator.running(local) is None
