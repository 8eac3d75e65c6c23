"""The search for the Pulumi CLI, its cache under stress, and what people read when it fails."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.process import REPOSITORY, Child, base_env
from toolchain import cache, installer, search
from toolchain.offline import gobuild
from toolchain.say import Refusal

ENTRY = REPOSITORY / "toolchain" / "pulumi_cli.py"

# A run of the toolchain whose only way to get the CLI waits for the file `gate`.
SLOW = """
import pathlib, subprocess, sys, time
from toolchain import cache
here = pathlib.Path(sys.argv[1])
def slowly(folder, lock):
    with (here / "builds").open("a") as builds:
        builds.write("one\\n")
    if sys.argv[2:]:
        subprocess.Popen([sys.executable, "-c", sys.argv[2]], pass_fds=[lock])
    print("building", flush=True)
    while not (here / "gate").exists():
        time.sleep(0.01)
    for name in cache.NEEDED:
        (folder / "bin" / name).write_text("")
        (folder / "bin" / name).chmod(0o755)
    return True
print(cache.cli([cache.Way("a slow build", slowly)]))
"""


@pytest.fixture(autouse=True)
def _empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting, nothing of interest on PATH, an empty cache."""
    monkeypatch.delenv(search.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    (tmp_path / "path").mkdir()


def script(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def pulumi(folder: Path, version: str = "v3.260.1", *, host: bool = True) -> Path:
    """A stand-in that answers `version`; the real one is driven by the tests of the stacks."""
    if host:
        script(folder / search.LANGUAGE_HOST, "exit 1")
    return script(folder / "pulumi", f"echo {version}")


def way(name: str, used: list[str], *, applies: bool = True) -> cache.Way:
    def get(folder: Path, _lock: int) -> bool:
        used.append(name)
        if applies:
            pulumi(folder / "bin", f"v{cache.VERSION}", host=False)
            script(folder / "bin" / "pulumi-resource-pulumi-python", "exit 1")
        return applies

    return cache.Way(name, get)


# -- the order of the search


def test_the_setting_wins_and_may_name_the_executable_or_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi(tmp_path / "path")
    mine = pulumi(tmp_path / "mine" / "bin")
    for setting in (mine, mine.parent, mine.parent.parent):
        monkeypatch.setenv(search.VARIABLE, str(setting))
        assert search.find([]) == mine


@pytest.mark.parametrize(
    ("version", "host", "said"),
    [
        ("v3.258.9", True, "is version 3.258.9, and 3.259.0 or newer is needed"),
        ("v3.259.0", False, "has no pulumi-language-python beside it or on PATH"),
        ("hello", True, "does not answer `version` as the Pulumi CLI does"),
    ],
)
def test_an_unusable_setting_is_an_error_and_on_path_a_reason_to_look_further(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    version: str,
    host: bool,
    said: str,
) -> None:
    found = pulumi(tmp_path / "path", version, host=host)
    used: list[str] = []
    assert search.find([way("builds", used)]).is_relative_to(cache.root())
    assert used == ["builds"]
    assert said in capsys.readouterr().err

    monkeypatch.setenv(search.VARIABLE, str(found))
    with pytest.raises(Refusal, match=r"^EGAIN_PULUMI_CLI: .*; point it at another CLI or unset"):
        search.find([])


def test_path_comes_before_the_cache(tmp_path: Path) -> None:
    used: list[str] = []
    cached = search.find([way("builds", used)])
    assert cached.is_relative_to(tmp_path / "cache")
    assert search.find([]) == cached
    found = pulumi(tmp_path / "path")
    assert search.find([]) == found


def test_the_cache_on_path_counts_as_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = search.find([way("builds", [])])
    monkeypatch.setenv("PATH", f"{cached.parent}{os.pathsep}{os.environ['PATH']}")
    (cached.parent / "language_host.py").write_text("of an older clone")
    marker = cached.parent.parent / cache.MARKER
    marker.write_text(json.dumps({**json.loads(marker.read_text()), "host": "another"}))

    assert search.find([]) == cached
    ours = (REPOSITORY / "toolchain" / "offline" / "language_host.py").read_text()
    assert (cached.parent / "language_host.py").read_text() == ours


def test_the_first_way_that_applies_fills_the_cache_once() -> None:
    used: list[str] = []
    ways = [way("installer", used, applies=False), way("builds", used)]
    assert search.find(ways) == search.find(ways)
    assert used == ["installer", "builds"]
    bin_folder = search.find([]).parent
    for name in cache.NEEDED:
        assert stat.S_IMODE((bin_folder / name).stat().st_mode) == 0o755


def test_an_official_language_host_is_left_alone() -> None:
    def get(folder: Path, _lock: int) -> bool:
        pulumi(folder / "bin")
        script(folder / "bin" / "pulumi-resource-pulumi-python", "exit 1")
        return True

    found = search.find([cache.Way("the official installer", get)])
    assert (found.parent / search.LANGUAGE_HOST).read_text() == "#!/bin/sh\nexit 1\n"
    assert search.find([]) == found


def test_a_damaged_cache_is_filled_again() -> None:
    used: list[str] = []
    found = search.find([way("builds", used)])
    found.unlink()
    assert search.find([way("builds again", used)]) == found
    assert found.exists()
    assert used == ["builds", "builds again"]
    assert not list(cache.root().glob(f"{cache.STALE}*"))


def test_no_way_at_all_is_one_line() -> None:
    with pytest.raises(Refusal, match="install it by hand and put it on PATH"):
        search.find([way("installer", [], applies=False)])
    assert not list(cache.root().glob(f"{cache.STALE}*"))


# -- two runs at once, and runs that are cut off


def slow(folder: Path, *child: str) -> Child:
    env = base_env({"XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"]})
    argv = [sys.executable, "-c", SLOW, str(folder), *child]
    return Child(argv, cwd=folder, env=env)


def until(child: Child, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in child.output:
        assert time.monotonic() < deadline, child.output
        time.sleep(0.01)


def test_two_runs_at_once_build_once(tmp_path: Path) -> None:
    first = slow(tmp_path)
    until(first, "building")
    second = slow(tmp_path)
    until(second, "another run is getting the Pulumi CLI; waiting for it")
    (tmp_path / "gate").touch()
    assert (first.wait(10), second.wait(10)) == (0, 0)
    assert first.stdout.splitlines()[-1] == second.stdout.strip()
    assert (tmp_path / "builds").read_text() == "one\n"


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    first = slow(tmp_path)
    until(first, "building")
    first.popen.kill()
    first.wait(10)
    left = list(cache.root().glob(f"{cache.STALE}*"))
    assert left

    (tmp_path / "gate").touch()
    second = slow(tmp_path)
    assert second.wait(10) == 0
    assert Path(second.stdout.splitlines()[-1]).exists()
    assert not list(cache.root().glob(f"{cache.STALE}*"))


def test_the_orphan_of_a_killed_run_is_waited_for(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    orphan = (
        f"import time, pathlib\nwhile not pathlib.Path({str(gone)!r}).exists(): time.sleep(0.01)"
    )
    first = slow(tmp_path, orphan)
    until(first, "building")
    os.kill(first.popen.pid, signal.SIGKILL)
    first.popen.wait()
    (tmp_path / "gate").touch()
    second = slow(tmp_path)
    until(second, "waiting for it")
    assert (tmp_path / "builds").read_text() == "one\n"
    gone.touch()
    assert second.wait(10) == 0
    first.end()


# -- the ways


def test_an_installer_that_cannot_be_reached_costs_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    started = time.monotonic()
    assert installer.install(tmp_path, 0) is False
    assert time.monotonic() - started < installer.PROBE_SECONDS + 1
    assert "cannot be reached from here" in capsys.readouterr().err


def go(folder: Path, build: str, version: str = "go1.99.0") -> None:
    """A stand-in for Go: says its version, does `build`, knows where the SDK's sources are."""
    sdk = folder.parent / "sdk"
    for name in gobuild.SCRIPTS:
        script(sdk / name, "exit 1")
    answers = f"env) echo {version} ;; build) {build} ;; list) echo '{sdk}' ;;"
    script(folder / "go", f'case "$1" in {answers} esac')


def test_a_build_puts_everything_beside_the_cli(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    go(
        tmp_path / "path",
        'while [ "$1" != -o ]; do shift; done; echo "#!/bin/sh" > "$2"; chmod 755 "$2"',
    )
    found = cache.cli([cache.Way("Go modules", gobuild.build)])
    assert {file.name for file in found.parent.iterdir()} == {
        "language_host.py",
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-resource-pulumi-python",
        "virtualenv_option.py",
        "yaml",
    }
    assert all(os.access(file, os.X_OK) for file in found.parent.iterdir())
    assert "building the Pulumi CLI, 4–7 minutes, once" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("write x: no space left on device", "the disk is full while building"),
        ("Get: dial tcp: lookup nowhere: no such host", "the Go module proxy cannot be reached"),
        ("syntax error", r"Go's messages are in .*build\.log"),
    ],
)
def test_a_build_that_fails_is_one_line_that_says_what_to_do(
    tmp_path: Path, message: str, said: str
) -> None:
    go(tmp_path / "path", f"echo '{message}' >&2; exit 1")
    with pytest.raises(Refusal, match=said) as refused:
        cache.cli([cache.Way("Go modules", gobuild.build)])
    assert "EGAIN_PULUMI_CLI" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not list(cache.root().glob(f"{cache.STALE}*"))


def test_too_little_room_is_said_before_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gobuild, "FREE_BYTES", 10**18)
    with pytest.raises(Refusal, match=r"needs 1000000000 GB of disk and .* has .* GB; free"):
        cache.cli([cache.Way("Go modules", gobuild.build)])


def test_the_pinned_versions_agree() -> None:
    modules = (REPOSITORY / "toolchain" / "offline" / "go.mod").read_text()
    for module in ("pkg/v3", "sdk/v3"):
        assert f"github.com/pulumi/pulumi/{module} v{cache.VERSION}" in modules
    assert tuple(map(int, cache.VERSION.split("."))) >= search.OLDEST


# -- the command


def command(**variables: str) -> subprocess.CompletedProcess[str]:
    env = {**base_env(), "PATH": os.environ["PATH"], **variables}
    env.setdefault("XDG_CACHE_HOME", os.environ["XDG_CACHE_HOME"])
    argv = [sys.executable, str(ENTRY)]
    return subprocess.run(argv, capture_output=True, text=True, check=False, cwd="/", env=env)


def test_the_command_prints_the_path_alone_and_fast_from_the_cache() -> None:
    cached = search.find([way("builds", [])])
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        done = command()
        seconds.append(time.monotonic() - started)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{cached}\n", "")
    assert min(seconds) < 1


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"EGAIN_PULUMI_CLI": "/nowhere/pulumi"}, "correct it or unset it"),
        ({"XDG_CACHE_HOME": "/dev/null/x"}, "set XDG_CACHE_HOME to a folder"),
    ],
)
def test_the_command_refuses_in_one_line(variables: dict[str, str], said: str) -> None:
    done = command(**variables)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
