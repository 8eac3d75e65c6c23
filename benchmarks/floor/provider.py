"""The smallest dynamic provider that is pickled by reference, with as many calls at once as ours.

Nothing is validated, nothing is tried again, no state is guarded, and a `read` believes what the
list says: what this takes is what the engine and eGain take.
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
    """One class for every kind; the state says which collection an object is in."""

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
        """Whether anything is declared otherwise."""
        return DiffResult(changes=_olds["body"] != _news["body"])

    def create(self, props: Any) -> CreateResult:
        """POST."""
        return CreateResult(call("POST", props["collection"], props["body"])["id"], props)

    def read(self, id_: str, props: Any) -> ReadResult:
        """What the one list says of this object."""
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
    """The connections of all threads, with the one token."""
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
    """One call; whatever is no success raises."""
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
    """All objects of a collection by id; the first reader lists, the others wait."""
    with _listing:
        if collection not in _lists:
            _lists[collection] = {row["id"]: row for row in listed(collection)}
        return _lists[collection]


def listed(collection: str) -> list[dict[str, Any]]:
    """A whole collection, page after page, at the size that the server gives the first one."""
    page = call("GET", collection)
    paging = page["paginationInfo"]
    found = page_rows(page)
    for number in range(2, -(-paging["count"] // paging["pagesize"]) + 1):
        more = call("GET", collection, pagenum=number, pagesize=paging["pagesize"])
        found += page_rows(more)
    return found


def page_rows(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects of a page, under whatever key the kind has there."""
    found = next(value for key, value in page.items() if key != "paginationInfo")
    return list(found)
