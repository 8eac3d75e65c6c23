"""Real programs: real `Resource` objects in a process of their own, as the language host starts it.

engine.up(Program.text("import egain_pulumi …"))          # the text of a __main__.py
engine.up(Program.of(build_hub, agents=3))                # a module-level function, by reference
Engine(cwd=REPOSITORY).preview(Program.at(REPOSITORY))    # the project's own program
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.cli_result import executable
from tests.support.deployment import Deployment
from tests.support.monitor import Monitor
from tests.support.process import Child, base_env
from tests.support.values import Secret

if TYPE_CHECKING:
    from tests.support.engine import Engine

SECONDS = 120.0
SHUT_DOWN = "Resource monitor has terminated, shutting down"
"""What the SDK logs when the engine answers "unavailable"."""

_CALL = """\
import importlib, json
function = getattr(importlib.import_module({module!r}), {name!r})
function(**json.loads({arguments!r}))
"""


@dataclass(frozen=True)
class Program:
    """A program that an engine can run; `env` is added to the process's few variables."""

    entry: Path | None = None
    source: str = ""
    env: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def text(cls, source: str, **options: Any) -> Program:
        """The text of a `__main__.py`, written to the engine's folder."""
        return cls(source=source, **options)

    @classmethod
    def at(cls, folder: Path, **options: Any) -> Program:
        """A program that lies in a folder."""
        return cls(entry=folder, **options)

    @classmethod
    def of(cls, function: Callable[..., None], **arguments: Any) -> Program:
        """A call of a module-level function; the arguments are whatever JSON can carry."""
        if "<" in function.__qualname__ or "." in function.__qualname__:
            raise ValueError("a program is imported by name: use a module-level function")
        source = _CALL.format(
            module=function.__module__,
            name=function.__qualname__,
            arguments=json.dumps(arguments),
        )
        return cls(source=source)

    def run(self, engine: Engine, deployment: Deployment, parallel: int) -> None:
        """Run the program to its end, and record as failures what the engine would."""
        before = len(engine.service.logs)
        monitor = Monitor(engine, deployment)
        try:
            child = self._start(engine, deployment, monitor.address, parallel)
            code = child.wait(SECONDS)
        finally:
            monitor.stop()
        deployment.result.program_output = child.output
        if monitor.errors:
            raise monitor.errors[0]
        if deployment.result.failures:
            # The engine ends a program whose deployment has failed; ours runs on and says so.
            engine.service.logs[before:] = [
                line for line in engine.service.logs[before:] if line.message != SHUT_DOWN
            ]
            return
        # Errors that a program logs are shown, but only its exit code fails the operation.
        if code == 0:
            return
        for line in engine.service.logs[before:]:
            if line.severity == "error":
                deployment.fail(line.urn, line.message)
        if deployment.result.ok:
            deployment.fail("", f"the program ended with exit code {code}")

    def _start(self, engine: Engine, deployment: Deployment, monitor: str, parallel: int) -> Child:
        entry = self.entry or engine.cwd
        if self.source:
            # Python takes compiled code for current by the second and the size of its source:
            # two programs of one test may have both in common.
            shutil.rmtree(entry / "__pycache__", ignore_errors=True)
            (entry / "__main__.py").write_text(self.source)
        values = {k: v.value if isinstance(v, Secret) else v for k, v in engine.config.items()}
        secret = [key for key, value in engine.config.items() if isinstance(value, Secret)]
        options = {
            "monitor": monitor,
            "engine": engine.service.address,
            "project": engine.project,
            "root_directory": str(entry),
            "stack": engine.stack,
            "pwd": str(entry),
            "dry_run": "true" if deployment.preview else "false",
            "parallel": str(parallel),
            "organization": "organization",
        }
        launcher = executable().parent / "pulumi-language-python-exec"
        arguments = [part for key, value in options.items() for part in (f"--{key}", value)]
        env = base_env(
            {
                **engine.hosts.env,
                **self.env,
                "PULUMI_CONFIG": json.dumps(values),
                "PULUMI_CONFIG_SECRET_KEYS": json.dumps(secret),
                "VIRTUAL_ENV": str(Path(engine.hosts.python).parents[1]),
                "PWD": os.fspath(entry),
            }
        )
        command = [engine.hosts.python, "-u", str(launcher), *arguments, "."]
        return Child(command, cwd=entry, env=env)
