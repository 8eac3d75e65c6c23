"""GitHub, through its own `gh`, which every runner has."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from scripts.ci.forge import unreviewed, variable
from toolchain.say import Refusal


class GitHub:
    """The repository of this job; `GH_TOKEN` says with which permissions."""

    def __init__(self) -> None:
        self._repository = f"repos/{variable('GITHUB_REPOSITORY')}"

    def comments(self) -> list[tuple[int, str]]:
        """The comments of bots on the pull request of this job."""
        return _of_bots(_listed(f"{self._pull()}/comments?per_page=100"), "id")

    def add_comment(self, text: str) -> None:
        """Add one."""
        _call("POST", f"{self._pull()}/comments", body=text)

    def edit_comment(self, number: int, text: str) -> None:
        """Replace the text of one."""
        _call("PATCH", f"{self._repository}/issues/comments/{number}", body=text)

    def issues(self) -> list[tuple[int, str]]:
        """The open issues of bots."""
        listed = _listed(f"{self._repository}/issues?state=open&per_page=100")
        return _of_bots([each for each in listed if "pull_request" not in each], "number")

    def open_issue(self, title: str, text: str) -> None:
        """Open one."""
        _call("POST", f"{self._repository}/issues", title=title, body=text)

    def edit_issue(self, number: int, text: str) -> None:
        """Replace the text of one."""
        _call("PATCH", f"{self._repository}/issues/{number}", body=text)

    def close_issue(self, number: int, last: str) -> None:
        """Close one with a last word."""
        _call("POST", f"{self._repository}/issues/{number}/comments", body=last)
        _call("PATCH", f"{self._repository}/issues/{number}", state="closed")

    def reviewed(self, stack: str) -> tuple[list[str], bytes]:
        """Labels and preview of the merged pull request; the preview is an artifact of its run."""
        commit = variable("GITHUB_SHA")
        pulls = [p for p in _listed(f"{self._repository}/commits/{commit}/pulls") if p["merged_at"]]
        if not pulls:
            raise unreviewed(f"commit {commit[:8]} is of no merged pull request")
        pull = pulls[0]
        name = f"preview-{stack}-{pull['number']}"
        answer = _asked("GET", f"{self._repository}/actions/artifacts?name={name}&per_page=100")
        # Of the last commit that was reviewed, and of no fork, whose jobs can name theirs likewise.
        there = [
            each
            for each in json.loads(answer)["artifacts"]
            if not each["expired"]
            and each["workflow_run"]["head_sha"] == pull["head"]["sha"]
            and each["workflow_run"]["head_repository_id"] == each["workflow_run"]["repository_id"]
        ]
        if not there:
            raise unreviewed(f"pull request {pull['number']} has no preview of its last commit")
        newest = max(there, key=lambda each: str(each["created_at"]))
        archive = _asked("GET", f"{self._repository}/actions/artifacts/{newest['id']}/zip")
        return [label["name"] for label in pull["labels"]], archive

    def _pull(self) -> str:
        return f"{self._repository}/issues/{int(variable('PULL_REQUEST'))}"


def _of_bots(listed: list[Any], number: str) -> list[tuple[int, str]]:
    """A person may write any first line; a bot's text is edited by its app alone."""
    bots = [each for each in listed if each["user"]["type"] == "Bot"]
    return [(each[number], each["body"] or "") for each in bots]


def _listed(path: str) -> list[Any]:
    lines = _asked("GET", path, "--paginate", "--jq", ".[]").decode().splitlines()
    return [json.loads(line) for line in lines if line]


def _call(method: str, path: str, **fields: str) -> None:
    _asked(method, path, "--input", "-", text=json.dumps(fields))


def _asked(method: str, path: str, *options: str, text: str = "") -> bytes:
    command = ["gh", "api", "--method", method, path, *options]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    except OSError as problem:
        raise Refusal(
            f"gh does not start ({problem.strerror}); it is GitHub's command line"
        ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refusal(f"GitHub: {method} {path}: {said[0] if said else 'no answer'}")
    return done.stdout
