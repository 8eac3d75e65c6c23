"""The smallest dynamic provider that is pickled by reference, with as many calls at once as ours.

It does not validate, retry or protect state, and `read` trusts the list. So its time is that of the
engine and of eGain.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
from typing import Any

import requests
from pulumi.dynamic import (
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

THREADS = 16
_lock = threading.Lock()


class FloorProvider(ResourceProvider):
    """One class for all kinds; the state has the collection of an object."""

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        """Widen the host's executor: it starts with four threads."""
        frame = sys._current_frames()[threading.main_thread().ident or 0]
        while "server" not in frame.f_locals:
            assert frame.f_back is not None
            frame = frame.f_back
        pool = frame.f_locals["server"]._state.thread_pool
        pool._max_workers = THREADS
        for _ in range(THREADS):
            pool.submit(time.sleep, 0)

    def diff(self, _id: str, _olds: Any, _news: Any) -> DiffResult:
        """Compare the bodies."""
        return DiffResult(changes=_olds["body"] != _news["body"])

    def create(self, props: Any) -> CreateResult:
        """POST."""
        return CreateResult(call("POST", props["collection"], props["body"])["id"], props)

    def read(self, id_: str, props: Any) -> ReadResult:
        """Return this object's row of the one list call."""
        row = rows(props["collection"])[id_]
        body = {key: row.get(key) for key in props["body"]}
        seen = {"collection": props["collection"], "body": body}
        return ReadResult(id_, seen, seen)

    def update(self, _id: str, _olds: Any, _news: Any) -> UpdateResult:
        """PUT."""
        call("PUT", f"{_news['collection']}/{_id}", _news["body"])
        return UpdateResult(_news)

    def delete(self, _id: str, _props: Any) -> None:
        """DELETE."""
        call("DELETE", f"{_props['collection']}/{_id}")


@functools.cache
def session() -> requests.Session:
    """Return the session of all threads, with one token."""
    made = requests.Session()
    made.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=THREADS))
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["EGAIN_CLIENT_ID"],
        "client_secret": os.environ["EGAIN_CLIENT_SECRET"],
        "scope": "https://api.egain.cloud/auth/.default",
    }
    answer = made.post(os.environ["EGAIN_TOKEN_URL"], data=form, timeout=60)
    answer.raise_for_status()
    made.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return made


def call(method: str, path: str, body: Any = None, **query: int) -> Any:
    """Make one call; raise if it fails."""
    with _lock:
        connection = session()
    url = f"{os.environ['EGAIN_BASE_URL']}/{path}"
    parameters = {f"${name}": value for name, value in query.items()}
    answer = connection.request(method, url, json=body, params=parameters, timeout=60)
    answer.raise_for_status()
    return answer.json() if answer.content else None


_lists: dict[str, dict[str, Any]] = {}
_listing = threading.Lock()


def rows(collection: str) -> dict[str, Any]:
    """Return all objects of a collection by id. The first caller lists; the others wait."""
    with _listing:
        if collection not in _lists:
            _lists[collection] = {row["id"]: row for row in list_all(collection)}
        return _lists[collection]


def list_all(collection: str) -> list[dict[str, Any]]:
    """Read a whole collection page by page, with the page size of the first answer."""
    page = call("GET", collection)
    paging = page["paginationInfo"]
    found = page_rows(page)
    for number in range(2, -(-paging["count"] // paging["pagesize"]) + 1):
        more = call("GET", collection, pagenum=number, pagesize=paging["pagesize"])
        found += page_rows(more)
    return found


def page_rows(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the objects of a page; their key depends on the kind."""
    found = next(value for key, value in page.items() if key != "paginationInfo")
    return list(found)
