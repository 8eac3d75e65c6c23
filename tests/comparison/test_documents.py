"""An export: the same tenant gives the same bytes, without ids, times or secrets."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from egain_pulumi import comparison
from egain_pulumi.resources import KINDS
from tests.comparison.builders import KEY, Rows, ident, lines, rows, tenant
from tests.hub.builders import SEALED, parts, state
from tests.support.process import REPOSITORY

SCHEMA = json.loads((REPOSITORY / "docs" / "export.schema.json").read_text("utf-8"))


def shuffle(found: Rows) -> None:
    for each in found.values():
        random.Random(7).shuffle(each)


def as_text(found: Rows) -> None:
    found["account"][0]["chatConfigurations"]["timeout"] = "30"
    found["client-application"][0]["active"] = "true"


def as_null(found: Rows) -> None:
    for each in found.values():
        for row in each:
            row.setdefault("description", None)
            row.setdefault("active", None)


def escaped(found: Rows) -> None:
    found["channel"][0]["displayName"] = " Chat\r\n"
    found["channel"][0]["icon"] = "AA\nAA"


def empty(found: Rows) -> None:
    found["channel"][0]["restrictions"] = {"inbound": {"features": []}}
    found["participant"][0]["options"] = []


@pytest.mark.parametrize("look", [shuffle, as_text, as_null, escaped, empty])
def test_the_same_tenant_exports_the_same_bytes(look: Callable[[Rows], Any]) -> None:
    assert comparison.serialize(tenant(look)) == comparison.serialize(tenant())


def test_neither_ids_nor_times_are_exported() -> None:
    text = comparison.serialize(tenant(prefix="x"))
    assert text == comparison.serialize(tenant())
    assert "2026-" not in text
    assert "----" not in text


def test_an_export_matches_its_schema_and_is_read_back() -> None:
    for document in (tenant(), tenant(key=None), comparison.of_stack(state(parts()), KINDS)):
        text = comparison.serialize(document)
        jsonschema.validate(json.loads(text), SCHEMA)
        assert comparison.parse(text, KINDS) == document
        assert text.isascii()


def values(document: comparison.Document, name: str) -> Any:
    return next(each.values for each in document.entries if each.name == name)


def test_references_are_names_and_what_egain_owns_is_marked() -> None:
    found = tenant()
    assert values(found, "orders")["channel"] == {"kind": "channel", "name": "chat"}
    chat = values(found, "orders")["chat_configurations"]
    assert chat["orchestration"] == {"kind": "orchestration", "name": "flow", "number": 2}
    assert [each.name for each in found.entries if each.egain] == ["agents"]


def test_a_reference_to_nothing_says_why() -> None:
    def dangle(found: Rows) -> None:
        found["account"][0]["channel"] = {"id": ident("gone")}

    role = values(tenant(unread="authentication"), "bot")["roles"]["custom_bot"]
    assert role["authentication"]["why"] == "not read"
    assert values(tenant(dangle), "orders")["channel"]["why"] == "gone"


def masked(found: Rows) -> None:
    found["authentication"][0]["basicAuth"]["password"] = "********"
    found["client-application"][0]["roles"][0]["headers"][0]["value"] = "********"


def hidden(found: Rows) -> None:
    del found["authentication"][0]["basicAuth"]["password"]
    del found["client-application"][0]["roles"][0]["headers"]


@pytest.mark.parametrize(
    ("edit", "key", "password"),
    [
        (lambda found: None, KEY, "hmac-sha256:"),
        (lambda found: None, None, "set"),
        (masked, KEY, "set"),
        (hidden, KEY, "not shown"),
    ],
)
def test_secrets(edit: Callable[[Rows], Any], key: bytes | None, password: str) -> None:
    document = tenant(edit, key=key)
    assert values(document, "auth")["basic_auth"]["password"]["secret"].startswith(password)
    text = comparison.serialize(document)
    assert "s3cret" not in text
    assert re.search(r"hmac-sha256:[0-9a-f]{64}", text) is not None or password != "hmac-sha256:"


def test_what_an_address_may_hide_is_a_secret() -> None:
    def query(found: Rows) -> None:
        found["client-application"][0]["roles"][0]["callback"] += "?key=s3cret"

    callback = values(tenant(query, key=None), "bot")["roles"]["custom_bot"]["callback"]
    assert callback == {"address": "https://bot.example.com/hook?…", "secret": "set"}
    assert "s3cret" not in comparison.serialize(tenant(query))


def test_a_stack_exports_what_its_program_declares() -> None:
    resources = parts()
    resources["auth"]["inputs"]["basic_auth"] = {
        "username": "egain",
        "password": {**SEALED, "plaintext": json.dumps("s3cret-two")},
    }
    document = comparison.of_stack(state(resources), KINDS, KEY)
    assert values(document, "auth")["basic_auth"] == values(tenant(), "auth")["basic_auth"]
    assert values(document, "eGain Agents") is None, "of a found object only its name is known"
    assert "extra" not in comparison.serialize(document)


def test_objects_in_a_second_tenant_are_left_out_and_counted() -> None:
    resources = parts()
    provider = "urn:pulumi:prod::conversation-hub::pulumi:providers:pulumi-python::eu::p"
    resources["chat"]["provider"] = provider
    document = comparison.of_stack(state(resources), KINDS)
    assert "channel" not in [each.kind.name for each in document.entries]
    assert values(document, "orders")["channel"]["why"] == "elsewhere"
    found = lines(comparison.compare(document, document))
    assert found[0] == "not compared: 1 object of A in further tenants"


def test_encrypted_secrets_have_no_fingerprints() -> None:
    resources = parts()
    resources["auth"]["inputs"]["basic_auth"] = {"password": {**SEALED, "ciphertext": "v1:x"}}
    document = comparison.of_stack(state(resources), KINDS, KEY)
    assert document.fingerprint_key is None
    assert values(document, "auth")["basic_auth"]["password"] == {"secret": "set"}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda found: "{", "dev.json: not JSON, or cut off"),
        (lambda found: {**found, "format": "egain-pulumi export 9"}, "dev.json: neither an export"),
        (lambda found: {**found, "of": "moon"}, "dev.json: not as egain-pulumi export writes it"),
        (lambda found: {**found, "objects": [{"kind": "channel"}]}, "dev.json: an object is not"),
        (lambda found: {**found, "objects": found["objects"][:1] * 2}, "dev.json: has an object"),
        (
            lambda found: {**found, "objects": [{**found["objects"][0], "values": {"color": 1}}]},
            'dev.json: authentication "auth" has properties that this version does not know',
        ),
        (
            lambda found: {**found, "objects": [{**found["objects"][0], "values": {"oauth2": []}}]},
            'dev.json: authentication "auth" has properties that this version does not know',
        ),
    ],
)
def test_a_file_that_is_no_export(edit: Callable[[Any], Any], said: str) -> None:
    found = edit(json.loads(comparison.serialize(tenant())))
    text = found if isinstance(found, str) else json.dumps(found)
    with pytest.raises(comparison.NotAnExport) as raised:
        comparison.parse(text, KINDS, "dev.json")
    assert str(raised.value).startswith(said)


def test_the_rows_are_those_of_every_kind() -> None:
    assert rows().keys() == {kind.name for kind in KINDS}
