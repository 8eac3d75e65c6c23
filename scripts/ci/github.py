"""GitHub, through its command line `gh`, which every runner has."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from scripts.ci.forge import unreviewed, variable
from toolchain.say import Refusal


class GitHub:
    """The repository of this job, with the permissions of `GH_TOKEN`."""

    def __init__(self) -> None:
        self._repository = f"repos/{variable('GITHUB_REPOSITORY')}"

    def comments(self) -> list[tuple[int, str]]:
        """List the comments of bots on the pull request of this job."""
        return _by_bots(_list(f"{self._pull()}/comments?per_page=100"), "id")

    def add_comment(self, text: str) -> None:
        """Add a comment."""
        _send("POST", f"{self._pull()}/comments", body=text)

    def edit_comment(self, number: int, text: str) -> None:
        """Replace the text of a comment."""
        _send("PATCH", f"{self._repository}/issues/comments/{number}", body=text)

    def issues(self) -> list[tuple[int, str]]:
        """List the open issues of bots."""
        listed = _list(f"{self._repository}/issues?state=open&per_page=100")
        return _by_bots([each for each in listed if "pull_request" not in each], "number")

    def open_issue(self, title: str, text: str) -> None:
        """Open an issue."""
        _send("POST", f"{self._repository}/issues", title=title, body=text)

    def edit_issue(self, number: int, text: str) -> None:
        """Replace the text of an issue."""
        _send("PATCH", f"{self._repository}/issues/{number}", body=text)

    def close_issue(self, number: int, last: str) -> None:
        """Close an issue with a last comment."""
        _send("POST", f"{self._repository}/issues/{number}/comments", body=last)
        _send("PATCH", f"{self._repository}/issues/{number}", state="closed")

    def reviewed(self, stack: str) -> tuple[list[str], bytes]:
        """Fetch labels and preview of the merged pull request: the preview is an artifact."""
        commit = variable("GITHUB_SHA")
        pulls = [p for p in _list(f"{self._repository}/commits/{commit}/pulls") if p["merged_at"]]
        if not pulls:
            raise unreviewed(f"commit {commit[:8]} belongs to no merged pull request")
        pull = pulls[0]
        name = f"preview-{stack}-{pull['number']}"
        answer = _request("GET", f"{self._repository}/actions/artifacts?name={name}&per_page=100")
        # Made for the last reviewed commit, and not by a fork, whose jobs can use the same name.
        kept = [
            each
            for each in json.loads(answer)["artifacts"]
            if not each["expired"]
            and each["workflow_run"]["head_sha"] == pull["head"]["sha"]
            and each["workflow_run"]["head_repository_id"] == each["workflow_run"]["repository_id"]
        ]
        if not kept:
            raise unreviewed(f"pull request {pull['number']} has no preview of its last commit")
        newest = max(kept, key=lambda each: str(each["created_at"]))
        archive = _request("GET", f"{self._repository}/actions/artifacts/{newest['id']}/zip")
        return [label["name"] for label in pull["labels"]], archive

    def _pull(self) -> str:
        return f"{self._repository}/issues/{int(variable('PULL_REQUEST'))}"


def _by_bots(listed: list[Any], number: str) -> list[tuple[int, str]]:
    """Keep those of bots: a person may write any first line, only its app edits a bot's text."""
    bots = [each for each in listed if each["user"]["type"] == "Bot"]
    return [(each[number], each["body"] or "") for each in bots]


def _list(path: str) -> list[Any]:
    lines = _request("GET", path, "--paginate", "--jq", ".[]").decode().splitlines()
    return [json.loads(line) for line in lines if line]


def _send(method: str, path: str, **fields: str) -> None:
    _request(method, path, "--input", "-", text=json.dumps(fields))


def _request(method: str, path: str, *options: str, text: str = "") -> bytes:
    command = ["gh", "api", "--method", method, path, *options]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    except OSError as problem:
        raise Refusal(
            f"gh does not start ({problem.strerror}); install GitHub's command line"
        ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refusal(f"GitHub: {method} {path}: {said[0] if said else 'no answer'}")
    return done.stdout
