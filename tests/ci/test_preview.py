"""What a pull request is told: the comment, and what is kept for the apply."""

from __future__ import annotations

import json

import pytest

from tests.ci.repository import CANARY, Repository

pytestmark = pytest.mark.cli


def test_a_risky_change_asks_for_its_acknowledgement_and_keeps_no_secret(
    repository: Repository,
) -> None:
    repository.edit("accounts.items():", "[*accounts.items()][:1]:")
    done = repository.script("preview", "dev", "out", EGAIN_CLIENT_ID="", EGAIN_CLIENT_SECRET="")
    assert done.code == 3, done.output
    out = repository.folder / "out"
    comment = (out / "comment.md").read_text()
    assert comment.startswith("<!-- egain-pulumi: preview of dev -->\n## Preview of `dev`\n\n")
    assert "Deletes account `complaints`" in comment
    assert "Only the state of stack `dev` (`conversation-hub`)" in comment
    label = next(word.strip("`") for word in comment.split() if "`acknowledged-" in word)
    assert f"needs the acknowledgement {label}" in done.output
    assert len(comment) < 65_536
    about = json.loads((out / "about.json").read_text())
    assert about["tree"] == repository.git("rev-parse", "HEAD^{tree}")
    assert repository.emulator.counts(tokens=True) == {}
    # The folder becomes an artifact, and the output a log that anybody may read.
    kept = {file.name: file.read_text() for file in out.iterdir()}
    assert sorted(kept) == ["about.json", "comment.md", "plan.json", "report.json"]
    assert "ciphertext" in kept["plan.json"], "the plan holds what would be a secret"
    for text in (*kept.values(), done.output):
        for secret in (CANARY, "local-secret", "of the team"):
            assert secret not in text


def test_a_preview_that_fails_leaves_nothing_to_apply(repository: Repository) -> None:
    out = repository.folder / "out"
    out.mkdir()
    for name in ("about.json", "plan.json", "report.json"):
        (out / name).write_text("{}")
    repository.edit('type="custom_channel"', 'typ="custom_channel"')
    done = repository.script("preview", "dev", "out")
    assert done.code == 2
    assert "typ" in done.output.strip().splitlines()[-1], done.output
    assert "Traceback" not in done.output
    assert [file.name for file in out.iterdir()] == ["comment.md"]
    assert "The preview failed" in (out / "comment.md").read_text()
