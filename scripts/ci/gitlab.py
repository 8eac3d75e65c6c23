"""GitLab, through its API with `GITLAB_TOKEN`: a project access token with the scope `api`."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, Final
from urllib.parse import urlencode

from scripts.ci.forge import unreviewed, variable
from toolchain.say import Refusal

SECONDS: Final = 60
JOB: Final = "preview"
"""The job in a merge request's pipeline whose artifact is the preview."""
PAGE: Final = 100


class GitLab:
    """The project of this job."""

    def __init__(self) -> None:
        self._project = f"{variable('CI_API_V4_URL')}/projects/{variable('CI_PROJECT_ID')}"
        self._token = variable("GITLAB_TOKEN")

    def comments(self) -> list[tuple[int, str]]:
        """List our own comments on the merge request of this job."""
        return [(each["id"], each["body"]) for each in self._own(self._notes())]

    def add_comment(self, text: str) -> None:
        """Add a comment."""
        self._send("POST", self._notes(), body=text)

    def edit_comment(self, number: int, text: str) -> None:
        """Replace the text of a comment."""
        self._send("PUT", f"{self._notes()}/{number}", body=text)

    def issues(self) -> list[tuple[int, str]]:
        """List our own open issues."""
        listed = self._own(f"{self._project}/issues", state="opened")
        return [(each["iid"], each["description"] or "") for each in listed]

    def open_issue(self, title: str, text: str) -> None:
        """Open an issue."""
        self._send("POST", f"{self._project}/issues", title=title, description=text)

    def edit_issue(self, number: int, text: str) -> None:
        """Replace the text of an issue."""
        self._send("PUT", f"{self._project}/issues/{number}", description=text)

    def close_issue(self, number: int, last: str) -> None:
        """Close an issue with a last comment."""
        self._send("POST", f"{self._project}/issues/{number}/notes", body=last)
        self._send("PUT", f"{self._project}/issues/{number}", state_event="close")

    def reviewed(self, stack: str) -> tuple[list[str], bytes]:
        """Fetch labels and preview of the merge request: the preview is a job's artifact."""
        commit = variable("CI_COMMIT_SHA")
        requests = self._json(f"{self._project}/repository/commits/{commit}/merge_requests")
        merged = [each for each in requests if each["state"] == "merged"]
        if not merged:
            raise unreviewed(f"commit {commit[:8]} belongs to no merged merge request")
        request = merged[0]
        pipelines = self._json(f"{self._project}/merge_requests/{request['iid']}/pipelines")
        for pipeline in pipelines:
            if pipeline["sha"] == request["sha"]:
                jobs = self._json(f"{self._project}/pipelines/{pipeline['id']}/jobs")
                kept = [j for j in jobs if j["name"] == JOB and j.get("artifacts_file")]
                if kept:
                    archive = self._request(
                        "GET", f"{self._project}/jobs/{kept[0]['id']}/artifacts"
                    )
                    return list(request["labels"]), archive
        raise unreviewed(f"merge request {request['iid']} has no preview of {stack} for its commit")

    def _notes(self) -> str:
        return f"{self._project}/merge_requests/{int(variable('CI_MERGE_REQUEST_IID'))}/notes"

    def _own(self, url: str, **query: str) -> list[Any]:
        me = self._json(f"{variable('CI_API_V4_URL')}/user")["id"]
        found, page = [], 1
        while rows := self._json(f"{url}?{urlencode({**query, 'per_page': PAGE, 'page': page})}"):
            found += [each for each in rows if each["author"]["id"] == me]
            page += 1
        return found

    def _send(self, method: str, url: str, **fields: str) -> None:
        self._request(method, url, json.dumps(fields).encode())

    def _json(self, url: str) -> Any:
        return json.loads(self._request("GET", url))

    def _request(self, method: str, url: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(url, body, method=method)
        request.add_header("Content-Type", "application/json")
        # Not sent to the storage that a download is redirected to.
        request.add_unredirected_header("PRIVATE-TOKEN", self._token)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as problem:
            problem.close()
            raise Refusal(f"GitLab: {method} {url}: {problem.code} {problem.reason}") from None
        except OSError as problem:
            raise Refusal(f"GitLab: {method} {url}: {problem}") from None
