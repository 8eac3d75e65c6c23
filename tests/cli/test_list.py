"""`egain-pulumi list`: what it shows of a tenant, what it never shows, and its errors."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi.cli.exits import MEANING
from egain_pulumi.resources import KINDS
from egain_pulumi.schema.kinds import references
from egain_pulumi.schema.tree import Malformed, tree
from egain_pulumi.version import VERSION
from tests.cli.conftest import Answer, Call
from tests.support.emulator import Emulator
from tests.support.process import REPOSITORY, Child, base_env

READ = "app.conversation.conversationmgr.read"
OTHER = "app.conversation.conversationmgr.interaction.read"
MANAGE = "app.conversation.conversationmgr.manage"
SCRIPT = str(Path(sys.executable).with_name("egain-pulumi"))


@pytest.fixture
def cli(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, call: Call) -> Call:
    """Return a command line against the emulator: exit code, standard output, standard error."""
    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    return call


def hub(emulator: Emulator) -> dict[str, str]:
    """Add one object of each kind, with all possible secrets. Returns their ids."""
    auth = emulator.add(
        "authentications",
        {
            "name": "bot-auth",
            "type": "oauth2",
            "description": "canary",
            "oauth2": {
                "tokenRequestUrl": "https://bot.example.com/token?key=canary",
                "headers": [{"name": "X-Key", "value": "canary"}],
                "payload": "canary",
            },
        },
    )["id"]
    bot = emulator.add("clientapplications", application("bot", "custom_bot", auth))["id"]
    customers = emulator.add("clientapplications", application("customers", "customer"))["id"]
    greeter = emulator.add(
        "participants", {"name": "greeter", "type": "custom_bot", "application": {"id": bot}}
    )["id"]
    chat = emulator.add("channels", {"type": "chat", "displayName": "canary", "icon": "AAAA"})["id"]
    flow = emulator.add(
        "orchestrations",
        {
            "name": "bot-first",
            "applications": {
                "botConfiguration": {
                    "bots": [
                        {
                            "id": bot,
                            "participant": {"id": greeter},
                            "onEscalation": {"agent": {"id": bot}},
                        }
                    ]
                },
                "customerConfiguration": {"customer": {"id": customers}},
            },
        },
    )["id"]
    orders = emulator.add(
        "accounts",
        {
            "name": "orders",
            "address": "canary",
            "active": False,
            "channel": {"id": chat},
            "chatConfigurations": {"orchestration": {"id": flow}, "entryPoint": {"id": "1001"}},
            "attributes": [{"name": "sid", "value": "canary"}],
        },
    )["id"]
    return {
        "authentication": auth,
        "bot": bot,
        "customers": customers,
        "participant": greeter,
        "channel": chat,
        "orchestration": flow,
        "account": orders,
    }


def application(name: str, role: str, auth: str | None = None) -> dict[str, Any]:
    """Return a client application with one role."""
    part: dict[str, Any] = {
        "name": role,
        "version": "v3",
        "callback": "https://bot.example.com/hook?key=canary",
        "notificationEmail": "canary@example.com",
        "headers": [{"name": "X-Role", "value": "canary"}],
    }
    return {"name": name, "roles": [part | ({"authentication": {"id": auth}} if auth else {})]}


def test_tables(cli: Call, emulator: Emulator) -> None:
    ids = hub(emulator)
    agents = next(
        o["id"] for o in emulator.objects("clientapplications") if o["name"] == "eGain Agents"
    )
    code, out, err = cli("list")
    assert (code, err) == (0, "")
    found = [" ".join(line.split()) for line in out.splitlines()]
    assert found == [
        "authentications: 1",
        "ID NAME ACTIVE REFERRED TO BY",
        f'{ids["authentication"]} bot-auth yes client application "bot"',
        "",
        "client applications: 3",
        "ID NAME ACTIVE ROLES REFERRED TO BY",
        f'{ids["bot"]} bot yes custom_bot participant "greeter", orchestration "bot-first"',
        f'{ids["customers"]} customers yes customer orchestration "bot-first"',
        f"{agents} eGain Agents yes egain_agent",
        "",
        "participants: 1",
        "ID NAME ACTIVE REFERRED TO BY",
        f'{ids["participant"]} greeter yes orchestration "bot-first"',
        "",
        "channels: 1",
        "ID TYPE ACTIVE REFERRED TO BY",
        f'{ids["channel"]} chat yes account "orders"',
        "",
        "orchestrations: 1",
        "ID NAME ACTIVE REFERRED TO BY",
        f'{ids["orchestration"]} bot-first yes account "orders"',
        "",
        "accounts: 1",
        "ID NAME ACTIVE REFERRED TO BY",
        f"{ids['account']} orders no",
    ]


def test_json_shape(cli: Call, emulator: Emulator) -> None:
    ids = hub(emulator)
    code, out, err = cli("list", "client-application", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    agents = found["kinds"][0]["objects"].pop()
    assert agents["roles"] == ["egain_agent"]
    assert found == {
        "base_url": emulator.base_url,
        "kinds": [
            {
                "kind": "client-application",
                "field": "name",
                "needs_scope": None,
                "objects": [
                    {
                        "id": ids["bot"],
                        "value": "bot",
                        "active": True,
                        "roles": ["custom_bot"],
                        "referred_to_by": [
                            {"kind": "participant", "id": ids["participant"], "value": "greeter"},
                            {
                                "kind": "orchestration",
                                "id": ids["orchestration"],
                                "value": "bot-first",
                            },
                        ],
                    },
                    {
                        "id": ids["customers"],
                        "value": "customers",
                        "active": True,
                        "roles": ["customer"],
                        "referred_to_by": [
                            {
                                "kind": "orchestration",
                                "id": ids["orchestration"],
                                "value": "bot-first",
                            }
                        ],
                    },
                ],
            }
        ],
    }
    everything = json.loads(cli("list", "--json")[1])["kinds"]
    assert [kind["kind"] for kind in everything] == [kind.name for kind in KINDS]
    account = everything[-1]["objects"][0]
    assert account == {
        "id": ids["account"],
        "value": "orders",
        "active": False,
        "referred_to_by": [],
    }


def test_secrets_and_other_fields_are_not_shown(cli: Call, emulator: Emulator) -> None:
    hub(emulator)
    for arguments in (("list",), ("list", "--json")):
        code, out, err = cli(*arguments)
        assert code == 0
        assert "bot-auth" in out
        assert "canary" not in out + err
        assert "local-secret" not in out + err


@pytest.mark.parametrize(
    "spelled",
    ["channel", "channels", "Channel", "CHANNELS", "ChannelResource"],
)
def test_a_kind_is_understood_however_it_is_spelled(cli: Call, spelled: str) -> None:
    assert cli("list", spelled) == (0, "channels: none\n", "")


@pytest.mark.parametrize(
    "spelled",
    ["client-application", "client_applications", "clientApplication", "client applications"],
)
def test_a_kind_of_two_words(cli: Call, spelled: str) -> None:
    code, out, _ = cli("list", spelled)
    assert code == 0
    assert out.startswith("client applications: 1\n")


def test_unknown_kinds(cli: Call, emulator: Emulator) -> None:
    names = "authentication, client-application, participant, channel, orchestration, account"
    for given, said in {
        "chanel": 'unknown kind "chanel"; did you mean channel?',
        "clientaplications": 'unknown kind "clientaplications"; did you mean client-application?',
        "bot\x1b[2J": f'unknown kind "bot\\x1b[2J"; known: {names}',
    }.items():
        assert cli("list", given) == (2, "", f"egain-pulumi: {said}\n")
    assert emulator.counts() == {}


def test_calls(cli: Call, emulator: Emulator) -> None:
    cli("list")
    assert (
        emulator.counts() == {f"GET /{kind.collection.path}": 1 for kind in KINDS}
        and emulator.counts(tokens=True).popitem()
    )
    emulator.clear()
    cli("list", "channel")
    assert emulator.counts() == {"GET /channels": 1, "GET /accounts": 1}
    emulator.clear()
    cli("list", "accounts")
    assert emulator.counts() == {"GET /accounts": 1}


HOSTILE = "\x1b]0;title\x07\x9b31mred[/bold][red]x :smile: \u202etxt\u200b\n\t\\end"


def test_hostile_names_are_text(cli: Call, emulator: Emulator) -> None:
    emulator.add("channels", {"type": HOSTILE, "displayName": "x", "icon": "AAAA"})
    code, out, err = cli("list", "channel")
    assert (code, err) == (0, "")
    assert "\\x1b]0;title\\x07\\x9b31mred[/bold][red]x :smile: \\u202etxt\\u200b\\n\\t\\end" in out
    assert all(c.isprintable() or c == "\n" for c in out)
    _, out, _ = cli("list", "channel", "--json")
    assert out.isascii()
    assert all(c.isprintable() or c == "\n" for c in out)
    assert json.loads(out)["kinds"][0]["objects"][0]["value"] == HOSTILE


def test_hostile_names_on_a_terminal(
    cli: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    monkeypatch.setenv("TERM", "xterm")
    emulator.add("channels", {"type": HOSTILE, "displayName": "x", "icon": "AAAA"})
    _, out, _ = cli("list", "channel")
    own = out.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert own != out, "headings are bold on a terminal"
    assert all(c.isprintable() or c == "\n" for c in own)


def test_nothing_is_cut_off(cli: Call, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    made = emulator.add("channels", {"type": "c" * 255, "displayName": "x", "icon": "AAAA"})
    _, out, _ = cli("list", "channel")
    assert f"{made['id']}  {'c' * 255}  yes" in out
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = cli("list", "channel")
    assert made["id"] in out
    assert out.count("c") - made["id"].count("c") - "channels".count("c") == 255
    plain = out.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert max(map(len, plain.splitlines())) <= 60


def test_without_the_manage_scope(cli: Call, emulator: Emulator, monkeypatch: Any) -> None:
    hub(emulator)
    emulator.client("reader", "reader-secret", [READ])
    monkeypatch.setenv("EGAIN_CLIENT_ID", "reader")
    monkeypatch.setenv("EGAIN_CLIENT_SECRET", "reader-secret")
    code, out, err = cli("list")
    assert (code, err) == (1, "")
    assert out.startswith(f"authentications: not readable without scope {MANAGE}\n\nclient app")
    assert "accounts: 1" in out
    code, out, err = cli("list", "--json")
    assert (code, err) == (1, "")
    kinds = json.loads(out)["kinds"]
    assert kinds[0]["needs_scope"] == MANAGE
    assert kinds[0]["objects"] is None
    assert [kind["needs_scope"] for kind in kinds[1:]] == [None] * 5
    said = f"cannot list authentications: not readable without scope {MANAGE}"
    assert cli("list", "authentications") == (2, "", f"egain-pulumi: {said}\n")
    assert cli("list", "channel")[0] == 0


def test_without_any_scope(cli: Call, emulator: Emulator, monkeypatch: Any) -> None:
    emulator.client("nobody", "nobody-secret", [OTHER])
    monkeypatch.setenv("EGAIN_CLIENT_ID", "nobody")
    monkeypatch.setenv("EGAIN_CLIENT_SECRET", "nobody-secret")
    code, out, err = cli("list")
    assert (code, out) == (2, "")
    assert "cannot list client applications (403-" in err
    assert f'client "nobody" lacks scope {READ}' in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("action", ["short_list", "duplicate_ids"])
def test_a_list_that_cannot_be_trusted(
    cli: Call, emulator: Emulator, action: str, monkeypatch: Any
) -> None:
    for name in ("a", "b"):
        emulator.add("channels", {"type": name, "displayName": "x", "icon": "AAAA"})
    emulator.fault("GET", "/channels", action=action, match={"times": None})
    monkeypatch.setenv("EGAIN_OPERATION_TIMEOUT_SECONDS", "0.3")
    code, out, err = cli("list")
    assert (code, out) == (2, "")
    assert err.startswith("egain-pulumi: cannot list channels: ")
    assert "cannot be trusted" in err
    assert err.count("\n") == 1


def test_an_answer_of_another_shape(cli: Call, emulator: Emulator) -> None:
    body = {"account": [{"id": "a-1", "name": "orders", "channel": "chat"}]}
    emulator.fault("GET", "/accounts", action="status", status=200, body=body)
    code, out, err = cli("list", "channel")
    assert (code, out) == (2, "")
    assert err.startswith("egain-pulumi: cannot list accounts: the list cannot be trusted: a-1: ")


def test_absent_and_null_attributes(cli: Call, emulator: Emulator) -> None:
    rows = [
        {"id": "1", "name": None, "active": None, "roles": None},
        {"id": "2", "roles": [{"name": "customer", "authentication": None}, {"name": None}]},
        {"id": "3", "name": "off", "active": False},
    ]
    body = {"clientApplication": rows}
    emulator.fault("GET", "/clientapplications", action="status", status=200, body=body)
    code, out, _ = cli("list", "client-application", "--json")
    found = json.loads(out)["kinds"][0]["objects"]
    assert code == 0
    assert [(o["id"], o["value"], o["active"], o["roles"]) for o in found] == [
        ("1", None, True, []),
        ("2", None, True, ["customer"]),
        ("3", "off", False, []),
    ]


def test_references_of_another_shape() -> None:
    model = tree(KINDS[1].model)
    assert list(references(model, {"roles": [{"authentication": {"id": "a"}}]})) == [
        ("AuthenticationResource", "a")
    ]
    assert list(references(model, {"roles": [{"authentication": {"id": None}}]})) == []
    for wrong in ("x", [1], [{"authentication": "a"}], [{"authentication": {"id": 1}}]):
        with pytest.raises(Malformed):
            list(references(model, {"roles": wrong}))


def test_missing_settings(cli: Call, emulator: Emulator, monkeypatch: Any) -> None:
    monkeypatch.delenv("EGAIN_CLIENT_ID")
    monkeypatch.delenv("EGAIN_TOKEN_URL")
    code, out, err = cli("list")
    assert (code, out) == (2, "")
    assert err.startswith(
        "egain-pulumi: not set in the environment: EGAIN_TOKEN_URL, EGAIN_CLIENT_ID;"
    )
    assert emulator.counts(tokens=True) == {}


def test_wrong_credentials_and_addresses(cli: Call, emulator: Emulator, monkeypatch: Any) -> None:
    monkeypatch.setenv("EGAIN_CLIENT_SECRET", "wrong-secret")
    code, out, err = cli("list")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "EGAIN_CLIENT_SECRET" in err
    assert "wrong-secret" not in err
    monkeypatch.setenv("EGAIN_BASE_URL", "http://egain.example.com")
    code, out, err = cli("list")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "EGAIN_BASE_URL" in err


def test_connection_refused(cli: Call, emulator: Emulator, monkeypatch: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("EGAIN_BASE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("EGAIN_OPERATION_TIMEOUT_SECONDS", "0.2")
    code, out, err = cli("list", "account")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("egain-pulumi: cannot list accounts: ")
    assert f"127.0.0.1:{port}" in err


def test_an_error_never_repeats_the_client_secret(cli: Call, emulator: Emulator) -> None:
    answer = {"code": "400-101", "developerMessage": "who sent local-secret \x1b[2J?"}
    emulator.fault("GET", "/channels", action="status", status=400, body=answer)
    code, out, err = cli("list", "channels")
    assert (code, out) == (2, "")
    assert err.startswith("egain-pulumi: cannot list channels: ")
    assert "local-secret" not in err
    assert "\x1b" not in err


def test_tracebacks_only_when_asked_for(cli: Call, monkeypatch: Any) -> None:
    assert cli("list", "x")[2].count("\n") == 1
    monkeypatch.setenv("EGAIN_DEBUG", "1")
    err = cli("list", "x")[2]
    assert err.startswith("Traceback")
    assert err.endswith('"; known: ' + ", ".join(k.name for k in KINDS) + "\n")


def test_a_bug_is_one_line_too(cli: Call, monkeypatch: Any) -> None:
    monkeypatch.setattr("egain_pulumi.cli.listing.list_objects", lambda *_: 1 / 0)
    code, out, err = cli("list")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "a bug in egain-pulumi (ZeroDivisionError: division by zero)" in err


def test_usage(cli: Call) -> None:
    assert cli("--version") == (0, f"{VERSION}\n", "")
    code, out, err = cli("list", "--jsn")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--jsn" in err
    assert cli("lst")[0] == 2
    assert cli("emulator")[0] == 2
    code, out, err = cli()
    assert (code, err) == (0, "")
    assert out == cli("--help")[1]
    for value, text in MEANING.items():
        assert f"  {value.value}  {text}\n" in out


def process(*arguments: str, env: dict[str, str] | None = None) -> Answer:
    """Run the installed script, as users do."""
    done = subprocess.run(
        arguments, env=base_env(env), cwd=REPOSITORY, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def test_the_script(emulator: Emulator) -> None:
    hub(emulator)
    code, out, err = process(SCRIPT, "list", "channels", env=emulator.env)
    assert (code, err) == (0, "")
    assert out.startswith("channels: 1\nID")
    ascii_only = {**emulator.env, "PYTHONIOENCODING": "ascii"}
    emulator.add("channels", {"type": "Gespräch", "displayName": "x", "icon": "AAAA"})
    code, out, err = process(SCRIPT, "list", "channels", env=ascii_only)
    assert (code, err) == (0, "")
    assert "Gespr\\xe4ch" in out


def test_a_closed_pipe(emulator: Emulator) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(
            [SCRIPT, "list"], env=base_env(emulator.env), stdout=pipe, stderr=subprocess.PIPE
        )
    assert done.stderr == b""
    assert done.returncode != 0


MISSING = "import sys; sys.modules[{!r}] = None; from egain_pulumi.cli import main; main()"


@pytest.mark.parametrize("library", ["typer", "rich"])
def test_without_the_extra_cli(library: str) -> None:
    code, out, err = process(sys.executable, "-c", MISSING.format(library), "list")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"egain-pulumi: {library}")
    assert 'pip install "egain-pulumi[cli,emulator]"' in err


@pytest.mark.parametrize("library", ["starlette", "uvicorn", "jsonschema_rs", "jsonpath"])
def test_without_the_extra_emulator(library: str) -> None:
    line = ("emulator", "--db", ":memory:", "--port", "0")
    code, out, err = process(sys.executable, "-c", MISSING.format(library), *line)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"egain-pulumi: the emulator needs {library}")
    assert 'pip install "egain-pulumi[cli,emulator]"' in err


def test_emulator(tmp_path: Path) -> None:
    line = [SCRIPT, "emulator", "--port", "0", "--db", str(tmp_path / "a b.db"), "--strict"]
    child = Child(line, cwd=tmp_path, env=base_env())
    url = child.next_line(20)
    assert url.startswith("http://127.0.0.1:")
    port = url.rpartition(":")[2]
    code, out, err = process(SCRIPT, "emulator", "--port", port, "--db", ":memory:")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"port {port} is in use" in err
    assert child.end() == 0
