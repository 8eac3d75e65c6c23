"""A Python language host for a Pulumi CLI that was built without the official one.

The CLI starts `pulumi-language-python` (which starts this), reads a port from its stdout and calls
the `LanguageRuntime` service there. Programs and policy packs run in the virtual environment that
the project's `runtime.options` name.

At the end of each command the CLI waits up to five seconds for hosts and programs that still run.
So on Cancel, SIGINT, SIGTERM and the end of the CLI, this ends its children and itself at once.

Not supported: debugging (`--attach-debugger`), code generation, the toolchains `poetry` and `uv`.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import grpc
from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # no type information
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]  # nor here
from pulumi.runtime.proto import language_pb2 as proto
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

EXPLAINED = 32  # the exit code of a program that has printed its error
LAUNCHER = Path(__file__).resolve().with_name("pulumi-language-python-exec")

_children: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()
_ending = False


class Python:
    """The Python of a project or policy pack, as its runtime options name it."""

    def __init__(self, info: Any) -> None:
        options = MessageToDict(info.options)
        named = options.get("virtualenv")
        self.root = info.root_directory
        self.environment = Path(self.root, named) if named else None
        binary = self.environment / "bin" / "python" if self.environment else None
        self.executable = str(binary or sys.executable)

    def missing(self) -> str | None:
        """Return the error of a missing virtual environment, None if there is none."""
        if Path(self.executable).exists():
            return None
        return (
            f"the virtual environment {self.environment} does not exist; "
            f"run `pulumi install` in {self.root}"
        )

    def variables(self, extra: dict[str, str]) -> dict[str, str]:
        """Return this process's variables as `activate` would set them, and the given ones."""
        env = dict(os.environ)
        if self.environment:
            env.pop("PYTHONHOME", None)
            env["VIRTUAL_ENV"] = str(self.environment)
            env["PATH"] = f"{self.environment / 'bin'}{os.pathsep}{env.get('PATH', '')}"
        return {**env, **extra}


class Host(language_pb2_grpc.LanguageRuntimeServicer):
    """The service; the SDK's `language.proto` describes its methods."""

    def __init__(self, engine: str) -> None:
        self.engine = engine

    def Handshake(self, request: Any, context: Any) -> Any:
        return proto.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo()

    def GetRequiredPackages(self, request: Any, context: Any) -> Any:
        # None beforehand: the engine gets a plugin when a resource needs it.
        return proto.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, request: Any, context: Any) -> Any:
        return proto.GetRequiredPluginsResponse()

    def About(self, request: Any, context: Any) -> Any:
        python = Python(request.info)
        version = _output(
            [python.executable, "-c", "import platform as p; print(p.python_version())"]
        )
        return proto.AboutResponse(executable=python.executable, version=version.strip())

    def GetProgramDependencies(self, request: Any, context: Any) -> Any:
        argv = [Python(request.info).executable, "-m", "pip", "list", "--format", "json"]
        if not request.transitiveDependencies:
            argv.append("--not-required")
        listed = json.loads(_output(argv) or "[]")
        found = [proto.DependencyInfo(name=one["name"], version=one["version"]) for one in listed]
        return proto.GetProgramDependenciesResponse(dependencies=found)

    def RuntimeOptionsPrompts(self, request: Any, context: Any) -> Any:
        return proto.RuntimeOptionsResponse()

    def InstallDependencies(self, request: Any, context: Any) -> Iterator[Any]:
        python = Python(request.info)
        wanted = Path(request.directory, "requirements.txt")
        commands = []
        if python.missing():
            commands.append([sys.executable, "-m", "venv", str(python.environment)])
        if wanted.exists():
            commands.append([python.executable, "-m", "pip", "install", "-r", str(wanted)])
        for argv in commands:
            for name, value in _stream(context, argv, request.directory, python.variables({})):
                if name != "exitcode":
                    yield proto.InstallDependenciesResponse(**{name: value})
                elif value:
                    text = f"`{' '.join(argv)}` ended with code {value}"
                    context.abort(grpc.StatusCode.INTERNAL, text)

    def Run(self, request: Any, context: Any) -> Any:
        python = Python(request.info)
        if problem := python.missing():
            return proto.RunResponse(error=problem)
        options = {
            "monitor": request.monitor_address,
            "engine": self.engine,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
            "organization": request.organization,
        }
        argv = [python.executable, "-u", str(LAUNCHER)]
        for name, value in options.items():
            argv += [f"--{name}", value] if value else []
        argv += [request.info.entry_point, *request.args]
        config = {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        child = _start(context, argv, request.pwd, python.variables(config))
        code = child.wait()
        _children.discard(child)
        if code == EXPLAINED:
            return proto.RunResponse(bail=True)
        ended = f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
        return proto.RunResponse(error=f"the program {ended}" if code else "")

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:
        if request.kind != "analyzer":
            text = f"a Python plugin of kind {request.kind!r} is not supported by this host"
            context.abort(grpc.StatusCode.UNIMPLEMENTED, text)
        python = Python(request.info)
        if problem := python.missing():
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, problem)
        pack = request.info.program_directory
        argv = [python.executable, "-u", "-m", "pulumi.policy", *request.args, pack]
        given = dict(pair.split("=", 1) for pair in request.env)
        for name, value in _stream(context, argv, pack, python.variables(given)):
            yield proto.RunPluginResponse(**{name: value})

    def Cancel(self, request: Any, context: Any) -> Any:
        # After the call, so that the CLI still gets the answer.
        context.add_callback(leave)
        end_children()
        return empty_pb2.Empty()


