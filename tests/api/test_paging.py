"""A complete list, or an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, count, repeat
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egain_pulumi.api.paging import list_all
from egain_pulumi.errors import ApiError, Reason, TransportError

Answer = dict[str, Any]


class Server:
    """Gives answers in turn, then repeats the last one. Records the queries."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[dict[str, int] | None]()

    def __call__(self, query: dict[str, int] | None) -> Answer:
        self.asked.append(query)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def page(first: int, last: int, **info: Any) -> Answer:
    rows = [{"id": f"id-{number}"} for number in range(first, last + 1)]
    return {"account": rows} | ({"paginationInfo": info} if info else {})


def listed(server: Server) -> list[str]:
    pages = list_all(server, "accounts", "account")
    if pages.problem is not None:
        raise pages.problem
    return [row["id"] for row in pages.rows]


def ids(count: int) -> list[str]:
    return [f"id-{number}" for number in range(1, count + 1)]


def test_an_answer_without_paging_is_the_whole_list() -> None:
    server = Server(page(1, 3))
    assert listed(server) == ids(3)
    assert server.asked == [None]


@pytest.mark.parametrize("empty", [{"account": []}, {"paginationInfo": {"count": 0}}])
def test_a_tenant_without_any_has_an_empty_list(empty: Answer) -> None:
    server = Server(empty)
    assert listed(server) == []
    assert server.asked == [None]


def test_a_full_first_page_needs_no_second() -> None:
    server = Server(page(1, 2, count=2, pagenum=1, pagesize=2))
    assert listed(server) == ids(2)
    assert server.asked == [None]


def test_further_pages_are_asked_for_at_the_servers_own_size() -> None:
    server = Server(
        page(1, 2, count=5, pagenum=1, pagesize=2), page(3, 4, count=5), page(5, 5, count=5)
    )
    assert listed(server) == ids(5)
    assert server.asked == [
        None,
        {"$pagenum": 2, "$pagesize": 2},
        {"$pagenum": 3, "$pagesize": 2},
    ]


@pytest.mark.parametrize("size", [None, 0, -1, "2"])
def test_without_a_usable_size_the_rows_of_the_first_page_count(size: Any) -> None:
    server = Server(page(1, 2, count=3, pagesize=size), page(3, 3))
    assert listed(server) == ids(3)
    assert server.asked[1:] == [{"$pagenum": 2, "$pagesize": 2}]


def test_a_page_size_of_nothing_is_never_asked_for() -> None:
    server = Server({"account": [], "paginationInfo": {"count": 2}})
    with pytest.raises(TransportError, match="0 of 2 came"):
        listed(server)
    assert {"$pagenum": 2, "$pagesize": 0} not in server.asked


BROKEN = {
    "a page short of what was counted": (
        [page(1, 2, count=4, pagesize=2), page(3, 3), page(1, 0)],
        "3 of 4 came",
    ),
    "an empty second page": ([page(1, 2, count=4, pagesize=2), page(1, 0)], "2 of 4 came"),
    "a second page without its key": (
        [page(1, 2, count=3, pagesize=2), {}],
        "there is no list under account",
    ),
    "the first page again and again": (
        [page(1, 2, count=4, pagesize=2)],
        "an id occurs twice",
    ),
    "a page repeated past the count": (
        [page(1, 2, count=3, pagesize=2)],
        "an id occurs twice",
    ),
    "a count smaller than what came": (
        [page(1, 3, count=2)],
        "3 came, but count is 2",
    ),
    "a count of nothing beside rows": (
        [page(1, 3, count=0)],
        "3 came, but count is 0",
    ),
    "an id twice on one page": (
        [{"account": [{"id": "a"}, {"id": "a"}]}],
        "an id occurs twice",
    ),
    "a row without an id": ([{"account": [{"name": "a"}]}], "an object has no valid id"),
    "a row with an empty id": ([{"account": [{"id": ""}]}], "an object has no valid id"),
    "a row with a number as id": ([{"account": [{"id": 7}]}], "an object has no valid id"),
    "a list under another key": ([{"accounts": []}], "there is no list under account"),
    "something that is no list": ([{"account": {}}], "there is no list under account"),
    "rows that are no objects": ([{"account": ["a"]}], "there is no list under account"),
}


@pytest.mark.parametrize(
    ("answers", "reason"), [pytest.param(*case, id=name) for name, case in BROKEN.items()]
)
def test_a_list_that_cannot_be_trusted_is_an_error(answers: list[Answer], reason: str) -> None:
    with pytest.raises(TransportError) as caught:
        listed(Server(*answers))
    assert str(caught.value) == f"GET /accounts: the list cannot be trusted: {reason}"
    assert caught.value.reason is Reason.LIST_NOT_TRUSTED
    assert caught.value.next_step.startswith("Somebody may be changing the tenant")
    assert caught.value.in_doubt is False


@pytest.mark.parametrize("count", ["4", 4.0, "four", None, True, -1])
def test_a_count_in_another_form_never_makes_a_short_list_a_whole_one(count: Any) -> None:
    server = Server(page(1, 2, count=count, pagenum=1, pagesize=2), page(3, 4), page(1, 0))
    try:
        found = listed(server)
    except TransportError:
        return
    assert found == ids(4)


class Changing:
    """A tenant where something changes after each page."""

    def __init__(self, size: int, changes: Iterator[Callable[[list[str]], object]]) -> None:
        self.ids, self._size, self._changes = ids(20), size, changes

    def __call__(self, query: dict[str, int] | None) -> Answer:
        start = ((query or {}).get("$pagenum", 1) - 1) * self._size
        rows = [{"id": id} for id in self.ids[start : start + self._size]]
        answer = {
            "account": rows,
            "paginationInfo": {"count": len(self.ids), "pagesize": self._size},
        }
        next(self._changes)(self.ids)
        return answer


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_what_is_created_between_pages_hides_nothing(size: int, chance: Random) -> None:
    new = count(100)
    insert = repeat(lambda ids: ids.insert(chance.randint(0, len(ids)), f"id-{next(new)}"))
    pages = list_all(Changing(size + 1, insert), "accounts", "account")
    assert pages.problem is None
    assert {row["id"] for row in pages.rows} >= set(ids(20))


@given(st.integers(1, 12), st.randoms(use_true_random=False), st.integers(1, 5))
def test_what_is_deleted_between_pages_hides_nothing_unnoticed(
    size: int, chance: Random, deletes: int
) -> None:
    delete = [lambda ids: ids.pop(chance.randrange(len(ids)))] * deletes
    server = Changing(size, chain(delete, repeat(lambda ids: None)))
    pages = list_all(server, "accounts", "account")
    assert pages.problem or {row["id"] for row in pages.rows} >= set(server.ids)


def test_a_refused_second_page_is_that_refusal_and_no_list() -> None:
    refusal = ApiError(
        method="GET", path="/accounts", status=400, code="400-101", words="no", correlation="c"
    )

    def server(query: dict[str, int] | None) -> Answer:
        if query is not None:
            raise refusal
        return page(1, 2, count=4, pagesize=2)

    with pytest.raises(ApiError, match="400-101"):
        list_all(server, "accounts", "account")


def test_a_server_that_never_ends_is_given_up() -> None:
    class Endless(Server):
        def __call__(self, query: dict[str, int] | None) -> Answer:
            self.asked.append(query)
            number = len(self.asked)
            return page(number, number, count=10**8, pagesize=1)

    server = Endless()
    with pytest.raises(TransportError, match="cannot be trusted"):
        listed(server)
    assert len(server.asked) == 10_001
