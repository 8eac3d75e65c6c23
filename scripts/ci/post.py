"""`scripts/post`: one comment and one issue per stack, and the preview reviewed before a merge.

On GitHub through `gh`, on GitLab through its API; the job's variables decide.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

from scripts.ci import bundle, cli, drift, github, gitlab
from scripts.ci.apply import LABELS
from scripts.ci.forge import Forge
from toolchain.say import Refusal, say

LARGEST = 50_000_000


def run(verb: str, *arguments: str) -> int:
    """Run one of the three commands."""
    match (verb, *arguments):
        case ("comment", folder):
            comment(_forge(), folder)
        case ("issue", folder):
            issue(_forge(), folder)
        case ("reviewed", stack, folder):
            reviewed(_forge(), stack, folder)
        case _:
            raise Refusal(
                "usage: scripts/post comment FOLDER | issue FOLDER | reviewed STACK FOLDER"
            )
    return 0


def comment(forge: Forge, folder: str) -> None:
    """Add or update the one comment of a stack on the pull request of this job."""
    text = _read(folder, bundle.COMMENT)
    found = _find(forge.comments(), text)
    if found is None:
        forge.add_comment(text)
    else:
        forge.edit_comment(found, text)


def issue(forge: Forge, folder: str) -> None:
    """Open, update or close the one issue about a stack's drift."""
    text = _read(folder, drift.ISSUE)
    found = json.loads(_read(folder, drift.FOUND))
    number = _find(forge.issues(), text)
    if found["drift"] and number is None:
        forge.open_issue(f"eGain differs from stack {found['stack']}", text)
    elif found["drift"] and number is not None:
        forge.edit_issue(number, text)
    elif number is not None:
        forge.close_issue(number, "There is no drift anymore.")


def reviewed(forge: Forge, stack: str, folder: str) -> None:
    """Fetch the preview and the labels of the pull request that became this commit."""
    target = cli.output_folder(folder)
    labels, archive = forge.reviewed(stack)
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            # Known names only: an archive may hold any file and any path.
            plain = Path(name).name
            if plain in bundle.FILES and files.getinfo(name).file_size <= LARGEST:
                (target / plain).write_bytes(files.read(name))
    (target / LABELS).write_text("\n".join(labels))
    say(f"{stack}: fetched the reviewed preview")


def _forge() -> Forge:
    if os.environ.get("GITHUB_REPOSITORY"):
        return github.GitHub()
    if os.environ.get("CI_API_V4_URL"):
        return gitlab.GitLab()
    raise Refusal("run scripts/post in a job of GitHub or GitLab: its variables say where to post")


def _find(listed: list[tuple[int, str]], text: str) -> int | None:
    first = text.partition("\n")[0]
    return next(
        (number for number, body in listed if body.partition("\n")[0].strip() == first), None
    )


def _read(folder: str, name: str) -> str:
    try:
        return Path(folder, name).read_text()
    except OSError as problem:
        raise Refusal(f"{folder} has no {name} to post ({problem.strerror})") from None
