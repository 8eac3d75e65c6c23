"""If nothing can be tested: one line, exit code 2 and no message."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path

import pytest

from egain_pulumi import hub, smoke
from egain_pulumi.errors import EgainError
from egain_pulumi.resources import KINDS
from tests.hub.builders import SEALED, parts, state
from tests.smoke.world import World
from tests.support.emulator import Emulator
from tests.support.process import free_port

ORDERS = ("--account", "orders")
MOVED = {"EGAIN_TENANT_MOVED": "1"}
NOWHERE = f"http://127.0.0.1:{free_port()}"
MANAGE = "app.conversation.conversationmgr.interaction.manage"


@pytest.mark.cli
def test_the_state_of_another_tenant_is_refused(world: World, folder: Path) -> None:
    env = {"EGAIN_BASE_URL": "https://api.egain.cloud/x", "EGAIN_TOKEN_URL": "https://e.cloud/t"}
    code, out, err = world.smoke(*ORDERS, env=env)
    assert (code, out) == (2, "")
    assert "this stack's objects live in tenant 127.0.0.1:" in err
    assert world.emulator.counts(tokens=True) == {}


@pytest.mark.cli
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--account", "order"), 'no account is called "order"; did you mean orders?'),
        (("--script", "none.yaml"), "cannot read none.yaml"),
        (("--wait", "0"), "--wait: expects a number of seconds above 0"),
        (("--listen", "no"), "--listen: expects a port or host:port"),
        (("--callbacks-only", "--emulator"), "--callbacks-only allows only"),
        (("--junit", "no/where.xml", "--emulator", *ORDERS), "--junit: cannot write no/where.xml"),
    ],
)
def test_a_wrong_option_is_one_line(
    world: World, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = world.smoke(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.cli
def test_hops_are_read_on_this_machine_only(world: World, folder: Path) -> None:
    env = {"EGAIN_BASE_URL": "https://api.egain.cloud/x", **MOVED}
    code, _, err = world.smoke("--emulator", *ORDERS, env=env)
    assert code == 2
    assert "an emulator runs on this machine" in err
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    base = {"EGAIN_BASE_URL": f"http://127.0.0.1:{server.server_port}/x", **MOVED}
    code, _, err = world.smoke("--emulator", *ORDERS, env=base)
    thread.join()
    server.server_close()
    assert code == 2
    assert "/_emulator/ answered 501" in err


@pytest.mark.cli
@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"EGAIN_CLIENT_SECRET": "canary"}, "eGain gave no token to client local"),
        (
            {"EGAIN_TOKEN_URL": f"{NOWHERE}/token"},
            "host unknown. Nothing was sent",
        ),
        ({"EGAIN_BASE_URL": f"{NOWHERE}/x", **MOVED}, "connection refused"),
        (
            {"EGAIN_CLIENT_ID": "reader", "EGAIN_CLIENT_SECRET": "canary"},
            f'Client "reader" lacks scope {MANAGE}',
        ),
        ({"EGAIN_BASE_URL": ""}, "EGAIN_BASE_URL"),
    ],
    ids=["secret", "login", "address", "scope", "setting"],
)
def test_an_unreachable_egain_is_no_finding(
    world: World, folder: Path, env: dict[str, str], said: str
) -> None:
    world.emulator.client("reader", "canary", [MANAGE.replace("manage", "read")])
    patience = {"EGAIN_OPERATION_TIMEOUT_SECONDS": "0.2"}
    code, out, err = world.smoke("--junit", "j.xml", env={**env, **patience})
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert "canary" not in err
    assert not Path("j.xml").exists()


@pytest.mark.cli
def test_an_egain_that_fails_halfway_is_a_finding(world: World, folder: Path) -> None:
    # Two messages for the first account; its results must not be lost.
    world.emulator.fault(
        "POST", "/conversations/messages", action="status", status=403, match={"skip": 2}
    )
    report = world.report()
    assert report["code"] == 1
    assert [check["passed"] for check in report["checks"]] == [True, False]


@pytest.mark.cli
def test_a_missing_file_is_reported_before_the_first_message(world: World, folder: Path) -> None:
    Path("script.yaml").write_text("turns:\n  - say: Hello\n  - attach: none.pdf\n")
    code, _, err = world.smoke("--emulator", *ORDERS, "--script", "script.yaml")
    assert code == 2
    assert "turns[1].attach: there is no file none.pdf" in err
    assert world.emulator.counts(tokens=True) == {}


def test_an_account_with_a_secret_address_is_skipped(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    made = parts()
    made["orders"]["inputs"]["address"] = SEALED
    with pytest.raises(EgainError, match=r"^account \"orders\": its address or channel is not"):
        smoke.converse(hub.stack(state(made), KINDS))
    made["other"] = json.loads(json.dumps(parts()["orders"]).replace("orders", "other"))
    report = smoke.converse(hub.stack(state(made), KINDS), wait=0.1)
    assert [check.name for check in report.checks] == ["orders", "other"]
    assert "nothing was sent" in report.checks[0].steps[0].what
    assert emulator.counts() == {"POST /conversations/messages": 1}
