"""What adoption asks of the Pulumi CLI: states, configuration, import, preview."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from ..errors import EgainError
from ..hub import Hub, Origin
from ..hub import stack as hub_of
from ..hub.sources.documents import token
from ..redaction import Redactor
from ..schema.kinds import Kind
from ..schema.state import RECOVERING
from ..text import one_line
from .settings import Setting

_CALL: Final = 60
"""Characters of a call of the CLI that an error repeats; it has no secret."""


class Run(Protocol):
    """Runs the Pulumi CLI in a folder."""

    def __call__(
        self,
        *arguments: str,
        folder: Path | None = None,
        stdin: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]: ...


@dataclass(frozen=True, slots=True)
class Change:
    """A step of the preview that is not "same"."""

    op: str
    kind: str
    name: str
    properties: tuple[str, ...]

    def __str__(self) -> str:
        what = f": {', '.join(self.properties)}" if self.properties else ""
        return f'{self.op} {self.kind} "{self.name}"{what}'


class Stack:
    """A stack of a project folder, which may not exist yet."""

    def __init__(
        self, run: Run, folder: Path, project: str, name: str | None, kinds: Sequence[Kind]
    ) -> None:
        """`name` None is the selected stack. Raises EgainError if none is selected."""
        self._run, self._kinds = run, kinds
        self._folder = folder if folder.is_dir() else Path.cwd()
        self.secrets = Redactor()
        """What no error shows."""
        listed = json.loads(self._call("stack", "ls", "--all", "--json"))
        self._stacks = [str(each["name"]) for each in listed]
        current = [str(each["name"]) for each in listed if each.get("current")]
        chosen = name or next(iter(current), None)
        if chosen is None:
            raise EgainError("no stack is selected; name the stack with --stack, such as dev")
        self.name = chosen
        self._own = {each for each in self._stacks if is_same(each, chosen, project)}

    @property
    def exists(self) -> bool:
        """Whether the backend has the stack."""
        return bool(self._own)

    def here(self) -> Hub:
        """Return the hub of the stack's state."""
        return self._hub(self.name) if self.exists else Hub()

    def elsewhere(self) -> dict[str, str]:
        """Return the ids of all objects that other stacks manage, with these stacks."""
        return {
            str(each.id): name
            for name in self._stacks
            if name not in self._own
            for each in self._hub(name).objects.values()
            if each.origin is Origin.MANAGED and each.id is not None
        }

    def _hub(self, name: str) -> Hub:
        return hub_of(self._call("stack", "export", "--stack", name), self._kinds)

    def create(self, folder: Path) -> None:
        """Create the stack if there is none."""
        self._folder = folder
        if not self.exists:
            self._call("stack", "select", "--create", self.name)

    def config(self) -> dict[str, Any]:
        """Return the plain values of the stack's configuration; None for those of secrets."""
        if not self.exists:
            return {}
        found = json.loads(self._call("config", "--json", "--stack", self.name))
        return {key: None if each["secret"] else each.get("value") for key, each in found.items()}

    def configure(self, settings: Sequence[Setting]) -> None:
        """Set configuration values; secrets through standard input."""
        plain = [f"{each.key}={each.value}" for each in settings if not each.secret]
        if plain:
            given = [word for each in plain for word in ("--plaintext", each)]
            self._call("config", "set-all", "--stack", self.name, *given)
        for each in settings:
            if each.secret:
                how = ("config", "set", "--secret", "--raw", "--stack", self.name)
                self._call(*how, each.key, stdin=each.value)

    def import_(self, text: str) -> None:
        """Import what a file says, without a call to eGain."""
        with tempfile.TemporaryDirectory(prefix="egain-pulumi-") as folder:
            file = Path(folder) / "import.json"
            file.touch(0o600)
            file.write_text(text, "utf-8")
            how = ("--generate-code=false", "--protect=false", "--skip-preview", "--yes")
            self._call("import", "--file", str(file), *how, "--stack", self.name)

    def planned(self) -> tuple[str, dict[str, Any]]:
        """Return the preview of a program whose objects exist, and its plan: what each would store.

        Secrets are encrypted in the plan, and hidden in the preview. Raises EgainError.
        """
        with tempfile.TemporaryDirectory(prefix="egain-pulumi-") as folder:
            file = Path(folder) / "plan.json"
            how = ("--json", "--show-sames", "--save-plan", str(file), "--stack", self.name)
            done = self._run("preview", *how, folder=self._folder, variables={RECOVERING: "1"})
            if done.returncode or not file.is_file():
                errors = _errors(done.stdout) or [done.stderr.strip()]
                words = one_line(self.secrets.redact(" ".join(errors)))
                raise EgainError(f"pulumi preview: {words}")
            found: dict[str, Any] = json.loads(file.read_text("utf-8"))["resourcePlans"]
            return done.stdout, found

    def preview(self) -> tuple[list[Change], list[str]]:
        """Return what a preview would change, and its errors."""
        done = self._run("preview", "--json", "--stack", self.name, folder=self._folder)
        try:
            document = json.loads(done.stdout)
        except ValueError:
            return [], [self._words(done)]
        labels = {token(kind): kind.label for kind in self._kinds}
        steps = [step for step in document.get("steps", ()) if step["op"] != "same"]
        changes = [_change(step, labels) for step in steps]
        errors = [one_line(self.secrets.redact(text)) for text in _errors(done.stdout)]
        return changes, errors or ([self._words(done)] if done.returncode else [])

    def _call(self, *arguments: str, stdin: str | None = None) -> str:
        done = self._run(*arguments, folder=self._folder, stdin=stdin)
        if done.returncode:
            words = self._words(done).removeprefix("error: ")
            call = one_line(" ".join(arguments), _CALL)
            raise EgainError(f"pulumi {call}: {words}")
        return done.stdout

    def _words(self, done: subprocess.CompletedProcess[str]) -> str:
        words = done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}"
        return one_line(self.secrets.redact(words))


def is_same(listed: str, name: str, project: str) -> bool:
    """Return whether a listed stack, maybe with organization and project, is this project's."""
    parts = listed.split("/")
    return listed == name or (parts[-1] == name and (len(parts) < 3 or parts[-2] == project))


def _errors(preview: str) -> list[str]:
    """Return the errors that the JSON of a preview has."""
    try:
        listed = json.loads(preview).get("diagnostics") or ()
    except ValueError:
        return []
    return [str(each.get("message")) for each in listed if each.get("severity") == "error"]


def _change(step: Any, labels: Mapping[str, str]) -> Change:
    kind, name = str(step["urn"]).split("::", 3)[2:]
    kind = kind.rpartition("$")[2]  # before it are the types of its parents
    diff = step.get("detailedDiff") or dict.fromkeys(step.get("diffReasons") or ())
    return Change(str(step["op"]), labels.get(kind, kind), name, tuple(sorted(diff)))
