"""Read a hub from a preview, a stack's state or a tenant.

Reads files and runs the Pulumi CLI; `egain_pulumi.hub` parses their texts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from .. import hub
from ..errors import EgainError
from ..hub import Hub, Preview
from ..resources import KINDS
from ..text import one_line
from . import listing
from .tenant import connect

PreviewFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Output of pulumi preview --json --show-sames; - reads standard input.",
    ),
]
StateFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Output of pulumi stack export: alone, or with a preview without --show-sames.",
    ),
]
StackName = Annotated[
    str | None, typer.Option(metavar="STACK", help="Read the state of this stack.")
]
OfTenant = Annotated[bool, typer.Option("--tenant", help="Read the tenant of EGAIN_BASE_URL.")]

_NAME: Final = re.compile(r"^name:\s*[\"']?([\w.-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """A hub, and where it comes from."""

    hub: Hub
    kind: str
    """`preview`, `stack` or `tenant`."""
    name: str
    """Stack and project, or the address of the tenant."""
    preview: Preview | None = None

    @property
    def title(self) -> str:
        """The heading of a picture or a list."""
        return f"{self.kind.capitalize()} {'of ' if self.preview else ''}{self.name}"


def source(preview: str | None, state: str | None, stack: str | None, tenant: bool) -> Source:
    """Read the hub that the options name; without options, the state of the selected stack."""
    if tenant:
        if preview or state or stack:
            raise EgainError("--tenant cannot be combined with --preview, --state or --stack")
        with connect() as (client, show):
            found = hub.tenant(listing.read(client, KINDS, show), KINDS)
        return Source(found, "tenant", str(client.settings.base_url))
    if preview is not None:
        text, known = read_preview(preview, state, stack)
        shown = hub.preview(text, KINDS, state=known, project=project())
        return Source(shown.after, "preview", f"{shown.stack} ({shown.project})", shown)
    text = read_state(state, stack)
    return Source(hub.stack(text, KINDS, project=project()), "stack", stack or state or "selected")


def read_preview(preview: str, state: str | None, stack: str | None) -> tuple[str, str | None]:
    """Read a preview, and the state to complete it with if one is named."""
    if preview == state == "-":
        raise EgainError("standard input cannot be both the preview and the state")
    known = read_state(state, stack) if state or stack else None
    return read(preview), known


def read_state(state: str | None, stack: str | None, *, secrets: bool = False) -> str:
    """Read a state from a file, or export that of a stack; by default the selected one.

    With `secrets`, the export has the stack's secrets; the error if it fails has none of them.
    """
    if state and stack:
        raise EgainError("use either --state or --stack, not both")
    if state:
        return read(state)
    options = ["--show-secrets"] if secrets else []
    options += ["--stack", stack] if stack else []
    done = run_pulumi("stack", "export", *options)
    if secrets and done.returncode:
        # `output` would show standard output, which may hold a part of the state.
        done.stdout = f"exit code {done.returncode}"
    return output(done)


def run_pulumi(
    *arguments: str,
    folder: Path | None = None,
    stdin: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the Pulumi CLI; its exit code is not checked."""
    found = shutil.which("pulumi")
    if found is None:
        raise EgainError("pulumi is not on the PATH; if make up installed it, run: . .local/env")
    return subprocess.run(
        [found, *arguments, "--non-interactive", "--color=never"],
        input=stdin or "",
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **(variables or {})},
    )


def output(done: subprocess.CompletedProcess[str]) -> str:
    """Return the output of a Pulumi CLI call. Raises EgainError with its words if it failed."""
    if done.returncode:
        words = one_line(done.stderr.strip() or done.stdout.strip())
        call = " ".join(done.args[1:-2])
        raise EgainError(f"pulumi {call}: {words.removeprefix('error: ')}")
    return done.stdout


def folder() -> Path:
    """Return the nearest folder with a Pulumi.yaml, from here upwards; else the current one."""
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / "Pulumi.yaml").is_file()), here)


def project() -> str | None:
    """Return the project's name from Pulumi.yaml, or None."""
    file = folder() / "Pulumi.yaml"
    match = _NAME.search(read(str(file))) if file.is_file() else None
    return match[1] if match else None


def read(file: str) -> str:
    """Read a text file, or standard input. Raises EgainError."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except OSError as problem:
        raise EgainError(f"cannot read {file}: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise EgainError(f"cannot read {file}: it is not UTF-8 text") from None
