"""What lists show of our assumptions, without a name or a value of an object."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from egain_pulumi.doctor import Status, network
from egain_pulumi.doctor.readings import Answers, read
from egain_pulumi.resources import KINDS
from tests.comparison.builders import Rows, rows

Edit = Callable[[Rows], Any]
INFO = {"pagenum": 1, "pagesize": 25, "count": 1}


def shown(edit: Edit = lambda found: None, **more: Any) -> dict[str, tuple[str, str]]:
    """Return status and text of each reading of a tenant after an edit."""
    found = copy.deepcopy(rows())
    for each in found.values():
        for row in each:
            row["modified"] = {"date": "2026-01-01T00:00:00Z"}
    edit(found)
    info = more.pop("info", INFO)
    answers = [
        Answers(
            kind,
            (
                {
                    kind.collection.key: found[kind.name],
                    **({"paginationInfo": info} if info else {}),
                },
            ),
            tuple(found[kind.name]),
            **more,
        )
        for kind in KINDS
    ]
    checks = list(read(answers, None, has_date=True))
    assert all(bool(each.todo) == (each.status is Status.WARNING) for each in checks)
    text = "".join(each.text + each.todo for each in checks)
    assert "s3cret" not in text
    assert "orders" not in text
    return {each.id: (each.status.value, each.text) for each in checks}


def both(change: Callable[[dict[str, Any], str], Any]) -> Edit:
    """Return an edit of the password and of a header."""

    def edit(found: Rows) -> None:
        change(found["authentication"][0]["basicAuth"], "password")
        change(found["client-application"][0]["roles"][0]["headers"][0], "value")

    return edit


def mask(part: dict[str, Any], name: str) -> None:
    part[name] = "********"


def hide(part: dict[str, Any], name: str) -> None:
    del part[name]


def one_masked(found: Rows) -> None:
    found["authentication"][0]["basicAuth"]["password"] = "••••1234"


def no_secrets(found: Rows) -> None:
    found["authentication"].clear()
    found["client-application"].clear()


def text(found: Rows) -> None:
    found["account"][0]["chatConfigurations"]["timeout"] = "30"


def null(found: Rows) -> None:
    found["account"][0]["description"] = None


def short(found: Rows) -> None:
    found["channel"][0]["id"] = "7"


def timeless(found: Rows) -> None:
    del found["channel"][0]["modified"]


def new(found: Rows) -> None:
    found["channel"][0]["color\x1b"] = "s3cret"


def nothing(found: Rows) -> None:
    pass


@pytest.mark.parametrize(
    ("edit", "id", "status", "said"),
    [
        (nothing, "secrets", "ok", "reads show secrets as they are"),
        (both(mask), "secrets", "warning", "reads mask secrets"),
        (one_masked, "secrets", "warning", "reads mask some secrets and show others"),
        (both(hide), "secrets", "warning", "reads leave secrets out"),
        (no_secrets, "secrets", "ok", "no object shows a secret; there may be none"),
        (nothing, "numbers", "ok", "numbers and switches are JSON numbers and booleans"),
        (
            text,
            "numbers",
            "ok",
            "numbers or switches are text in: account.chat_configurations.timeout",
        ),
        (nothing, "unset", "ok", "unset attributes are left out"),
        (null, "unset", "ok", "unset attributes are null"),
        (nothing, "ids", "ok", "ids have 36 characters"),
        (short, "ids", "warning", "ids have lengths of 1, 36 characters"),
        (nothing, "modified", "ok", "objects have the time of their last change"),
        (timeless, "modified", "warning", "some have no time of their last change: channels"),
        (nothing, "attributes", "ok", "objects have no attribute that is not modelled"),
        (new, "attributes", "ok", "attributes that are not modelled: channel.color"),
        (nothing, "counts", "ok", "count is the number of objects"),
    ],
)
def test_readings(edit: Edit, id: str, status: str, said: str) -> None:
    assert shown(edit)[id] == (status, said)


def test_lists_without_paging_and_lists_that_cannot_be_trusted() -> None:
    found = shown(info=None)
    assert found["paging"][0] == "warning"
    assert found["paging"][1].startswith("no paginationInfo in: authentications, client")
    assert "counts" not in found
    wrong = shown(problem="2 of 3 came")["counts"]
    assert wrong[1].startswith("count and rows differ: authentications")


BOT = {"base-url": "https://api.egain.example/v3"}


@pytest.mark.parametrize(
    ("environment", "id", "status", "said"),
    [
        ({}, "proxy-base-url", "ok", "api.egain.example is reached without a proxy"),
        (
            {"HTTPS_PROXY": "http://me:s3cret@proxy.example:3128"},
            "proxy-base-url",
            "ok",
            "api.egain.example is reached through the proxy of HTTPS_PROXY: "
            "http://proxy.example:3128",
        ),
        (
            {"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "localhost,.egain.example"},
            "proxy-base-url",
            "ok",
            "api.egain.example is reached without a proxy: NO_PROXY names it",
        ),
        ({}, "certificates", "ok", "certificates are checked against those of the package certifi"),
        (
            {"REQUESTS_CA_BUNDLE": "/nowhere.pem"},
            "certificates",
            "failed",
            "REQUESTS_CA_BUNDLE cannot be read: /nowhere.pem",
        ),
        (
            {"SSL_CERT_FILE": "/x.pem"},
            "certificates",
            "warning",
            "SSL_CERT_FILE is set, which calls to eGain ignore",
        ),
    ],
)
def test_the_network(environment: dict[str, str], id: str, status: str, said: str) -> None:
    found = {each.id: each for each in network(BOT, environment)}
    assert (found[id].status.value, found[id].text) == (status, said)
