"""What stands in for GitHub's `gh` and for GitLab: they keep what is posted, and answer lists."""

from __future__ import annotations

import io
import json
import shlex
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

MARKER = "<!-- egain-pulumi: preview of dev -->"
DRIFT = "<!-- egain-pulumi: drift of dev -->"
FILES = {
    "about.json": "{}",
    "plan.json": "{}",
    "../../comment.md": "text",
    "labels.txt": "acknowledged-forged",
    "evil.sh": "",
}

# Answers by the file `GH_STATE`: path → what is there; every other call is appended to `calls`.
GH = """\
import json, os, sys
file = os.environ["GH_STATE"]
with open(file) as opened:
    state = json.load(opened)
arguments = sys.argv[1:]
assert arguments[:2] == ["api", "--method"], arguments
method, path = arguments[2:4]
if method == "GET":
    if path not in state["paths"]:
        sys.exit("gh: Not Found (HTTP 404)")
    found = state["paths"][path]
    if "--jq" in arguments:
        print(*map(json.dumps, found), sep="\\n")
    elif isinstance(found, str):
        sys.stdout.buffer.write(bytes.fromhex(found))
    else:
        print(json.dumps(found))
else:
    state["calls"].append([method, path, json.load(sys.stdin)])
    with open(file, "w") as opened:
        json.dump(state, opened)
"""


def gh(folder: Path, paths: dict[str, Any]) -> dict[str, str]:
    """Put a `gh` into a folder; the variables that make a job find it."""
    script = folder / "gh.py"
    script.write_text(GH)
    tool = folder / "gh"
    # Not the Python itself in the first line, where its path may have no space.
    tool.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(script)])} "$@"\n')
    tool.chmod(0o755)
    state = folder / "gh.json"
    state.write_text(json.dumps({"paths": paths, "calls": []}))
    return {"GH_STATE": str(state), "GITHUB_REPOSITORY": "team/hub", "PULL_REQUEST": "7"}


def calls(folder: Path) -> list[Any]:
    """What was posted."""
    found: list[Any] = json.loads((folder / "gh.json").read_text())["calls"]
    return found


def archive(files: dict[str, str]) -> bytes:
    """A zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return buffer.getvalue()


@contextmanager
def gitlab(
    paths: dict[str, Any], posted: list[Any], token: str = "glpat"
) -> Iterator[dict[str, str]]:
    """A server that answers GETs from `paths`; the variables of a job of it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = paths.get(self.path)
            if self.headers["PRIVATE-TOKEN"] != token:
                self.send_response(401)
                found = {}
            else:
                self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(found if isinstance(found, bytes) else json.dumps(found).encode())

        def _write(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            posted.append([self.command, self.path, body])
            self.send_response(201)
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_PUT = _write

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield {
            "CI_API_V4_URL": f"http://127.0.0.1:{server.server_port}",
            "CI_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "7",
            "GITLAB_TOKEN": token,
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_drift(folder: Path, rows: list[Any]) -> None:
    """What was found."""
    (folder / "drift.json").write_text(json.dumps({"stack": "dev", "drift": rows}))


def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str]) -> None:
    """Make this process one."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
