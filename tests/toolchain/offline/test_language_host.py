"""Our Python language host, started by its launcher and driven over gRPC as the CLI drives it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tests.support import process
from tests.support.protocol import channel, empty_pb2, grpc
from toolchain import cache

SOURCE = process.REPOSITORY / "toolchain" / "offline"
ENVIRONMENT = Path(sys.prefix)

# What stands in for the SDK's script: the program is the entry point, run as it is.
SCRIPT = "import runpy, sys; runpy.run_path(sys.argv[-1])"

WAITS = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path("pids.new").write_text(f"{os.getpid()} {child.pid}")
pathlib.Path("pids.new").rename("pids")
time.sleep(60)
"""


BLOCK = "name: tiny\nruntime:\n  name: python\n  options:\n    virtualenv: my env\n"
SETTINGS = {
    "flow": 'name: tiny\nruntime: {name: python, options: {virtualenv: "my env"}}  # where\n',
    "JSON": '{"name": "tiny", "runtime": {"name": "python", "options": {"virtualenv":"my env"}}}',
    "JSON, over lines": json.dumps(
        {"name": "t", "runtime": {"name": "python", "options": {"virtualenv": "my env"}}}, indent=2
    ),
    "folded": BLOCK.replace("my env", ">-\n      my\n      env"),
    "escaped": BLOCK.replace("my env", '"my\\x20env"'),
    "anchor": "x: &e my env\n" + BLOCK.replace("my env", "*e"),
    "commented": "# virtualenv: other\ndescription: 'virtualenv: other'\n" + BLOCK,
}


