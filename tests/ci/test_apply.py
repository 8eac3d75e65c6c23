"""What was previewed is applied; what is not that is refused, with the reason, and nothing done."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.metadata import version

import pytest

from scripts.ci import bundle
from tests.ci import forges
from tests.ci.repository import Done, Repository
from tests.support.emulator import Emulator

pytestmark = pytest.mark.cli

RISKY = ("accounts.items():", "[*accounts.items()][:1]:")
HARMLESS = ('display_name="Chat"', 'display_name="Talk"')


def previewed(repository: Repository, **variables: str) -> Done:
    """A preview in folder `out`."""
    return repository.script("preview", "dev", "out", **variables)


def refused(repository: Repository, **variables: str) -> str:
    """The one line that refuses an apply; eGain is not written to."""
    repository.emulator.clear()
    done = repository.script("apply", "dev", "out", **repository.credentials(), **variables)
    assert done.code == 2, done.output
    assert "Traceback" not in done.output
    assert not [call for call in repository.emulator.counts() if not call.startswith("GET ")]
    return done.output.strip().splitlines()[-1]


def merged(repository: Repository, labels: list[str]) -> dict[str, str]:
    """A job of GitHub after the merge: folder `out` is the artifact of the pull request."""
    out, tools = repository.folder / "out", repository.home / "tools"
    tools.mkdir()
    files = {name: (out / name).read_text() for name in bundle.FILES}
    pull = {"number": 7, "merged_at": "2026", "head": {"sha": "beef"}}
    run = {"head_sha": "beef", "head_repository_id": 1, "repository_id": 1}
    artifact = {"id": 12, "expired": False, "created_at": "2026", "workflow_run": run}
    actions = "repos/team/hub/actions/artifacts"
    paths = {
        "repos/team/hub/commits/abc/pulls": [{**pull, "labels": [{"name": n} for n in labels]}],
        f"{actions}?name=preview-dev-7&per_page=100": {"artifacts": [artifact]},
        f"{actions}/12/zip": forges.archive(files).hex(),
    }
    path = f"{tools}{os.pathsep}{repository.env['PATH']}"
    return {**forges.gh(tools, paths), "GITHUB_SHA": "abc", "PATH": path}


def test_a_risk_is_applied_once_somebody_has_acknowledged_it(repository: Repository) -> None:
    repository.edit(*RISKY)
    assert previewed(repository).code == 3
    manage = repository.credentials()
    unread = repository.script("apply", "dev", "out", ACKNOWLEDGED="acknowledged-0", **manage)
    assert unread.code == 3, unread.output
    assert len(repository.emulator.objects("accounts")) == 2
    label = unread.output.partition("needs the acknowledgement ")[2].partition(":")[0]

    job = merged(repository, ["bug", label])
    fetched = repository.script("post", "reviewed", "dev", "out/fetched", **job)
    assert fetched.code == 0, fetched.output
    done = repository.script("apply", "dev", "out/fetched", **manage)
    assert done.code == 0, done.output
    assert [each["name"] for each in repository.emulator.objects("accounts")] == ["orders"]


def test_a_program_that_changed_in_between_is_refused(repository: Repository) -> None:
    repository.edit(*HARMLESS)
    assert previewed(repository).code == 0
    repository.edit('"timeout": 30', '"timeout": 31')
    line = refused(repository)
    assert 'account "complaints" chat_configurations.timeout' in line
    assert line.endswith("The program has changed since then. Review a new preview")


def test_a_secret_that_changed_in_between_is_refused_and_not_shown(repository: Repository) -> None:
    """What a report cannot tell, the plan does; the CLI prints such a value in plain text."""
    key = repository.folder / "out" / "key"
    key.parent.mkdir()
    key.write_text("canary-one")
    header = '"X-Key": pulumi.Output.secret(open("out/key").read())'
    repository.edit('"X-Environment": pulumi.get_stack()', header)
    made = previewed(repository)
    assert made.code == 3, made.output
    label = made.output.strip().rpartition(" ")[2]
    key.write_text("canary-two\ncanary-three")
    repository.emulator.clear()
    manage = repository.credentials()
    done = repository.script("apply", "dev", "out", ACKNOWLEDGED=label, **manage)
    assert done.code == 2, done.output
    assert done.output.strip().endswith(
        "the plan does not allow the change above. Review a new preview"
    )
    assert "violates plan: properties changed" in done.output
    kept = [(key.parent / name).read_text() for name in bundle.FILES]
    assert not [text for text in (made.output, done.output, *kept) if "canary" in text]
    assert repository.emulator.counts() == {}


def test_a_tenant_that_changed_in_between_is_refused(repository: Repository) -> None:
    repository.edit(*HARMLESS)
    chat = repository.emulator.objects("channels")[0]["id"]
    repository.emulator.edit("channels", chat, {"displayName": "First"})
    read = repository.credentials("read")
    assert previewed(repository, **read).code == 0
    comment = (repository.folder / "out" / "comment.md").read_text()
    assert '`"First"` → `"Talk"`' in comment
    assert "acknowledged-" not in comment
    # Authentications can only be read with the manage scope.
    compared = comment.partition("### Compared with")[2]
    assert 'because the client may not read them: `authentication "bot-auth"`' in compared

    repository.emulator.edit("channels", chat, {"displayName": "Second"})
    line = refused(repository)
    assert 'channel "chat" display_name' in line
    assert "The program is the same; the stack or eGain has changed since then" in line


@pytest.mark.soak
def test_a_tenant_that_nobody_looked_at_is_not_overwritten(repository: Repository) -> None:
    repository.edit(*HARMLESS)
    assert previewed(repository).code == 0
    chat = repository.emulator.objects("channels")[0]["id"]
    repository.emulator.edit("channels", chat, {"displayName": "Console"})
    assert "pulumi up failed, see above" in refused(repository)
    assert repository.emulator.object("channels", chat)["displayName"] == "Console"


def test_a_plan_of_another_version_is_refused(repository: Repository) -> None:
    out = repository.folder / "out"
    out.mkdir()
    versions = {"Pulumi CLI": "3.200.0", "pulumi": version("pulumi"), "egain-pulumi": "0.0.1"}
    about = {"stack": "dev", "refreshed": False, "tree": None, "versions": versions}
    (out / "about.json").write_text(json.dumps(about))
    (out / "report.json").write_text(json.dumps({"risks": [], "changes": []}))
    (out / "plan.json").write_text("{}")
    line = refused(repository)
    assert "nothing was applied: the preview was made with Pulumi CLI 3.200.0, here 3." in line
    assert "; egain-pulumi 0.0.1, here " in line
    assert "; pulumi" not in line
    assert repository.emulator.counts(tokens=True) == {}


@pytest.mark.soak
def test_another_commit_with_the_same_change_is_applied(repository: Repository) -> None:
    """What was merged in between is applied already, and no part of this change."""
    repository.edit(*HARMLESS)
    assert previewed(repository).code == 0
    repository.edit("# What the bot understands.", "# What the bot can answer.")
    done = repository.script("apply", "dev", "out", **repository.credentials())
    assert done.code == 0, done.output
    assert repository.emulator.objects("channels")[0]["displayName"] == "Talk"


def test_promotion_wants_dev_to_run_what_prod_shall_run(repository: Repository) -> None:
    applied = repository.script("is-applied", "dev")
    assert (applied.code, applied.output) == (0, "dev runs this program\n")
    repository.edit(*HARMLESS)
    ahead = repository.script("is-applied", "dev")
    assert ahead.code == 1
    assert ahead.output == "dev does not run this program yet: 1 to update. Apply it there first\n"
    unknown = repository.script("is-applied", "tset")
    assert (unknown.code, unknown.stdout) == (2, "")
    assert "no stack named 'tset' found" in unknown.output


@pytest.mark.soak
def test_what_dev_runs_becomes_prod(repository: Repository) -> None:
    repository.fill("prod")
    repository.commit("prod has its values")
    own = Emulator(strict=True)
    try:
        init = ["pulumi", "stack", "init", "prod"]
        subprocess.run(init, cwd=repository.folder, env=repository.env, check=True)
        repository.commit("prod is a stack")
        assert repository.script("is-applied", "dev").code == 0
        assert repository.script("preview", "prod", "out", **own.env).code == 0
        done = repository.script("apply", "prod", "out", **own.env)
        assert done.code == 0, done.output
        assert len(own.objects("accounts")) == 2
        assert repository.script("drift", "prod", "out", **own.env).code == 0
    finally:
        own.stop()
