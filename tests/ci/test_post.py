"""One comment, one issue, and only what was reviewed: on GitHub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.ci import post
from tests.ci import forges
from toolchain.say import Refusal

COMMENTS = "repos/team/hub/issues/7/comments"
ISSUES = "repos/team/hub/issues"
BOT, PERSON = {"type": "Bot"}, {"type": "User"}


@pytest.mark.parametrize(
    ("there", "call"),
    [
        ([], ["POST", COMMENTS]),
        ([(3, BOT, f"{forges.MARKER}\nold")], ["PATCH", f"{ISSUES}/comments/3"]),
        ([(3, BOT, f"{forges.MARKER}\r\nold")], ["PATCH", f"{ISSUES}/comments/3"]),
        ([(3, PERSON, f"{forges.MARKER}\nnot ours")], ["POST", COMMENTS]),
        ([(3, BOT, f"see:\n{forges.MARKER}"), (4, BOT, None)], ["POST", COMMENTS]),
        ([(3, BOT, "<!-- egain-pulumi: preview of prod -->\n")], ["POST", COMMENTS]),
    ],
)
def test_github_has_one_comment_a_stack(
    there: list[Any], call: list[str], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [{"id": number, "user": user, "body": body} for number, user, body in there]
    variables = forges.gh(tmp_path, {f"{COMMENTS}?per_page=100": listed})
    forges.job(monkeypatch, tmp_path, variables)
    assert post.run("comment", str(folder)) == 0
    text = (folder / "comment.md").read_text()
    assert forges.calls(tmp_path) == [[*call, {"body": text}]]


@pytest.mark.parametrize("drift", [True, False])
@pytest.mark.parametrize("open_", [True, False])
def test_github_has_one_issue_a_stack(
    drift: bool, open_: bool, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"number": 8, "user": BOT, "body": forges.DRIFT, "pull_request": {}}
    ours = {"number": 9, "user": BOT, "body": f"{forges.DRIFT}\nold"}
    listed = [other, ours] if open_ else [other]
    forges.job(
        monkeypatch, tmp_path, forges.gh(tmp_path, {f"{ISSUES}?state=open&per_page=100": listed})
    )
    forges.write_drift(folder, [{}] if drift else [])
    assert post.run("issue", str(folder)) == 0
    title, text = "eGain differs from stack dev", f"{forges.DRIFT}\nnew\n"
    expected: dict[tuple[bool, bool], list[Any]] = {
        (True, False): [["POST", ISSUES, {"title": title, "body": text}]],
        (True, True): [["PATCH", f"{ISSUES}/9", {"body": text}]],
        (False, False): [],
        (False, True): [
            ["POST", f"{ISSUES}/9/comments", {"body": "There is no drift anymore."}],
            ["PATCH", f"{ISSUES}/9", {"state": "closed"}],
        ],
    }
    assert forges.calls(tmp_path) == expected[drift, open_]


PULL = {
    "number": 7,
    "merged_at": "2026-11-20T09:00:00Z",
    "head": {"sha": "beef"},
    "labels": [{"name": "acknowledged-12345678"}, {"name": "bug"}],
}


def artifact(number: int, **changes: Any) -> dict[str, Any]:
    """One that is what is looked for."""
    run = {"head_sha": "beef", "head_repository_id": 1, "repository_id": 1}
    run |= {key: changes.pop(key) for key in list(changes) if key in run}
    made = {"id": number, "expired": False, "created_at": f"2026-11-{number:02}"}
    return {**made, **changes, "workflow_run": run}


@pytest.mark.parametrize(
    ("pulls", "artifacts", "refusal"),
    [
        ([PULL], [artifact(12), artifact(11), artifact(13, head_sha="other")], None),
        ([], [], "commit abc belongs to no merged pull request"),
        ([{**PULL, "merged_at": None}], [], "commit abc belongs to no merged pull request"),
        ([PULL], [], "pull request 7 has no preview of its last commit"),
        ([PULL], [artifact(1, head_sha="other")], "has no preview of its last commit"),
        ([PULL], [artifact(1, expired=True)], "has no preview of its last commit"),
        ([PULL], [artifact(1, head_repository_id=2)], "has no preview of its last commit"),
    ],
)
def test_github_gives_what_was_reviewed_and_nothing_else(
    pulls: list[Any],
    artifacts: list[Any],
    refusal: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    actions = "repos/team/hub/actions/artifacts"
    paths = {
        "repos/team/hub/commits/abc/pulls": pulls,
        f"{actions}?name=preview-dev-7&per_page=100": {"artifacts": artifacts},
        f"{actions}/12/zip": forges.archive(forges.FILES).hex(),
    }
    forges.job(monkeypatch, tmp_path, {**forges.gh(tmp_path, paths), "GITHUB_SHA": "abc"})
    target = tmp_path / "fetched" / "out"
    if refusal:
        with pytest.raises(Refusal, match=f"not applied: .*{refusal}.* by hand"):
            post.run("reviewed", "dev", str(target))
        return
    assert post.run("reviewed", "dev", str(target)) == 0
    kept = {each.name: each.read_text() for each in target.iterdir()}
    assert kept.pop("labels.txt") == "acknowledged-12345678\nbug"
    assert sorted(kept) == ["about.json", "comment.md", "plan.json"]
    assert sorted(each.name for each in (tmp_path / "fetched").iterdir()) == ["out"]


def test_an_answer_that_is_none_is_one_line(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forges.job(monkeypatch, tmp_path, forges.gh(tmp_path, {}))
    with pytest.raises(Refusal, match=r"GitHub: GET repos/team/hub/issues/7/comments.*404"):
        post.run("comment", str(folder))
    (folder / "comment.md").unlink()
    with pytest.raises(Refusal, match=r"has no comment\.md to post"):
        post.run("comment", str(folder))
    monkeypatch.delenv("GITHUB_REPOSITORY")
    with pytest.raises(Refusal, match="in a job of GitHub or GitLab"):
        post.run("issue", str(folder))
    with pytest.raises(Refusal, match="usage: scripts/post comment FOLDER"):
        post.run("coment", str(folder))
