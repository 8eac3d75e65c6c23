"""One list instead of many GETs, only where it proves what a GET would.

See docs/rules.md#only-a-404-means-gone.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.host.objects import channel, declared, ground
from tests.host.running import program
from tests.specimens import CLIENT_APPLICATION, SPECIMENS
from tests.support.emulator import Emulator
from tests.support.engine import Engine
from tests.support.goal import Declared

pytestmark = pytest.mark.host
GET, LIST = "GET /channels/{id}", "GET /channels"
TEN = [channel(f"c{n}", type=f"c{n}") for n in range(10)]


def test_a_refresh_costs_two_gets_and_the_pages_of_one_list_a_kind(
    engine: Engine, emulator: Emulator
) -> None:
    ground(emulator)
    emulator.settings(page_size=4)
    kinds = [s for s in SPECIMENS if s.noun != "Authentication"]
    objects = [_numbered(s, n) for s in kinds for n in range(9)]
    engine.up(objects, parallel=16)
    emulator.clear()
    assert engine.refresh().changes == {}
    counts = emulator.counts(tokens=True)
    assert counts.pop("POST /oauth2/token") == 1
    assert {line for line, n in counts.items() if n == 2} >= {
        line for line in counts if line.endswith("/{id}")
    }
    # Nine of ours and what `ground` and eGain have made, four a page.
    rows = {"clientapplications": 11}
    for line, n in counts.items():
        if not line.endswith("/{id}"):
            assert n == -(-rows.get(line.removeprefix("GET /"), 10) // 4)


@pytest.mark.parametrize("parallel", [1, 16])
def test_what_differs_or_is_gone_is_confirmed_by_a_get(
    parallel: int, engine: Engine, emulator: Emulator
) -> None:
    engine.up(TEN, parallel=parallel)
    emulator.edit("channels", engine.state["c7"].id, {"displayName": "Console"})
    emulator.remove("channels", engine.state["c8"].id)
    emulator.clear()
    result = engine.refresh()
    assert result.changes == {"c7": "update", "c8": "delete"}
    assert emulator.counts() == {GET: 4, LIST: 1}


def test_a_row_that_is_missing_or_short_in_the_list_alone_is_no_drift(
    engine: Engine, emulator: Emulator
) -> None:
    """The list is out of date, or says less than a GET does."""
    engine.up(TEN)
    whole = emulator.objects("channels", secrets=True)
    whole[4].pop("icon")
    rows = [row for row in whole if row["type"] != "c9"]
    body = {"channel": rows, "paginationInfo": {"count": 9, "pagenum": 1, "pagesize": 25}}
    emulator.clear()
    emulator.fault("GET", "/channels", action="status", status=200, body=body)
    assert engine.refresh().changes == {}
    assert emulator.counts() == {GET: 4, LIST: 1}


UNTRUSTED: dict[str, dict[str, Any]] = {
    "a count that is wrong": {"action": "short_list"},
    "ids that repeat": {"action": "duplicate_ids"},
    "a page that repeats": {"action": "repeat_page"},
    "refused parameters": {"action": "status", "status": 400, "match": {"skip": 1, "times": 1}},
    "a gateway's page": {"action": "html", "match": {"times": None}},
    "a refusal": {"action": "status", "status": 403, "match": {"times": None}},
}


@pytest.mark.parametrize("case", UNTRUSTED)
def test_a_list_that_cannot_be_trusted_is_asked_for_once_and_replaced_by_gets(
    case: str, make_engine: MakeEngine, emulator: Emulator
) -> None:
    timeout = {"egain:operationTimeoutSeconds": "2"} if case == "a gateway's page" else {}
    engine = make_engine(config=emulator.config | timeout)
    engine.up(TEN)
    emulator.settings(page_size=4)
    emulator.edit("channels", engine.state["c7"].id, {"displayName": "Console"})
    emulator.clear()
    fault = emulator.fault("GET", "/channels", **UNTRUSTED[case])
    result = engine.refresh(check=case != "a gateway's page")
    assert emulator.fired(fault) >= 1
    if case == "a gateway's page":
        # Whoever waited for the list has no time left; nothing is concluded from that.
        assert "delete" not in result.changes.values()
    else:
        assert result.changes == {"c7": "update"}
        assert emulator.counts()[GET] == 10


def test_a_get_in_a_program_always_reads_the_object_itself(
    engine: Engine, emulator: Emulator
) -> None:
    engine.up(TEN)
    lines = [f'ChannelResource.get("g{n}", id="{engine.state[f"c{n}"].id}")\n' for n in range(4)]
    emulator.clear()
    engine.preview(program("".join(lines)), check=False)
    assert emulator.counts() == {GET: 4}


def test_finds_of_a_kind_share_one_list(engine: Engine, emulator: Emulator) -> None:
    ground(emulator)
    body = "".join(
        f'ClientApplicationResource.find("f{n}", role="egain_agent")\n' for n in range(5)
    )
    engine.up(program(body))
    assert emulator.counts() == {"GET /clientapplications": 1}


def test_what_was_made_after_the_list_is_found_all_the_same(
    engine: Engine, emulator: Emulator
) -> None:
    first = 'ClientApplicationResource.find("a", role="egain_agent")\n'
    second = 'ClientApplicationResource.find("b", name="late")\n'
    engine.up(program(first))
    emulator.add("clientapplications", {"name": "late", "active": True, "roles": []})
    engine.up(program(first + second))
    assert len(engine.state.managed()) == 2
    assert emulator.counts() == {"GET /clientapplications": 2}


def test_no_secret_and_no_icon_is_kept(engine: Engine, emulator: Emulator) -> None:
    """What the list shows of secrets changes nothing, whether as they are, masked or absent."""
    ground(emulator)
    objects = [_numbered(CLIENT_APPLICATION, n) for n in range(4)]
    engine.up(objects)
    for shown in ("plain", "masked", "absent"):
        emulator.settings(secrets_on_read=shown)
        emulator.clear()
        assert engine.refresh().changes == {}
        assert emulator.counts()["GET /clientapplications"] == 1


def _numbered(specimen: Any, number: int) -> Declared:
    unique = specimen.unique or "name"
    given = {**specimen.full, unique: f"{specimen.noun.lower()}-{number}"}
    if specimen.noun == "Account":
        given["address"] = f"55500{number}"
    return declared(specimen, given, name=f"{specimen.noun}-{number}")


def test_an_object_that_cannot_be_read_is_named_by_what_it_keeps_from_being_deleted(
    engine: Engine, emulator: Emulator
) -> None:
    """Somebody else's; in the list and in the answer to a GET of its own."""
    engine.up([channel()])
    id = engine.state["it"].id
    odd = {"name": "odd", "address": "1", "active": True, "channel": "x", "chatConfigurations": {}}
    account = emulator.add("accounts", odd)["id"]
    assert engine.destroy(check=False).messages == [
        f'channel "it" [{id}] not deleted: it cannot be told whether it is still used by account '
        f'"odd" ({account}): channel: eGain answered with a reference that is not an object. '
        "Correct or delete that in eGain, then run it again."
    ]
    emulator.edit("accounts", account, {"channel": {"id": id}})
    assert "still refers to it" in engine.destroy(check=False).messages[0]
    emulator.edit("accounts", account, {"channel": "x"})
    emulator.remove("accounts", account)
    engine.destroy()
