"""The folder of a Pulumi project, and the files that are written into it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..errors import EgainError
from . import naming, writing

_FILE: Final = "Pulumi.yaml"
_NAME: Final = re.compile(r"^name:\s*[\"']?([\w.-]+)", re.MULTILINE)
_FOLDER: Final = re.compile(r"^stackConfigDir:\s*[\"']?([^\"'\s#]+)", re.MULTILINE)
_MAIN: Final = re.compile(r"^main:", re.MULTILINE)
_OURS: Final = "egain"
"""A project of this name cannot have our settings."""


class Project:
    """A folder that is a project, or becomes one."""

    def __init__(self, folder: Path) -> None:
        """Raises EgainError if the program is not where it can be added to."""
        self.folder = folder
        text = self._text(_FILE)
        self.is_new = text is None
        if text is not None and _MAIN.search(text):
            raise EgainError(f"{_FILE} has `main`; move the program beside {_FILE}, or use --into")
        if text is None and (folder / writing.MAIN).exists():
            raise EgainError(f"there is a {writing.MAIN} but no {_FILE}; choose a folder by --into")
        match = _NAME.search(text or "")
        slug = naming.slug(folder.resolve().name) or "conversation-hub"
        self.name = match[1] if match else f"{slug}-hub" if slug == _OURS else slug
        found = _FOLDER.search(text or "")
        self._settings = found[1] if found else "."

    @property
    def prefix(self) -> str:
        """What the names of new modules begin with; empty if there is no program yet."""
        if not (self.folder / writing.MAIN).exists():
            return ""
        number = 1
        while (self.folder / f"{_adopted(number)}.py").exists():
            number += 1
        return f"{_adopted(number)}_"

    @property
    def entry(self) -> str:
        """The file that runs all that is adopted."""
        return f"{self.prefix[:-1]}.py" if self.prefix else writing.MAIN

    @property
    def is_adopted(self) -> bool:
        """Whether a program that was written by an adoption is there."""
        files = (self._text(each.name) or "" for each in self.folder.glob("*.py"))
        return any(writing.WRITTEN in text for text in files)

    def read(self, path: str) -> bytes | None:
        """Return the content of a file of the project; None if there is none."""
        file = self.folder / path
        return file.read_bytes() if file.is_file() else None

    def create(self) -> None:
        """Write Pulumi.yaml if there is none."""
        if not self.is_new:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        # The environment of this process has what the program needs.
        active = sys.prefix != sys.base_prefix
        place = os.path.relpath(sys.prefix, self.folder.resolve()) if active else None
        options = ["  options:", "    toolchain: pip", f"    virtualenv: {place}"] if place else []
        lines = [f"name: {self.name}", "runtime:", "  name: python", *options]
        self._write(_FILE, "\n".join([*lines, ""]).encode())

    @contextmanager
    def writing(
        self, stack: str, files: Mapping[str, str], icons: Mapping[str, bytes], entry: str
    ) -> Iterator[None]:
        """Write a program. If the block fails, all files are again as they were."""
        main = self._text(writing.MAIN)
        content = {**{path: text.encode() for path, text in files.items()}, **icons}
        if main is not None:
            module = entry.removesuffix(".py")
            # No import statement, about which linters would complain in the last line.
            line = f'# Written by egain-pulumi adopt.\n__import__("{module}")\n'
            text = f"{main.rstrip()}\n\n{line}"
            content[writing.MAIN] = text.encode()
        settings = f"{self._settings}/Pulumi.{stack.rpartition('/')[2]}.yaml"
        before = {path: self.read(path) for path in (*content, settings)}
        try:
            for path, each in content.items():
                self._write(path, each)
            yield
        except BaseException:
            for path, old in before.items():
                if old is not None:
                    self._write(path, old)
                elif path != settings:
                    (self.folder / path).unlink(missing_ok=True)
            raise

    def _write(self, path: str, content: bytes) -> None:
        file = self.folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        except OSError as problem:
            raise EgainError(f"cannot write {file}: {problem.strerror}") from None

    def _text(self, path: str) -> str | None:
        try:
            content = self.read(path)
            return None if content is None else content.decode()
        except (OSError, UnicodeDecodeError):
            raise EgainError(f"cannot read {self.folder / path}") from None


def _adopted(number: int) -> str:
    return "adopted" if number == 1 else f"adopted_{number}"
