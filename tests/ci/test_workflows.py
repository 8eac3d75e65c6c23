"""The pipelines themselves: what linters say, and the rules that keep secrets and stacks safe."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.process import REPOSITORY
from toolchain import workflows
from toolchain.say import Refusal

FOLDER = REPOSITORY / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
GITLAB = REPOSITORY / "examples" / "gitlab-ci.yml"
USERS = ("preview", "apply", "drift", "promote")
SCRIPTS = sorted(f for f in (REPOSITORY / "scripts").iterdir() if f.is_file() and not f.suffix)
each_file = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
each_script = pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])


def document(file: Path) -> Any:
    """A workflow; YAML 1.1 reads its `on` as true."""
    return yaml.safe_load(file.read_text())


def steps(file: Path) -> Iterator[dict[str, Any]]:
    """Every step of every job."""
    for job in document(file)["jobs"].values():
        yield from job["steps"]


def commands(file: Path) -> Iterator[str]:
    """Every line that a pipeline runs."""
    if file == GITLAB:
        for job in document(file).values():
            if isinstance(job, dict):
                yield from [*job.get("script", []), *job.get("after_script", [])]
        return
    for step in steps(file):
        yield from step.get("run", "").splitlines()


def test_the_linters_find_nothing_in_ours_and_something_in_a_bad_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert workflows.check() == 0
    copy = tmp_path / ".github" / "workflows"
    shutil.copytree(FOLDER, copy)
    assert workflows.check(tmp_path) == 0
    capfd.readouterr()
    file = copy / "apply.yml"
    text = file.read_text()
    file.write_text(text.replace('scripts/apply "$STACK"', "echo ${{ github.head_ref }} $STACK"))
    assert workflows.check(tmp_path) == 1
    said = capfd.readouterr().out
    assert "potentially untrusted" in said
    assert "SC2086" in said, "shellcheck looks at the lines of a workflow"
    file.write_text(text)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "bad").write_text("#!/bin/sh\necho $1\n")
    (tmp_path / "scripts" / "other.py").write_text("#!/usr/bin/env python3\nprint($1)\n")
    assert workflows.check(tmp_path) == 1
    assert "SC2086" in capfd.readouterr().out


def test_the_pinned_version_is_the_one_that_is_built() -> None:
    pinned = (workflows.MODULE / "go.mod").read_text()
    assert f"require github.com/rhysd/actionlint v{workflows.VERSION}\n" in pinned


@pytest.mark.skipif(shutil.which("go") is None, reason="Go would be fetched first")
def test_a_build_without_a_network_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "GOMODCACHE", "GOPATH"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("GOPROXY", "off")
    with pytest.raises(Refusal, match=r"^actionlint cannot be built \(.*\); check the network"):
        workflows.actionlint()
    kept = list((tmp_path / "XDG_CACHE_HOME").rglob("actionlint*"))
    assert kept == []


def test_there_are_four_for_users_and_one_for_every_change() -> None:
    assert {file.stem for file in FILES} == {*USERS, "check"}


def test_the_checks_run_on_each_python_from_the_oldest_on() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    job = document(FOLDER / "check.yml")["jobs"]["check"]
    assert job["strategy"]["matrix"] == {"python": ["3.11", "3.12", "3.13", "3.14"]}
    assert job["strategy"]["fail-fast"] is False, "each Python is heard"
    assert project["requires-python"] == f">={job['strategy']['matrix']['python'][0]}"
    (setup,) = [step["with"] for step in job["steps"] if "setup-python" in step.get("uses", "")]
    assert setup == {"python-version": "${{ matrix.python }}"}


@each_file
def test_a_workflow_has_no_more_rights_than_it_needs(file: Path) -> None:
    read = document(file)
    assert read["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in file.read_text()
    rights = {
        (name, right)
        for name, job in read["jobs"].items()
        for right, level in job.get("permissions", {}).items()
        if level == "write"
    }
    expected = {
        "preview": {("preview", "pull-requests")},
        "drift": {("drift", "issues")},
    }
    assert rights == expected.get(file.stem, set())


@each_file
def test_nothing_that_somebody_else_writes_is_put_into_a_command(file: Path) -> None:
    for step in steps(file):
        assert "${{" not in step.get("run", ""), step


@each_file
def test_actions_are_pinned_by_commit_and_one_version_is_used_of_each(file: Path) -> None:
    used = re.findall(r"uses: *(\S+)(.*)", file.read_text())
    assert used
    for action, comment in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action)
        # Dependabot updates both.
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
    everywhere = {
        action for each in FILES for action in re.findall(r"uses: *(\S+)", each.read_text())
    }
    assert len(everywhere) == len({action.partition("@")[0] for action in everywhere})


def test_dependabot_sees_actions_and_go_modules() -> None:
    updates = yaml.safe_load((FOLDER.parent / "dependabot.yml").read_text())["updates"]
    assert [each["package-ecosystem"] for each in updates] == ["github-actions", "gomod"]
    for folder in updates[1]["directories"]:
        assert (REPOSITORY / folder.strip("/") / "go.mod").is_file()


def test_what_may_hold_the_passphrase_of_prod_is_limited_to_main() -> None:
    """The page says how; a job of a pull request has no environment of prod."""
    page = (REPOSITORY / "docs" / "ci.md").read_text()
    assert "Allow `dev`, `prod-preview` and `prod` for branch `main` only" in page
    for file in FILES:
        if "pull_request" in document(file)[True]:
            for job in document(file)["jobs"].values():
                assert "prod" not in job.get("environment", ""), file
    for name, job in document(GITLAB).items():
        rules = str(job.get("rules")) if isinstance(job, dict) else ""
        if "merge_request_event" in rules:
            assert "prod" not in str(job.get("environment")), name


@pytest.mark.parametrize("name", USERS)
def test_what_needs_secrets_waits_until_they_are_set_up_and_forks_get_none(name: str) -> None:
    text = (FOLDER / f"{name}.yml").read_text()
    on = document(FOLDER / f"{name}.yml")[True]
    for job_name, job in document(FOLDER / f"{name}.yml")["jobs"].items():
        if "secrets." not in str(job):
            continue
        assert "environment" in job, f"{job_name}: secrets of all environments"
        assert "vars.PULUMI_BACKEND_URL != ''" in job.get("if", "") or "needs" in job, job_name
        if "pull_request" in on:
            own = "github.event.pull_request.head.repo.full_name == github.repository"
            assert own in job["if"], job_name
    # A secret belongs to the step that needs it, not to actions of others.
    assert "secrets." not in str(document(FOLDER / f"{name}.yml").get("env"))
    assert text.count("docs/ci.md") == 1


@pytest.mark.parametrize("name", ["apply", "promote"])
def test_one_deployment_of_a_stack_at_a_time(name: str) -> None:
    read = document(FOLDER / f"{name}.yml")
    stack = {"apply": "dev", "promote": "prod"}[name]
    assert read["concurrency"] == {"group": f"stack-{stack}", "cancel-in-progress": False}


@pytest.mark.parametrize("file", [*(FOLDER / f"{name}.yml" for name in USERS), GITLAB])
def test_what_runs_is_a_script_of_ours(file: Path) -> None:
    known = {f"scripts/{script.name}" for script in SCRIPTS}
    used = set()
    for line in commands(file):
        found = re.findall(r"scripts/[\w-]+", line)
        used |= set(found)
        assert set(found) <= known, line
        assert found or line in ("make check", "cat preview/comment.md") or "SUMMARY" in line, line
    if file == GITLAB:
        assert used == known
    for stack in re.findall(r"stack: \[(.*)\]", file.read_text(), re.I):
        for name in stack.split(", "):
            assert (REPOSITORY / "stacks" / f"Pulumi.{name}.yaml").is_file()


def test_gitlab_has_the_same_jobs() -> None:
    read = document(GITLAB)
    jobs = {name for name, job in read.items() if isinstance(job, dict) and "script" in job}
    assert {"try", *USERS} <= jobs
    for name in jobs:
        assert read[name]["stage"] in read["stages"]
        assert set(read[name].get("needs", [])) <= jobs
    here = {line for name in USERS for line in commands(FOLDER / f"{name}.yml")}
    for line in here:
        if "SUMMARY" not in line:
            stackless = re.sub(r'"\$(FROM|TO)"', '"$STACK"', line)
            assert stackless in [re.sub(r"^test .* \|\| ", "", each) for each in commands(GITLAB)]


@each_script
def test_a_script_says_how_it_is_used(script: Path) -> None:
    first, usage, *rest = script.read_text().splitlines()
    assert first == "#!/bin/sh"
    assert usage.startswith(f"# usage: scripts/{script.name} ")
    assert all(line.startswith("# ") for line in rest[:-1])
    assert rest[-1].startswith("exec ")
    assert len(rest) <= 4
    wrong = subprocess.run(
        [script, *["x"] * 9], capture_output=True, text=True, timeout=60, check=False
    )
    assert wrong.returncode == 2
    assert wrong.stderr == f"error: {usage.removeprefix('# ')}\n"


def test_every_script_is_in_the_page() -> None:
    page = (REPOSITORY / "docs" / "ci.md").read_text()
    for script in SCRIPTS:
        assert f"scripts/{script.name}" in page
    for name in USERS:
        assert f"`{name}.yml`" in page
