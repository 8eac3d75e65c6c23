"""Where a hub is read from: a preview, a stack's state, a tenant. For `reach`, `graph` and others.

Files and the Pulumi CLI are met here; what their texts mean is `egain_pulumi.hub`'s.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
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
        help="What pulumi preview --json --show-sames wrote; - reads standard input.",
    ),
]
StateFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="What pulumi stack export wrote; alone, or with a preview without --show-sames.",
    ),
]
StackName = Annotated[
    str | None, typer.Option(metavar="STACK", help="The stack whose state to read.")
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
        """As a heading."""
        return f"{self.kind.capitalize()} {'of ' if self.preview else ''}{self.name}"


def source(preview: str | None, state: str | None, stack: str | None, tenant: bool) -> Source:
    """The hub that the options ask for; without any the state of the stack that is selected."""
    if (tenant and (preview or state or stack)) or (state and stack):
        raise EgainError("--tenant stands alone, and --state and --stack exclude each other")
    if preview == state == "-":
        raise EgainError("standard input cannot be both the preview and the state")
    if tenant:
        return _tenant()
    expected = project()
    if preview is not None:
        text = read(preview)
        known = export(stack) if stack else read(state) if state else None
        found = hub.preview(text, KINDS, state=known, project=expected)
        name = f"{found.stack} ({found.project})"
        return Source(found.after, "preview", name, found)
    text = read(state) if state else export(stack)
    return Source(hub.stack(text, KINDS, project=expected), "stack", stack or state or "selected")


def export(stack: str | None) -> str:
    """`pulumi stack export` of a stack, or of the one that is selected."""
    return pulumi("stack", "export", *(("--stack", stack) if stack else ()))


def pulumi(*arguments: str) -> str:
    """What a call of the Pulumi CLI writes. Raises EgainError with its own words."""
    return said(called(*arguments))


def called(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A call of the Pulumi CLI, whatever its end."""
    found = shutil.which("pulumi")
    if found is None:
        raise EgainError("pulumi is not on the PATH (where make up has made it: . .local/env)")
    return subprocess.run(
        [found, *arguments, "--non-interactive", "--color=never"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What a call has written, or EgainError with its own words."""
    if done.returncode:
        words = one_line(done.stderr.strip() or done.stdout.strip())
        call = " ".join(done.args[1:-2])
        raise EgainError(f"pulumi {call}: {words.removeprefix('error: ')}")
    return done.stdout


def folder() -> Path:
    """The project's folder: where Pulumi.yaml is, from here upwards; else this one."""
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / "Pulumi.yaml").is_file()), here)


def project() -> str | None:
    """The project's name, as Pulumi.yaml has it."""
    file = folder() / "Pulumi.yaml"
    match = _NAME.search(read(str(file))) if file.is_file() else None
    return match[1] if match else None


def read(file: str) -> str:
    """A text file, or standard input. Raises EgainError."""
    try:
        if file == "-":
            return sys.stdin.read()
        return Path(file).read_text("utf-8")
    except OSError as problem:
        raise EgainError(f"cannot read {file}: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise EgainError(f"cannot read {file}: it is no text in UTF-8") from None


def _tenant() -> Source:
    with connect() as (client, show):
        found = hub.tenant(listing.read(client, KINDS, show), KINDS)
    return Source(found, "tenant", str(client.settings.base_url))
