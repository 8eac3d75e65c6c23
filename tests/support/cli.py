"""The real CLI on a stack of its own: project folder, file backend, Pulumi home, passphrase.

stack.program("import pulumi; …")
stack.up()                                  # raises CliFailed with the whole output on failure
digest = stack.preview(json=True).digest    # the parsed `--json`
failed = stack.up(check=False)              # .code, .output
stack.run("stack", "rename", "other")       # anything else
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.support.cli_result import CliFailed, CliResult, executable
from tests.support.process import Child, base_env
from tests.support.values import Secret

SECONDS = 120.0
"""No call takes this long; one that does is ended, and its test fails."""

QUIET = ("--non-interactive", "--color=never")


class Stack:
    """A stack in folders of its own below `folder`."""

    def __init__(
        self,
        folder: Path,
        *,
        project: str = "conversation-hub",
        name: str = "test",
        passphrase: str = "test",
        env: Mapping[str, str] | None = None,
        venv: str = sys.prefix,
    ) -> None:
        self.folder = folder / "project"
        self.name = name
        self.project = project
        self.venv = venv
        self.home = folder / "home"
        backend = folder / "backend"
        for path in (self.folder, self.home, backend):
            path.mkdir(parents=True, exist_ok=True)
        cli = executable()
        self.env = base_env(
            {
                "HOME": str(self.home),
                "PULUMI_HOME": str(self.home / ".pulumi"),
                "PULUMI_BACKEND_URL": f"file://{backend}?metadata=skip",  # as `make up` does
                "PULUMI_CONFIG_PASSPHRASE": passphrase,
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "1",
            }
        )
        self.env["PATH"] = f"{cli.parent}{os.pathsep}{self.env['PATH']}"
        self.env |= env or {}
        self._backend = backend
        self.write_project()

    @classmethod
    def of(cls, source: Path, folder: Path, *, name: str, **options: Any) -> Stack:
        """A stack of a real project: its program, stack files and other files, copied."""
        settings = yaml.safe_load((source / "Pulumi.yaml").read_text())
        stack = cls(folder, project=settings["name"], name=name, **options)
        skipped = shutil.ignore_patterns(".*", "tests", "toolchain", "__pycache__")
        shutil.copytree(source, stack.folder, ignore=skipped, dirs_exist_ok=True)
        stack.write_project(settings)
        return stack

    def write_project(self, settings: Mapping[str, Any] | None = None) -> None:
        """Write `Pulumi.yaml`; unless told otherwise the interpreter is that of the tests."""
        options = {"toolchain": "pip", "virtualenv": self.venv}
        written = {
            **(settings or {"name": self.project}),
            "runtime": {"name": "python", "options": options},
        }
        (self.folder / "Pulumi.yaml").write_text(yaml.safe_dump(written, sort_keys=False))

    def program(self, text: str) -> None:
        """Write the program."""
        (self.folder / "__main__.py").write_text(text)

    def init(self) -> None:
        """Create the stack. The first one of a kind is made by the CLI, the others are copies."""
        elsewhere = not self.env["PULUMI_BACKEND_URL"].startswith(f"file://{self._backend}")
        if elsewhere or self.settings_file.exists():
            self.run("stack", "init")
            return
        template = _template(self.project, self.name, self.env["PULUMI_CONFIG_PASSPHRASE"])
        shutil.copytree(template / "backend", self._backend, dirs_exist_ok=True)
        shutil.copy(template / "project" / f"Pulumi.{self.name}.yaml", self.settings_file)

    @property
    def settings_file(self) -> Path:
        """The stack's `Pulumi.<stack>.yaml`."""
        settings = yaml.safe_load((self.folder / "Pulumi.yaml").read_text())
        folder = self.folder / str(settings.get("stackConfigDir", "."))
        folder.mkdir(exist_ok=True)
        return folder / f"Pulumi.{self.name}.yaml"

    def config(self, values: Mapping[str, Any]) -> None:
        """Set configuration values. Plain ones are written to the file, which costs nothing; each
        `Secret` takes a call of the CLI, which encrypts it."""
        for key, value in values.items():
            if isinstance(value, Secret):
                self.run("config", "set", "--secret", key, value.value)
        file = self.settings_file
        settings = yaml.safe_load(file.read_text()) or {} if file.exists() else {}
        plain = {key: value for key, value in values.items() if not isinstance(value, Secret)}
        settings["config"] = {**settings.get("config", {}), **plain}
        file.write_text(yaml.safe_dump(settings))

    def up(self, *arguments: str, preview: bool = False, **options: Any) -> CliResult:
        """`pulumi up --yes`, without the preview unless asked for."""
        skip = () if preview else ("--skip-preview",)
        return self.run("up", "--yes", *skip, *arguments, **options)

    def preview(self, *arguments: str, json: bool = False, **options: Any) -> CliResult:
        """`pulumi preview`, with `json` for the digest."""
        return self.run("preview", *_json(json), *arguments, **options)

    def refresh(self, *arguments: str, preview: bool = False, **options: Any) -> CliResult:
        """`pulumi refresh --yes`, or only its preview."""
        how = ("--preview-only",) if preview else ("--yes", "--skip-preview")
        return self.run("refresh", *how, *arguments, **options)

    def destroy(self, *arguments: str, **options: Any) -> CliResult:
        """`pulumi destroy --yes`."""
        return self.run("destroy", "--yes", "--skip-preview", *arguments, **options)

    def import_(self, file: Path, *arguments: str, **options: Any) -> CliResult:
        """`pulumi import --file`."""
        how = ("--file", str(file), "--generate-code=false", "--yes", "--skip-preview")
        return self.run("import", *how, *arguments, **options)

    def export(self) -> dict[str, Any]:
        """`pulumi stack export`: secrets are ciphertext."""
        exported: dict[str, Any] = self.run("stack", "export").digest
        return exported

    def checkpoint(self) -> dict[str, Any]:
        """The state as it lies in the backend: like `export`, but without a call of the CLI."""
        stored = json.loads(self.state_file.read_text())["checkpoint"]
        return {"version": 3, "deployment": stored["latest"] or {}}

    @property
    def state_file(self) -> Path:
        """Where the backend keeps the state."""
        return self._backend / ".pulumi" / "stacks" / self.project / f"{self.name}.json"

    def resources(self) -> dict[str, dict[str, Any]]:
        """Name → stored state of each managed resource, secrets as ciphertext."""
        listed = self.checkpoint()["deployment"].get("resources", [])
        managed = [r for r in listed if not r["type"].startswith("pulumi:p")]
        return {r["urn"].rpartition("::")[2]: r for r in managed}

    def start(self, *arguments: str) -> Child:
        """Start a call and leave it running, for tests that kill it."""
        command = [str(executable()), *arguments, "--stack", self.name, *QUIET]
        return Child(command, cwd=self.folder, env=self.env)

    def run(self, *arguments: str, check: bool = True, seconds: float = SECONDS) -> CliResult:
        """Any call on this stack; what still runs after `seconds` is ended, all of it."""
        began = time.monotonic()
        child = self.start(*arguments)
        code = child.wait(seconds)
        took = time.monotonic() - began
        command = "pulumi " + " ".join(arguments)
        result = CliResult(command, code, child.output, child.stdout, took, child.left)
        if check and code != 0:
            raise CliFailed(result)
        return result


def _json(wanted: bool) -> tuple[str, ...]:
    return ("--json",) if wanted else ()


@functools.cache
def _template(project: str, name: str, passphrase: str) -> Path:
    """An empty stack; making one costs a call of more than a second, copying one nothing."""
    holder = tempfile.TemporaryDirectory(prefix="stack-template-")
    _holders.append(holder)
    stack = Stack(Path(holder.name), project=project, name=name, passphrase=passphrase)
    stack.program("")
    stack.run("stack", "init")
    return Path(holder.name)


_holders: list[tempfile.TemporaryDirectory[str]] = []
"""Kept so that the templates live as long as the process, and end with it."""