def _output(argv: list[str]) -> str:
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout


def _start(context: Any, argv: list[str], cwd: str, env: dict[str, str], **pipes: Any) -> Any:
    """Start a child that ends with its call, or with this process.

    It has its own process group: the CLI interrupts ours, and a program that is ended should print
    no traceback.
    """
    with _lock:
        if _ending:
            context.abort(grpc.StatusCode.CANCELLED, "cancelled")
        child = subprocess.Popen(
            argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, process_group=0, **pipes
        )
        _children.add(child)
    if not context.add_callback(lambda: _end(child)):
        _end(child)
    return child


def _stream(context: Any, argv: list[str], cwd: str, env: dict[str, str]) -> Iterator[Any]:
    """Yield a child's output line by line as (`stdout` | `stderr`, bytes), then (`exitcode`, n)."""
    child = _start(context, argv, cwd, env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    seen: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

    def read(name: str, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                seen.put((name, line))
        seen.put((name, b""))

    for name in ("stdout", "stderr"):
        threading.Thread(target=read, args=(name, getattr(child, name)), daemon=True).start()
    open_pipes = 2
    while open_pipes:
        name, line = seen.get()
        if line:
            yield name, line
        else:
            open_pipes -= 1
    code = child.wait()
    _children.discard(child)
    yield "exitcode", code


def _end(child: subprocess.Popen[bytes]) -> None:
    if child in _children and child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)


def end_children() -> None:
    global _ending
    with _lock:
        _ending = True
        for child in list(_children):
            _end(child)


def leave(*_: Any) -> None:
    """End everything at once; a regular exit would wait for threads that serve calls."""
    end_children()
    os._exit(0)


def _leave_with_the_cli() -> None:
    """Wait for the end of stdin: the CLI has its other end, which closes even if it is killed."""
    while os.read(0, 4096):
        pass
    leave()


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    size = 400 * 1024 * 1024  # the CLI's own limit for a message
    limits = [("grpc.max_send_message_length", size), ("grpc.max_receive_message_length", size)]
    server = grpc.server(ThreadPoolExecutor(max_workers=16), options=limits)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Host(sys.argv[-1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_leave_with_the_cli, daemon=True).start()
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
