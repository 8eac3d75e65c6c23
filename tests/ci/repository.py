"""A throw-away git repository as a team has it: stack `dev`, a backend, scripts, an emulator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.cli import Stack
from tests.support.cli_result import executable
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY, Child, base_env
from tests.support.values import Secret

PASSPHRASE = "of the team"
CANARY = "canary-of-the-bot"
SECONDS = 120.0
LEFT_OUT = (".git", ".venv", ".local", "__pycache__", ".*_cache", ".hypothesis", "tests", "docs")
WHO = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")


@dataclass(frozen=True)
class Done:
    """A script that has ended."""

    code: int
    stdout: str
    output: str


class Repository(Stack):
    """Stack `dev` of a copy of this project, under git. Its jobs know what `variables` say."""

    def __init__(self, folder: Path, emulator: Emulator, **options: Any) -> None:
        super().__init__(folder, name="dev", passphrase=PASSPHRASE, env=emulator.env, **options)
        self.emulator = emulator
        shutil.copy(REPOSITORY / "Pulumi.yaml", self.folder)

    def found(self) -> None:
        """Fill the folder, and commit."""
        ignored = shutil.ignore_patterns(*LEFT_OUT)
        shutil.copytree(REPOSITORY, self.folder, ignore=ignored, dirs_exist_ok=True)
        (self.folder / ".venv").symlink_to(sys.prefix)
        self.fill("dev")
        self.run("stack", "init")
        self.config({"conversation-hub:botClientSecret": Secret(CANARY)})
        self.git("init", "--quiet", "--initial-branch=main")
        # A link is no folder, which .gitignore means; and a job's own folder is in no commit.
        (self.folder / ".git" / "info" / "exclude").write_text(".venv\nout\n")
        self.commit("The hub")

    def fill(self, stack: str) -> None:
        """The configuration of a stack, with what `local` has; eGain is told by the job."""
        folder = self.folder / "stacks"
        local = yaml.safe_load((folder / "Pulumi.local.yaml").read_text())["config"]
        plain = {key: value for key, value in local.items() if isinstance(value, str)}
        plain["conversation-hub:botClientSecret"] = f"{CANARY}-{stack}"
        (folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": plain}))

    def edit(self, old: str, new: str, file: str = "__main__.py") -> None:
        """Change a file, as a person would, and commit."""
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} is in {file} {text.count(old)} times"
        path.write_text(text.replace(old, new))
        self.commit(f"{old} -> {new}")

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git(*WHO, "commit", "--quiet", "--allow-empty", "--message", message)

    def git(self, *arguments: str) -> str:
        """A call of git."""
        command = ["git", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def script(self, name: str, *arguments: str, **variables: str) -> Done:
        """A script, as a job starts it: without credentials of eGain unless told."""
        child = self.start_script(name, *arguments, **variables)
        code = child.wait(SECONDS)
        assert child.left == [], f"left running: {child.left}"
        return Done(code, child.stdout, child.output)

    def start_script(self, name: str, *arguments: str, **variables: str) -> Child:
        """The same, left running."""
        return start(self.folder, name, *arguments, env={**self.job(), **variables})

    def job(self) -> dict[str, str]:
        """The variables of a job that may see the state."""
        hidden = ("EGAIN_CLIENT_ID", "EGAIN_CLIENT_SECRET", "PYTHONPATH")
        return {key: value for key, value in self.env.items() if key not in hidden}

    def credentials(self, scope: str = "manage") -> dict[str, str]:
        """The variables of a client of eGain."""
        name = f"ci-{scope}"
        scopes = [f"app.conversation.conversationmgr.{scope}"]
        self.emulator.client(name, f"{name}-secret", scopes)
        return {"EGAIN_CLIENT_ID": name, "EGAIN_CLIENT_SECRET": f"{name}-secret"}


def start(folder: Path, name: str, *arguments: str, env: Mapping[str, str]) -> Child:
    """Start a script of a clone."""
    tools = {"EGAIN_PULUMI_CLI": str(executable()), "PYTHON": sys.executable}
    command = [str(folder / "scripts" / name), *arguments]
    return Child(
        command, cwd=folder, env={"TMPDIR": os.environ.get("TMPDIR", "/tmp"), **env, **tools}
    )


def job(**variables: str) -> dict[str, str]:
    """A job that has nothing: of a fork, say."""
    env = base_env(variables)
    del env["PYTHONPATH"]
    return env
