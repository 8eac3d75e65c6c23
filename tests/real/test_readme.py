"""The README's commands, word for word, in a copy of the repository whose path has a space."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from tests.commands import blocks
from tests.support.cli_result import executable
from tests.support.process import REPOSITORY, base_env

pytestmark = pytest.mark.cli

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


def shell(folder: Path, *commands: str, typed: str = "", **env: str) -> str:
    """Run commands in one shell, which ends at the first failure; `typed` answers a question."""
    home = {"HOME": os.environ["HOME"], "EGAIN_PULUMI_CLI": str(executable())}
    done = subprocess.run(
        ["sh", "-ec", "\n".join(commands)],
        input=typed,
        cwd=folder,
        env=base_env({**home, **env}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


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

    [listing] = blocks("README.md")[3]
    [[previewed, reach]], [[same, report, _]] = blocks("docs/reach.md"), blocks("docs/report.md")
    assert previewed == same
    commands = (listing, "pulumi stack output channel", previewed, reach, report)
    said = shell(clone, ". .local/env", *commands)
    assert "custom_channel" in said
    assert "Preview of local (conversation-hub): 10 objects, no findings" in said
    assert "Changes channel `chat`; 2 live accounts are affected" in said

    down = make(clone, "down")
    assert down.returncode == 0, down.stdout + down.stderr


def test_the_page_of_program_is_the_program() -> None:
    page = README.partition("```python\n")[2].partition("```")[0]
    program = (REPOSITORY / "__main__.py").read_text()
    paragraphs = page.strip().split("\n\n")
    assert len(paragraphs) == 4
    assert [p for p in paragraphs if p not in program] == []


def test_a_stack_of_ones_own_is_set_up_as_the_pages_say(clone: Path) -> None:
    *_, begin, settings = blocks("README.md")
    [[attributes]] = blocks("docs/channels.md")
    (clone / "state").mkdir()
    shell(
        clone,
        *begin,
        *settings,
        attributes,
        typed="canary-secret",
        PULUMI_BACKEND_URL=f"file://{quote(str(clone / 'state'))}",
    )
    written = yaml.safe_load((clone / "stacks" / "Pulumi.dev.yaml").read_text())["config"]
    assert written["egain:tokenUrl"].startswith("https://login.egain.cloud/")
    assert written["egain:clientId"] == "…"
    for secret in ("egain:clientSecret", "conversation-hub:whatsappAttributes"):
        assert list(written[secret]) == ["secure"]
