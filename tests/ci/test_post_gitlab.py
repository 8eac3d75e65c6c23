"""One comment, one issue, and only what was reviewed: on GitLab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.ci import post
from tests.ci import forges
from toolchain.say import Refusal


@pytest.fixture
def request_() -> Iterator[tuple[dict[str, Any], list[Any], dict[str, str]]]:
    """A GitLab: what it has, what is written to it, the variables of its job."""
    pages = {
        "/user": {"id": 42},
        "/projects/5/merge_requests/7/notes?per_page=100&page=1": [],
        "/projects/5/issues?state=opened&per_page=100&page=1": [],
    }
    posted: list[Any] = []
    with forges.gitlab(pages, posted) as variables:
        yield pages, posted, variables


def test_gitlab_has_one_comment_and_one_issue_a_stack(
    request_: tuple[dict[str, Any], list[Any], dict[str, str]],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages, posted, variables = request_
    forges.job(monkeypatch, tmp_path, variables)
    notes, issues = "/projects/5/merge_requests/7/notes", "/projects/5/issues"
    comment, issue = ((folder / name).read_text() for name in ("comment.md", "issue.md"))
    post.run("comment", str(folder))
    post.run("issue", str(folder))
    title = "eGain differs from stack dev"
    assert posted == [
        ["POST", notes, {"body": comment}],
        ["POST", issues, {"title": title, "description": issue}],
    ]
    theirs = {"id": 1, "body": forges.MARKER, "author": {"id": 1}}
    ours = {"id": 2, "body": f"{forges.MARKER}\nold", "author": {"id": 42}}
    pages[f"{notes}?per_page=100&page=1"] = [theirs]
    pages[f"{notes}?per_page=100&page=2"] = [ours]
    pages[f"{notes}?per_page=100&page=3"] = []
    found = {"iid": 3, "description": forges.DRIFT, "author": {"id": 42}}
    pages[f"{issues}?state=opened&per_page=100&page=1"] = [found]
    pages[f"{issues}?state=opened&per_page=100&page=2"] = []
    posted.clear()
    post.run("comment", str(folder))
    post.run("issue", str(folder))
    forges.write_drift(folder, [])
    post.run("issue", str(folder))
    assert posted == [
        ["PUT", f"{notes}/2", {"body": comment}],
        ["PUT", f"{issues}/3", {"description": issue}],
        ["POST", f"{issues}/3/notes", {"body": "There is no drift anymore."}],
        ["PUT", f"{issues}/3", {"state_event": "close"}],
    ]
    monkeypatch.setenv("GITLAB_TOKEN", "canary")
    with pytest.raises(Refusal, match="401") as refused:
        post.run("issue", str(folder))
    assert "canary" not in str(refused.value)


def test_gitlab_gives_what_was_reviewed(
    request_: tuple[dict[str, Any], list[Any], dict[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages, _, variables = request_
    forges.job(monkeypatch, tmp_path, {**variables, "CI_COMMIT_SHA": "abc"})
    merged = {"iid": 7, "state": "merged", "sha": "beef", "labels": ["acknowledged-12345678"]}
    pages["/projects/5/repository/commits/abc/merge_requests"] = [merged]
    pages["/projects/5/merge_requests/7/pipelines"] = [{"id": 1, "sha": "old"}]
    target = tmp_path / "out"
    with pytest.raises(Refusal, match="merge request 7 has no preview of dev for its commit"):
        post.run("reviewed", "dev", str(target))
    pages["/projects/5/merge_requests/7/pipelines"].append({"id": 2, "sha": "beef"})
    kept = {"id": 4, "name": "preview", "artifacts_file": {"filename": "artifacts.zip"}}
    pages["/projects/5/pipelines/2/jobs"] = [{"id": 3, "name": "try"}, kept]
    pages["/projects/5/jobs/4/artifacts"] = forges.archive(
        {f"out/{n}": t for n, t in forges.FILES.items()}
    )
    assert post.run("reviewed", "dev", str(target)) == 0
    assert (target / "labels.txt").read_text() == "acknowledged-12345678"
    assert (target / "about.json").read_text() == "{}"
