"""From a tenant that was made by hand to a stack that manages it, with the real CLI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.adoption import tenants
from tests.cli.conftest import Call
from tests.commands import blocks
from tests.support.cli import Stack
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY

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
    cli: tuple[Call, Stack], emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made with curl, adopted in one command, changed in one line, previewed with exactly that."""
    call, stack = cli
    script = REPOSITORY / "examples" / "by-hand.sh"
    made = subprocess.run([script], env=os.environ | stack.env, capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")
    assert all(secret in script.read_text() for secret in tenants.SECRETS[2:])
    check, adopt = (
        command.split()[1:]
        for block in blocks("docs/existing-tenant.md")
        for command in block
        if command.startswith("egain-pulumi adopt --into")
    )
    emulator.clear()

    page = (REPOSITORY / "docs" / "existing-tenant.md").read_text()
    code, out, _ = call(*check)
    assert code == 1 and out in page
    assert not stack.folder.exists()

    code, out, err = call(*adopt)
    assert (code, err) == (0, ""), out + err
    assert out in page
    assert set(emulator.counts()) == LISTS, "nothing is sent, and one list a kind is read"
    _no_secret(out, stack.folder)
    _accepted(stack.folder, RUFF)
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
    assert len(stack.resources()["orders"]["dependencies"]) == 2
    assert one(emulator, "channels", type="custom_channel")["displayName"] == "Live"
    legacy = one(emulator, "authentications", name="Legacy")
    found = emulator.object("authentications", legacy["id"], secrets=True)
    assert found["basicAuth"]["password"] == tenants.PASSWORD
    stack.refresh("--expect-no-changes")

    # The state is lost, and somebody has changed something meanwhile.
    stack.state_file.unlink()
    orders = one(emulator, "accounts", name="orders")
    emulator.edit("accounts", orders["id"], {"address": "987654321"})
    twin = one(emulator, "orchestrations", name="Orders: bot first")
    emulator.add("orchestrations", {key: twin[key] for key in ("name", "applications")})
    emulator.clear()
    monkeypatch.chdir(stack.folder)
    (recover,) = (c.split()[1:] for c in blocks("docs/lost-state.md")[0])
    code, out, err = call(*recover)
    assert (code, err) == (1, "")
    assert 'not recovered: orchestration "orders-bot-first": 2 orchestrations fit: ' in out
    why = 'refers to orchestration "orders-bot-first", which is'
    assert f'not recovered: account "orders": {why}' in out
    assert set(emulator.counts()) == LISTS
    code, out, err = call(*recover, "--take", f"orders-bot-first={twin['id']}")
    assert code == 1
    assert out.endswith('preview: update account "orders": address\npreview: 1 change\n')


def one(emulator: Emulator, collection: str, **wanted: str) -> Any:
    """The object of a collection that has these values."""
    (found,) = (each for each in emulator.objects(collection) if wanted.items() <= each.items())
    return found


def test_odd_names_join_a_program_and_leave_other_stacks_alone(
    cli: tuple[Call, Stack], emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, stack = cli
    count = tenants.odd(emulator) + len(tenants.hub(emulator))
    emulator.settings(secrets_on_read="masked")
    stack.folder.mkdir()
    stack.write_project()
    stack.init()
    stack.program(CHANNEL.format("mine"))
    stack.up()
    other = Stack(stack.folder.parent / "other", project="other", name="prod", env=stack.env)
    other.env["PULUMI_BACKEND_URL"] = stack.env["PULUMI_BACKEND_URL"]
    other.init()
    other.program(CHANNEL.format("theirs"))
    other.up()

    code, out, err = call("adopt", "--into", "hub", "--stack", "dev")
    assert code == 0, out + err
    assert f"{count} objects adopted" in out and out.endswith("preview: no changes\n")
    assert "refers to" in out and "which eGain does not have" in out
    assert "    and 21 more, listed in the program\n" in out
    _no_secret(out, stack.folder)
    _accepted(stack.folder, [*RUFF, [*PYTHON, "mypy", "--strict", "--cache-dir=/dev/null", "."]])
    program = stack.folder / "__main__.py"
    assert program.read_text().endswith('\n__import__("adopted")\n')
    assert "theirs" not in (stack.folder / "adopted.py").read_text()
    assert "keep_secret()" in (stack.folder / "adopted.py").read_text()
    assert call("adopt", "--into", "hub", "--stack", "dev")[:2] == (0, "nothing to adopt\n")

    # A change of what keeps a secret is previewed without it.
    made = stack.folder / "adopted.py"
    made.write_text(made.read_text().replace('name="class"', 'name="klass"', 1))
    assert stack.preview(json=True).ops == {"class": "update"}
    made.write_text(made.read_text().replace('name="klass"', 'name="class"', 1))

    # The state is lost; what keeps secrets is found as well, and what is in a component.
    inside = [
        "import pulumi",
        'part = pulumi.ComponentResource("my:index:Part", "x")',
        "opts = pulumi.ResourceOptions(parent=part)",
    ]
    text = program.read_text().replace('="x"', '="x", opts=opts')
    program.write_text("\n".join([text.split("\n")[0], *inside, *text.split("\n")[1:]]))
    stack.state_file.unlink()
    monkeypatch.chdir(stack.folder)
    code, out, err = call("recover", "-s", "dev")
    assert code == 0 and out.endswith("preview: no changes\n"), out + err
    assert f"{count + 2} objects recovered" in out
    assert "::my:index:Part$pulumi-python:" in stack.resources()["mine"]["urn"]


CHANNEL = """from egain_pulumi import ChannelResource

ChannelResource("{0}", type="{0}", icon="aWNvbg==", display_name="x")
"""


def _no_secret(said: str, folder: Path) -> None:
    """No secret is in what was said, nor in a file."""
    texts = [said, *(each.read_bytes().decode("latin-1") for each in folder.rglob("*.*"))]
    for secret in tenants.SECRETS:
        assert not any(secret in text for text in texts), secret


PYTHON = [sys.executable, "-m"]
RUFF = [
    [*PYTHON, "ruff", "format", "--isolated", "--check", "."],
    [*PYTHON, "ruff", "check", "--isolated", "--extend-select=I,B,UP,SIM,RET", "."],
]


def _accepted(folder: Path, commands: list[list[str]]) -> None:
    """Formatter, linter and type checker have nothing to say of the program."""
    for command in commands:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
