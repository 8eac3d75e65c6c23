"""The commands with a stand-in for the Pulumi CLI: what they call, and what may fail."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from egain_pulumi.adoption.stack import is_same
from tests.adoption import tenants
from tests.cli.conftest import Call
from tests.support.emulator import Emulator

EMPTY = json.dumps({"version": 3, "deployment": {}})
ADOPT = ("adopt", "--into", "hub", "--stack", "dev")


class Pulumi:
    """Answers each call with an exit code and a text, by its first words."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.inputs: list[str] = []
        self.imported: list[Path] = []
        self.answers: dict[str, tuple[int, str]] = {
            "stack ls": (0, "[]"),
            "stack export": (0, EMPTY),
            "config --json": (0, "{}"),
            "preview": (0, json.dumps({"steps": []})),
        }

    def __call__(
        self,
        *arguments: str,
        folder: Path | None = None,
        stdin: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Stands in for `run_pulumi`."""
        self.calls.append(arguments)
        self.inputs += [stdin] if stdin else []
        if arguments[0] == "import":
            file = Path(arguments[2])
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert tenants.PASSWORD in file.read_text()
            self.imported.append(file)
        words = " ".join(arguments)
        code, text = next((a for key, a in self.answers.items() if words.startswith(key)), (0, ""))
        out, err = (text, "") if code == 0 or text.startswith("{") else ("", text)
        return subprocess.CompletedProcess(["pulumi", *arguments], code, out, err)


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> Pulumi:
    """The stand-in, in an empty folder, with a tenant."""
    found = Pulumi()
    for command in ("adopt", "recover"):
        monkeypatch.setattr(f"egain_pulumi.cli.{command}.run_pulumi", found)
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    tenants.hub(emulator)
    return found


def test_secrets_go_through_standard_input_and_a_file_of_ones_own(
    call: Call, pulumi: Pulumi
) -> None:
    code, out, _ = call(*ADOPT)
    assert code == 0
    assert set(pulumi.inputs) == {tenants.PASSWORD, tenants.PAYLOAD, tenants.TENANT}
    said = [*(word for words in pulumi.calls for word in words), out]
    for secret in tenants.SECRETS:
        assert not any(secret in text for text in said)
    assert [file.exists() for file in pulumi.imported] == [False]


def test_without_an_import_the_state_stays_as_it_is(call: Call, pulumi: Pulumi) -> None:
    code, out, _ = call(*ADOPT, "--no-import")
    assert code == 0 and out.endswith("state as it was; to import: egain-pulumi recover -s dev\n")
    assert not {words[0] for words in pulumi.calls} & {"import", "preview", "up"}
    code, _, err = call(*ADOPT)
    assert code == 2 and err.endswith("run: egain-pulumi recover -s dev\n")


def test_a_failed_import_leaves_no_program(call: Call, pulumi: Pulumi, tmp_path: Path) -> None:
    pulumi.answers["import"] = (1, f"error: invalid {tenants.PASSWORD} in the file")
    code, out, err = call(*ADOPT)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"egain-pulumi: pulumi import --file .*: invalid \[secret\] .*\n", err)
    assert [each.name for each in (tmp_path / "hub").iterdir() if each.is_file()] == ["Pulumi.yaml"]


URN = "urn:pulumi:dev::hub::pulumi-python:dynamic/egain:Account::orders"
STEP = {"op": "update", "urn": URN, "detailedDiff": {"address": {}, "channel.id": {}}}
ERROR = {"severity": "error", "message": f"broken: {tenants.PASSWORD}"}


@pytest.mark.parametrize(
    ("code", "document", "expected"),
    [
        (0, {"steps": [STEP]}, 'update account "orders": address, channel.id\npreview: 1 change\n'),
        (1, {"diagnostics": [ERROR]}, "broken: [secret]\n"),
    ],
)
def test_anything_but_an_empty_preview_is_a_finding(
    call: Call, pulumi: Pulumi, code: int, document: object, expected: str
) -> None:
    pulumi.answers["preview"] = (code, json.dumps(document))
    code, out, _ = call(*ADOPT)
    assert code == 1 and out.endswith(f"preview: {expected}")


@pytest.mark.parametrize(
    ("listed", "name", "same"),
    [
        ("dev", "dev", True),
        ("org/dev", "dev", True),
        ("organization/hub/dev", "dev", True),
        ("organization/other/dev", "dev", False),
        ("org/hub/dev", "org/hub/dev", True),
        ("prod", "dev", False),
    ],
)
def test_which_stack_is_this_one(listed: str, name: str, same: bool) -> None:
    assert is_same(listed, name, "hub") is same


@pytest.mark.parametrize(
    ("call_of", "answer", "arguments", "expected"),
    [
        ("", (0, ""), ("adopt", "--into", "hub"), "no stack is selected"),
        (
            "stack export --stack org",
            (1, "error: no access"),
            ADOPT,
            "stack export --stack org/a/b: no access",
        ),
        (
            "config --json",
            (0, '{"egain:baseUrl": {"secret": false, "value": "https://x.example"}}'),
            ADOPT,
            "but EGAIN_BASE_URL is",
        ),
        ("", (0, ""), ("recover", "-s", "dev"), "there is no Pulumi.yaml here or above"),
        ("", (0, ""), (*ADOPT, "--kind", "chanel"), "did you mean channel?"),
    ],
)
def test_what_cannot_begin(
    call: Call,
    pulumi: Pulumi,
    call_of: str,
    answer: tuple[int, str],
    arguments: tuple[str, ...],
    expected: str,
) -> None:
    pulumi.answers.pop(call_of, None)
    pulumi.answers = {call_of or "none": answer, **pulumi.answers}
    if call_of:
        pulumi.answers["stack ls"] = (0, '[{"name": "org/a/b"}, {"name": "dev", "current": true}]')
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert expected in err
