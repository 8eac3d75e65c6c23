"""The README's commands, word for word, in a copy of the repository whose path has a space."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process import REPOSITORY, base_env

pytestmark = pytest.mark.cli

DEV = "test_from_local_to_dev, with values of the emulator"
README = (REPOSITORY / "README.md").read_text()


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """The tracked files as they are now, with the virtual environment of these tests."""
    folder = tmp_path / "a clone"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (REPOSITORY / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    yield folder
    make(folder, "reset")


def make(folder: Path, target: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`make target`, without a terminal, behind a proxy that is not there."""
    dead = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        ["make", target, f"PYTHON={sys.executable}"],
        cwd=folder,
        env=base_env({**dead, "HOME": os.environ["HOME"], "EGAIN_SCOPE": "of the shell", **env}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_two_commands_do_what_the_readme_shows(clone: Path) -> None:
    first = make(clone, "up")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "+ 11 created" in first.stdout
    assert "orders_account" in first.stdout
    assert "then make preview" in first.stderr + first.stdout
    again = make(clone, "up")
    assert again.returncode == 0
    assert "11 unchanged" in again.stdout

    program = clone / "__main__.py"
    program.write_text(program.read_text().replace('display_name="Chat"', 'display_name="Talk"'))
    shown = make(clone, "preview")
    assert 'display_name: "Chat" => "Talk"' in shown.stdout

    listed = subprocess.run(
        ["sh", "-c", ". .local/env && egain-pulumi list && pulumi stack output channel"],
        cwd=clone,
        env=base_env({"PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert listed.returncode == 0, listed.stderr
    assert "custom_channel" in listed.stdout

    down = make(clone, "down")
    assert down.returncode == 0, down.stdout + down.stderr


def test_the_page_of_program_is_the_program() -> None:
    page = README.partition("```python\n")[2].partition("```")[0]
    program = (REPOSITORY / "__main__.py").read_text()
    paragraphs = page.strip().split("\n\n")
    assert len(paragraphs) == 4
    assert [p for p in paragraphs if p not in program] == []


def test_every_block_of_commands_in_the_readme_is_known_here() -> None:
    """A command that is new in the README needs a test; this one says so."""
    commands, fence = set(), None
    for line in map(str.strip, README.splitlines()):
        if line.startswith("```"):
            fence = line if fence is None else None
        elif fence == "```" and line:
            commands.add(line)
    assert commands == COVERED.keys()


COVERED = {
    "make up": "test_the_two_commands_do_what_the_readme_shows",
    "make test": "runs this",
    'export PATH="$(dirname "$(python3 toolchain/pulumi_cli.py)"):$PATH"': DEV,
    "export PULUMI_CONFIG_PASSPHRASE=…": DEV,
    "pulumi stack select --create dev": DEV,
    "pulumi config set egain:baseUrl https://api.egain.cloud/conversation/conversationmgr/v3": DEV,
    "pulumi config set egain:tokenUrl https://login.egain.cloud/global/…/oauth2/v2.0/token": DEV,
    "pulumi config set egain:clientId …": DEV,
    "pulumi config set --secret egain:clientSecret": DEV,
}