class Host:
    """A running host and a client of it; the project is in a folder with a space."""

    def __init__(self, folder: Path, settings: str = BLOCK) -> None:
        binaries = folder / "bin"
        binaries.mkdir()
        cache.add_host(folder)
        (binaries / "pulumi-language-python-exec").write_text(SCRIPT)
        self.project = folder / "a project"
        self.project.mkdir()
        (self.project / "my env").symlink_to(ENVIRONMENT)
        (self.project / "Pulumi.yaml").write_text(settings)
        self.popen = subprocess.Popen(
            [binaries / "pulumi-language-python", "127.0.0.1:1"],
            cwd=self.project,
            env={**process.base_env(), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,  # as the CLI does
            text=True,
        )
        assert self.popen.stdout is not None
        said = self.popen.stdout.readline()
        self.channel = channel(f"127.0.0.1:{int(said)}")
        self.client: Any = language_pb2_grpc.LanguageRuntimeStub(self.channel)

    def program(self, text: str) -> str:
        (self.project / "program.py").write_text(text)
        return "program.py"

    def info(self, entry: str = ".", virtualenv: str = "my env") -> Any:
        info = language_pb2.ProgramInfo(
            root_directory=str(self.project),
            program_directory=str(self.project),
            entry_point=entry,
        )
        info.options.update({"virtualenv": virtualenv})
        return info

    def request(self, text: str, virtualenv: str = "my env") -> Any:
        return language_pb2.RunRequest(
            project="tiny",
            stack="local",
            pwd=str(self.project),
            monitor_address="127.0.0.1:2",
            dryRun=True,
            parallel=7,
            organization="organization",
            config={"tiny:a": "1"},
            configSecretKeys=["tiny:a"],
            info=self.info(self.program(text), virtualenv),
        )

    def run(self, text: str, virtualenv: str = "my env") -> Any:
        return self.client.Run(self.request(text, virtualenv), timeout=20)

    def waiting(self) -> tuple[Any, list[int]]:
        """A call to Run whose program waits, and the program's processes."""
        call = self.client.Run.future(self.request(WAITS), timeout=20)
        file = self.project / "pids"
        poll(file.exists, 10)
        return call, [int(pid) for pid in file.read_text().split()]

    def close(self) -> None:
        self.channel.close()
        self.popen.kill()
        self.popen.wait()
        for pipe in (self.popen.stdin, self.popen.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    running = Host(tmp_path)
    yield running
    running.close()


def poll(condition: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with contextlib.suppress(OSError):  # a zombie nobody has waited for yet is gone, too
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


def test_a_program_gets_its_arguments_and_configuration(host: Host) -> None:
    answer = host.run(
        "import json, os, sys, pathlib\n"
        "told = {'argv': sys.argv, 'python': sys.prefix, 'cwd': os.getcwd()}\n"
        "told['env'] = dict(os.environ)\n"
        "pathlib.Path('told').write_text(json.dumps(told))"
    )
    assert (answer.error, answer.bail) == ("", False)
    told = json.loads((host.project / "told").read_text())
    given = dict(zip(told["argv"][1:-1:2], told["argv"][2:-1:2], strict=True))
    assert given == {
        "--monitor": "127.0.0.1:2",
        "--engine": "127.0.0.1:1",
        "--project": "tiny",
        "--stack": "local",
        "--pwd": str(host.project),
        "--root_directory": str(host.project),
        "--dry_run": "true",
        "--parallel": "7",
        "--organization": "organization",
    }
    assert Path(told["python"]) == host.project / "my env"
    assert Path(told["cwd"]) == host.project
    assert json.loads(told["env"]["PULUMI_CONFIG"]) == {"tiny:a": "1"}
    assert json.loads(told["env"]["PULUMI_CONFIG_SECRET_KEYS"]) == ["tiny:a"]
    assert told["env"]["PATH"].startswith(f"{host.project}/my env/bin:")


@pytest.mark.parametrize("style", SETTINGS)
def test_the_environment_is_read_from_pulumi_yaml_in_any_style(style: str, tmp_path: Path) -> None:
    host = Host(tmp_path, SETTINGS[style])
    try:
        # Nothing but Pulumi.yaml leads to a Python with the SDK.
        about = host.client.About(language_pb2.AboutRequest(info=host.info()), timeout=20)
        assert about.executable == f"{host.project}/my env/bin/python"
    finally:
        host.close()


def test_how_a_program_ends_is_told(host: Host) -> None:
    assert host.run("raise SystemExit(32)").bail
    assert host.run("raise SystemExit(3)").error == "the program exited with code 3"
    text = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert host.run(text).error == "the program was ended by signal 9"
    missing = host.run("pass", virtualenv="no env").error
    assert missing.endswith(f"no env does not exist; run `pulumi install` in {host.project}")


def test_cancel_ends_the_program_then_the_host(host: Host) -> None:
    call, pids = host.waiting()
    host.client.Cancel(empty_pb2.Empty(), timeout=5)
    # The CLI waits for five seconds before it kills a host that lingers.
    poll(lambda: host.popen.poll() is not None and all(map(gone, pids)), 4)
    assert host.popen.returncode == 0
    assert call.exception() is not None or call.result().error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_group_ends_both_at_once(host: Host, number: signal.Signals) -> None:
    _, pids = host.waiting()
    os.killpg(host.popen.pid, number)
    poll(lambda: host.popen.poll() is not None and all(map(gone, pids)), 1)
    assert host.popen.stdout is not None
    assert host.popen.stdout.read() == "", "a program that is ended does not say where it was"


def test_the_end_of_the_cli_ends_both(host: Host) -> None:
    _, pids = host.waiting()
    assert host.popen.stdin is not None
    host.popen.stdin.close()
    poll(lambda: host.popen.poll() is not None and all(map(gone, pids)), 1)


def test_a_call_that_is_given_up_ends_its_program_only(host: Host) -> None:
    call, pids = host.waiting()
    call.cancel()
    poll(lambda: all(map(gone, pids)), 1)
    assert host.run("pass").error == ""


def pack(host: Host, text: str, kind: str = "analyzer") -> list[Any]:
    (host.project / "__main__.py").write_text(text)
    request = language_pb2.RunPluginRequest(
        pwd="/", kind=kind, args=["127.0.0.1:1"], env=["A=b=c"], info=host.info()
    )
    return list(host.client.RunPlugin(request, timeout=20))


def test_a_policy_pack_runs_in_its_folder_and_its_output_passes_through(host: Host) -> None:
    answers = pack(
        host,
        "import os, sys\n"
        "print(1234)\n"
        "print(os.getcwd(), os.environ['A'], file=sys.stderr)\n"
        "sys.stdout.flush(); sys.stderr.flush(); os._exit(5)",
    )
    out = b"".join(each.stdout for each in answers)
    assert out == b"1234\n"
    assert b"".join(each.stderr for each in answers) == f"{host.project} b=c\n".encode()
    assert answers[-1].exitcode == 5


def test_a_policy_pack_that_is_not_set_up_says_what_to_do(host: Host) -> None:
    info = host.info(virtualenv=".venv")
    request = language_pb2.RunPluginRequest(pwd="/", kind="analyzer", info=info)
    with pytest.raises(grpc.RpcError) as refused:
        list(host.client.RunPlugin(request, timeout=20))
    assert refused.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    said = f"{host.project}/.venv does not exist; run `pulumi install` in {host.project}"
    assert str(refused.value.details()).endswith(said)


def test_other_plugins_are_refused(host: Host) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        pack(host, "", kind="resource")
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_what_the_cli_asks_about_the_program(host: Host) -> None:
    info = host.info()
    about = host.client.About(language_pb2.AboutRequest(info=info), timeout=20)
    assert about.version == ".".join(map(str, sys.version_info[:3]))
    assert about.executable == f"{host.project}/my env/bin/python"
    request = language_pb2.GetProgramDependenciesRequest(info=info, transitiveDependencies=True)
    listed = host.client.GetProgramDependencies(request, timeout=20).dependencies
    assert "pulumi" in {one.name for one in listed}
    host.client.Handshake(language_pb2.LanguageHandshakeRequest(), timeout=5)
    assert not host.client.RuntimeOptionsPrompts(
        language_pb2.RuntimeOptionsRequest(info=info), timeout=5
    ).prompts
    for call, message in (
        (host.client.GetRequiredPackages, language_pb2.GetRequiredPackagesRequest),
        (host.client.GetRequiredPlugins, language_pb2.GetRequiredPluginsRequest),
    ):
        assert call(message(info=info), timeout=5).ByteSize() == 0
    assert host.client.GetPluginInfo(empty_pb2.Empty(), timeout=5).version == ""


def test_dependencies_are_installed_into_the_named_environment(host: Host) -> None:
    (host.project / "requirements.txt").write_text("pulumi\n")
    request = language_pb2.InstallDependenciesRequest(directory=str(host.project), info=host.info())
    said = b"".join(each.stdout for each in host.client.InstallDependencies(request, timeout=20))
    assert b"Requirement already satisfied: pulumi" in said

    (host.project / "requirements.txt").write_text("./nothing-here\n")
    with pytest.raises(grpc.RpcError) as refused:
        list(host.client.InstallDependencies(request, timeout=20))
    assert "ended with code 1" in str(refused.value.details())


def test_without_any_python_that_has_the_sdk_the_launcher_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: x\nruntime: {name: python, options: {virtualenv: .venv}}\n"
    )
    bare = tmp_path / "bin" / "python3"
    bare.parent.mkdir()
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    done = subprocess.run(
        [SOURCE / "pulumi-language-python", "127.0.0.1:1"],
        cwd=tmp_path,
        env={"PATH": f"{bare.parent}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"no Python with the pulumi package found for {tmp_path}: run `make up`" in done.stderr
    assert done.stderr.count("\n") == 1
