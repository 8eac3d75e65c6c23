"""Whether eGain is as the stack left it; what may not be read is not checked, never gone."""

from __future__ import annotations

import json

import pytest

from scripts.ci.drift import markdown
from tests.ci.repository import Repository

pytestmark = pytest.mark.cli


def test_drift_is_none_then_found_and_what_may_not_be_read_is_not_checked(
    repository: Repository,
) -> None:
    read = repository.credentials("read")
    unchecked = 'dev: not checked: authentication "bot-auth"'
    none = repository.script("drift", "dev", "out", **read)
    assert none.code == 0, none.output
    assert none.output.splitlines() == ["dev: no drift", unchecked]
    found = json.loads((repository.folder / "out" / "drift.json").read_text())
    assert (found["drift"], found["not_checked"]) == ([], ['authentication "bot-auth"'])

    # What is merged and not applied yet is no drift.
    repository.edit('"timeout": 30', '"timeout": 31')
    chat = repository.emulator.objects("channels")[0]["id"]
    repository.emulator.edit("channels", chat, {"displayName": "`Console` @everybody"})
    accounts = {each["name"]: each["id"] for each in repository.emulator.objects("accounts")}
    repository.emulator.remove("accounts", accounts["complaints"])
    before = repository.checkpoint()
    drift = repository.script("drift", "dev", "out", **read)
    assert drift.code == 1, drift.output
    assert drift.output.splitlines() == ["dev: 2 objects differ", unchecked]
    issue = (repository.folder / "out" / "issue.md").read_text()
    assert issue.startswith("<!-- egain-pulumi: drift of dev -->\n")
    assert "- **account `complaints`**: no longer in eGain\n" in issue
    assert '  - `display_name`: `"Chat"` → ``"`Console` @everybody"``\n' in issue
    assert 'may not read them: `authentication "bot-auth"`.' in issue
    assert "timeout" not in issue
    assert repository.checkpoint() == before
    assert not [c for c in repository.emulator.counts() if not c.startswith("GET ")]


def test_a_tenant_that_does_not_answer_is_neither_drift_nor_none(repository: Repository) -> None:
    wrong = {"EGAIN_CLIENT_ID": "local", "EGAIN_CLIENT_SECRET": "canary-wrong-secret"}
    done = repository.script("drift", "dev", "out", **wrong)
    assert done.code == 2, done.output
    assert "dev: not compared with eGain: " in done.output
    assert "canary" not in done.output
    assert "Traceback" not in done.output
    assert list((repository.folder / "out").iterdir()) == []


def test_a_long_issue_is_cut() -> None:
    rows = [
        {"kind": "channel", "name": f"c{n}", "gone": True, "properties": []} for n in range(999)
    ]
    text = markdown("dev", rows, [])
    assert "- and 799 more objects" in text
    assert len(text) < 65_536
