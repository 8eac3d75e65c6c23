"""From a tenant that was made by hand to a stack that manages it, with the real CLI."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.adoption import tenants
from tests.cli.conftest import Call
from tests.commands import blocks
from tests.support.cli import Stack
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli

LISTS = {
    f"GET /{collection}"
    for collection in (
        "authentications",
        "clientapplications",
        "participants",
        "channels",
        "orchestrations",
        "accounts",
    )
}


def test_a_tenant_is_taken_over_by_the_commands_of_the_page(
    cli: tuple[Call, Stack], emulator: Emulator
) -> None:
    """Adopted in one command, changed in one line, previewed with exactly that change."""
    call, stack = cli
    ids = tenants.hub(emulator)
    check, adopt = (
        command.split()[1:]
        for block in blocks("docs/existing-tenant.md")
        for command in block
        if command.startswith("egain-pulumi adopt --into")
    )
    emulator.clear()

    code, out, _ = call(*check)
    assert code == 1 and "8 objects to adopt" in out
    assert not stack.folder.exists()

    code, out, err = call(*adopt)
    assert (code, err) == (0, ""), out + err
    assert out.endswith("preview: no changes\n")
    assert set(emulator.counts()) == LISTS, "nothing is sent, and one list a kind is read"
    _no_secret(out, stack.folder)
    _accepted(stack.folder)
    before = stack.checkpoint()

    assert call(*adopt)[:2] == (0, "nothing to adopt\n")
    assert stack.checkpoint() == before

    program = stack.folder / "__main__.py"
    program.write_text(program.read_text().replace('display_name="Chat"', 'display_name="Live"'))
    digest = stack.preview("--diff", json=True)
    assert digest.ops == {"custom-channel": "update"}
    changed = [each for each in digest.digest["steps"] if each["op"] == "update"]
    assert list(changed[0]["detailedDiff"]) == ["display_name"]

    stack.up()
    assert emulator.object("channels", ids["chat"])["displayName"] == "Live"
    found = emulator.object("authentications", ids["legacy"], secrets=True)
    assert found["basicAuth"]["password"] == tenants.PASSWORD
    stack.refresh("--expect-no-changes")


def _no_secret(said: str, folder: Path) -> None:
    """No secret is in what was said, nor in a file."""
    texts = [said, *(each.read_bytes().decode("latin-1") for each in folder.rglob("*.*"))]
    for secret in tenants.SECRETS:
        assert not any(secret in text for text in texts), secret


def _accepted(folder: Path) -> None:
    """Formatter, linter and type checker have nothing to say of the program."""
    ruff = [sys.executable, "-m", "ruff"]
    for command in (
        [*ruff, "format", "--isolated", "--check", "."],
        [*ruff, "check", "--isolated", "--select=E,F,W,I,B,UP,SIM,RET,RUF", "."],
        [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={folder.parent}/mypy", "."],
    ):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
