"""A page that begins with nothing: its files, and its commands, as a reader would use them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.support.process import REPOSITORY, Child, base_env

_FILE: Final = re.compile(r"^`([\w/.]+\.py)`:\n\n```python\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)

READY: Final = ". .local/env\n"
"""What the pages tell a reader to do once in a shell."""


class Page:
    """A page of `docs/`. `changes` are made in all of it, for addresses that a test must choose."""

    def __init__(self, name: str, changes: Mapping[str, str] | None = None) -> None:
        self.text = (REPOSITORY / "docs" / name).read_text("utf-8")
        for old, new in (changes or {}).items():
            assert old in self.text, f"{name} does not say {old}"
            self.text = self.text.replace(old, new)
        fenced = _BLOCK.findall(self.text)
        self.blocks = [text for fence, text in fenced if not fence]
        """Its commands, a text a block."""
        self.shown = [text for fence, text in fenced if fence == "console"]
        """What it says that is printed."""

    def files(self) -> dict[str, str]:
        """The files that it shows; one that comes in pieces is put together in their order."""
        found: dict[str, list[str]] = {}
        for name, text in _FILE.findall(self.text):
            found.setdefault(name, []).append(text)
        return {name: "\n".join(pieces) for name, pieces in found.items()}


class Clone:
    """The repository in a folder of its own, as git would hand it out, set up as `make` does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in filter(None, listed.split("\0")):
            if (REPOSITORY / name).is_file() and not name.startswith(("tests/", "docs/")):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(REPOSITORY / name, folder / name)
        (folder / ".venv").symlink_to(sys.prefix)

    def write(self, files: Mapping[str, str]) -> None:
        """Files of a page, in place of what is there."""
        for name, text in files.items():
            (self.folder / name).write_text(text, "utf-8")

    def run(self, block: str, *, typed: str = "", ready: bool = True) -> str:
        """A block of commands in one shell, which ends at the first failure; what it says.

        `typed` is what a person enters when asked. `ready`: the shell has read the environment of
        stack `local` before.
        """
        done = subprocess.run(
            ["sh", "-ec", READY + block if ready else block],
            input=typed,
            cwd=self.folder,
            env=_env(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}"
        return done.stdout

    @contextlib.contextmanager
    def terminal(self, block: str) -> Iterator[Child]:
        """A block in a terminal of its own, whose last command does not end by itself."""
        child = Child(["sh", "-ec", block], cwd=self.folder, env=_env())
        try:
            yield child
        finally:
            if child.popen.poll() is None:  # else who waited for a line in vain has ended it
                child.end()

    def reset(self) -> None:
        """Stop its emulator."""
        self.run("make reset", ready=False)


def _env() -> dict[str, str]:
    return base_env({"HOME": os.environ["HOME"]})


def listening(port: int) -> None:
    """Wait until somebody listens on a port of this machine."""
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < until, f"nobody listens on {port}"
            time.sleep(0.02)
