"""The pages that show what the CLI and the report say, made from the changes that they show.

A page has the change of the program as a unified diff, and after it what a preview of exactly that
change prints. The diff is the page's own; the rest is written here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from egain_pulumi import review
from tests.review.make_previews import sanitize
from tests.review.reports import analyze
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY

EXAMPLE: Final = REPOSITORY / "examples" / "second-channel"
RECIPES: Final = REPOSITORY / "docs" / "recipes.md"
SECOND_CHANNEL: Final = (EXAMPLE / "second-channel.diff").read_text()
COMMAND: Final = "pulumi preview --diff"
NOTE: Final = "<!-- Written by `python -m tests.recipes` from a real preview. -->\n"

NEW_SECRET: Final = "v1:YyC4uJjIEMCchvUN:glQlu8ogkxpu8vKr8o5xXT5zXvyaE8ExD9r7Z8B5"
"""Another secret, encrypted with the published passphrase of stack `local`."""

_DIFF: Final = re.compile(r"^```diff\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_SHOWN: Final = re.compile(r"^```console\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_ID: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def hub(folder: Path, emulator: Emulator) -> Stack:
    """The example, not yet deployed."""
    stack = Stack.of(EXAMPLE, folder, name="local", passphrase="local", env=emulator.env)
    stack.init()
    return stack


def patch(stack: Stack, diff: str, *, back: bool = False) -> None:
    """Change a stack's program as a diff says; `back`: undo it."""
    # The folder is no part of a repository, even where temporary files are kept in one.
    env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(stack.folder.parent)}
    command = ["git", "apply", *(["--reverse"] if back else [])]
    subprocess.run(command, cwd=stack.folder, env=env, input=diff, text=True, check=True)


@dataclass(frozen=True)
class Recipe:
    """A section of the recipes; its title and its text as the page has them."""

    title: str
    text: str

    @property
    def diff(self) -> str:
        """The change of the program."""
        [found] = _DIFF.findall(self.text)
        return str(found)

    def follow(self, stack: Stack) -> None:
        """Change a stack's program, and its settings, as the recipe says."""
        patch(stack, self.diff)
        if "pulumi config set --secret botClientSecret" in self.text:
            stack.config({"second-channel:botClientSecret": {"secure": NEW_SECRET}})

    def undo(self, stack: Stack) -> None:
        """Take the change back."""
        patch(stack, self.diff, back=True)
        shutil.copy(EXAMPLE / stack.settings_file.name, stack.settings_file)

    def showing(self, preview: str) -> str:
        """Its text with the preview that it leads to."""
        found, places = _SHOWN.subn(f"```console\n$ {COMMAND}\n{preview}```\n", self.text)
        assert places == 1, f"{self.title}: has {places} places for its preview"
        return found


def recipes() -> dict[str, Recipe]:
    """The recipes by their titles."""
    _, *sections = re.split(r"(?m)^(?=## )", RECIPES.read_text("utf-8"))
    titles = [section.partition("\n")[0].removeprefix("## ") for section in sections]
    return {title: Recipe(title, text) for title, text in zip(titles, sections, strict=True)}


def pages(folder: Path, emulator: Emulator) -> dict[Path, str]:
    """Every page, as it must be."""
    stack = hub(folder, emulator)
    patch(stack, SECOND_CHANNEL, back=True)
    stack.up()
    patch(stack, SECOND_CHANNEL)
    preview = sanitize(stack.preview("--show-sames", json=True).stdout)
    report = review.markdown(analyze(preview))
    stack.up()
    page = RECIPES.read_text("utf-8")
    for each in recipes().values():
        each.follow(stack)
        page = page.replace(each.text, each.showing(printed(stack.preview("--diff").output)))
        each.undo(stack)
    return {EXAMPLE / "report.md": f"{NOTE}\n{report}", RECIPES: page}


def printed(output: str) -> str:
    """What the CLI printed, with ids drawn in the order in which they come."""
    drawn: dict[str, str] = {}
    for id in _ID.findall(output):
        drawn.setdefault(id, str(uuid.uuid5(uuid.NAMESPACE_URL, f"{len(drawn)}")))
    lines = _ID.sub(lambda id: drawn[id.group()], output).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines).strip("\n") + "\n"
