"""Create, read, list, replace, delete: as docs/vendor-api.md#calls has it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from .handle import Emulator
from .samples import BASIC, OAUTH2, application, chain, channel, named

LIST_KEYS = {
    "/authentications": "authentication",
    "/clientapplications": "clientApplication",
    "/participants": "participant",
    "/channels": "channel",
    "/orchestrations": "orchestration",
    "/accounts": "account",
}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_whole_life_of_all_six_kinds(emulator: Emulator) -> None:
    made = chain(emulator)
    for path, key, sent in made.values():
        stored = emulator.api("GET", f"{path}/{key}").json()
        assert stored.pop("id") == key
        assert STAMP.fullmatch(stored.pop("created"))
        modified = stored.pop("modified")
        assert stored == {"active": True, **sent}
        answer = emulator.api("PUT", f"{path}/{key}", json={**sent, "modified": modified})
        assert (answer.status_code, answer.content) == (204, b"")
        listed = emulator.api("GET", path).json()
        assert key in [row["id"] for row in listed[LIST_KEYS[path]]]
    for path, key, _ in reversed(list(made.values())):
        answer = emulator.api("DELETE", f"{path}/{key}")
        assert (answer.status_code, answer.content) == (204, b"")
        gone = emulator.api("GET", f"{path}/{key}")
        assert (gone.status_code, gone.json()["code"]) == (404, "404-101")
        assert emulator.api("DELETE", f"{path}/{key}").status_code == 404


def test_create_answers_with_the_id_only(emulator: Emulator) -> None:
    body = {**BASIC, "id": str(uuid.uuid4()), "created": "2001-01-01T00:00:00.000Z"}
    answer = emulator.api("POST", "/authentications", json=body)
    assert answer.status_code == 201
    assert list(answer.json()) == ["id"]
    stored = emulator.api("GET", "/authentications/" + answer.json()["id"]).json()
    assert answer.json()["id"] != body["id"]
    assert stored["created"] > "2002"


def test_put_replaces_the_whole_object_and_keeps_unknown_attributes(emulator: Emulator) -> None:
    key = emulator.create("/channels", {**channel(), "description": "old", "active": False})
    emulator.api("PUT", f"/channels/{key}", json={**channel(), "fromTheFuture": {"a": [1, None]}})
    stored = emulator.api("GET", f"/channels/{key}").json()
    assert "description" not in stored
    assert stored["active"] is True
    assert stored["fromTheFuture"] == {"a": [1, None]}


def test_modified_moves_with_each_change(emulator: Emulator) -> None:
    key = emulator.create("/authentications", BASIC)
    stamps = set()
    for _ in range(5):
        stored = emulator.api("GET", f"/authentications/{key}").json()
        stamps.add(stored["modified"])
        assert emulator.api("PUT", f"/authentications/{key}", json=stored).status_code == 204
    assert len(stamps) == 5


def test_a_stale_modified_is_refused(emulator: Emulator) -> None:
    key = emulator.create("/authentications", BASIC)
    read = emulator.api("GET", f"/authentications/{key}").json()
    assert emulator.api("PUT", f"/authentications/{key}", json=read).status_code == 204
    answer = emulator.api("PUT", f"/authentications/{key}", json=read)
    assert answer.status_code == 409
    assert answer.json()["details"][0]["key"] == "modified"
    for status in (400, 412):
        emulator.control("PATCH", "/settings", {"lock_status": status})
        answer = emulator.api("PUT", f"/authentications/{key}", json=read)
        assert (answer.status_code, answer.json()["code"][:3]) == (status, str(status))
    emulator.control("PATCH", "/settings", {"lock": False})
    assert emulator.api("PUT", f"/authentications/{key}", json=read).status_code == 204
    assert emulator.api("PUT", f"/authentications/{key}", json=BASIC).status_code == 204


def test_the_same_moment_written_otherwise_is_not_stale(emulator: Emulator) -> None:
    key = emulator.create("/authentications", BASIC)
    read = emulator.api("GET", f"/authentications/{key}").json()
    same = read["modified"].replace("Z", "+00:00")
    answer = emulator.api("PUT", f"/authentications/{key}", json={**read, "modified": same})
    assert answer.status_code == 204


@pytest.mark.parametrize("status", [409, 400])
def test_unique_values(emulator: Emulator, status: int) -> None:
    emulator.control("PATCH", "/settings", {"duplicate_status": status})
    bodies: list[tuple[str, dict[str, Any], str]] = [
        ("/authentications", BASIC, "name"),
        ("/clientapplications", application("bot", "custom_bot"), "name"),
        ("/channels", channel(), "type"),
    ]
    for path, body, field in bodies:
        emulator.create(path, body)
        answer = emulator.api("POST", path, json=body)
        assert answer.status_code == status
        assert answer.json()["details"][0]["key"] == field
    other = emulator.create("/authentications", named(BASIC, "other"))
    answer = emulator.api("PUT", f"/authentications/{other}", json=BASIC)
    assert answer.status_code == status


def test_names_are_free_again_after_rename_and_delete(emulator: Emulator) -> None:
    first = emulator.create("/authentications", BASIC)
    emulator.api("PUT", f"/authentications/{first}", json=named(BASIC, "renamed"))
    second = emulator.create("/authentications", BASIC)
    emulator.api("DELETE", f"/authentications/{second}")
    emulator.create("/authentications", BASIC)


def test_orchestration_names_are_not_unique(emulator: Emulator) -> None:
    agents = emulator.api("GET", "/clientapplications").json()["clientApplication"][0]["id"]
    body = {"name": "o", "applications": {"agentConfiguration": {"agents": [{"id": agents}]}}}
    assert emulator.create("/orchestrations", body) != emulator.create("/orchestrations", body)


def test_unknown_references_are_refused_by_path(emulator: Emulator) -> None:
    made = chain(emulator)
    answer = emulator.api(
        "POST", "/clientapplications", json=application("b2", "custom_bot", str(uuid.uuid4()))
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "400-152")
    assert answer.json()["details"][0]["key"] == "roles[0].authentication.id"
    # An id that exists, but of another kind, is as unknown.
    wrong = application("b3", "custom_bot", made["Channel"][1])
    assert emulator.api("POST", "/clientapplications", json=wrong).status_code == 400
    emulator.control("PATCH", "/settings", {"check_references": False})
    assert emulator.api("POST", "/clientapplications", json=wrong).status_code == 201


def test_what_is_referred_to_cannot_be_deleted(emulator: Emulator) -> None:
    made = chain(emulator)
    for kind in ("Authentication", "ClientApplication", "Participant", "Channel", "Orchestration"):
        path, key, _ = made[kind]
        answer = emulator.api("DELETE", f"{path}/{key}")
        assert answer.status_code == 400, kind
    users = {detail["key"]: detail["value"] for detail in answer.json()["details"]}
    assert users == {"Account": made["Account"][1]}
    emulator.control("PATCH", "/settings", {"delete_referenced_status": 403})
    assert emulator.api("DELETE", f"{path}/{key}").status_code == 403
    emulator.control("PATCH", "/settings", {"delete_referenced": "allow"})
    assert emulator.api("DELETE", f"{path}/{key}").status_code == 204


def test_a_reference_that_was_dropped_no_longer_protects(emulator: Emulator) -> None:
    auth = emulator.create("/authentications", BASIC)
    bot = emulator.create("/clientapplications", application("b", "customer", auth))
    assert emulator.api("DELETE", f"/authentications/{auth}").status_code == 400
    emulator.api("PUT", f"/clientapplications/{bot}", json=application("b", "customer"))
    assert emulator.api("DELETE", f"/authentications/{auth}").status_code == 204


def test_each_role_once_per_application(emulator: Emulator) -> None:
    body = application("bot", "custom_bot")
    body["roles"] *= 2
    answer = emulator.api("POST", "/clientapplications", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "400-152")
    assert answer.json()["details"] == [
        {"key": "roles[1].name", "value": "must be unique in its list"}
    ]


def test_the_agents_application_is_there_under_an_id_of_its_own(emulator: Emulator) -> None:
    def agents() -> tuple[str, list[str]]:
        [row] = emulator.api("GET", "/clientapplications").json()["clientApplication"]
        return row["id"], [role["name"] for role in row["roles"]]

    first, roles = agents()
    assert roles == ["egain_agent"]
    emulator.control("POST", "/reset")
    assert agents()[0] != first


def test_type_can_be_made_immutable(emulator: Emulator) -> None:
    emulator.control("PATCH", "/settings", {"type_immutable": True})
    key = emulator.create("/authentications", {**BASIC, "description": "old"})
    changed = named(OAUTH2, "new name")
    assert emulator.api("PUT", f"/authentications/{key}", json=changed).status_code == 204
    stored = emulator.api("GET", f"/authentications/{key}").json()
    assert (stored["type"], stored["name"]) == ("basic", "new name")
    assert stored["basicAuth"] == BASIC["basicAuth"]
    assert "description" not in stored


def test_secrets_on_read(emulator: Emulator) -> None:
    made = chain(emulator)
    secrets = ("canary-header", "canary-payload", "canary-role", "canary-attribute")

    def everything() -> str:
        return "".join(
            emulator.api("GET", address).text
            for path, key, _ in made.values()
            for address in (path, f"{path}/{key}")
        )

    assert all(everything().count(secret) == 2 for secret in secrets)
    emulator.control("PATCH", "/settings", {"secrets_on_read": "masked"})
    assert everything().count('"********"') == 8
    assert "canary" not in everything()
    emulator.control("PATCH", "/settings", {"secrets_on_read": "absent"})
    assert "canary" not in everything()
    path, key, _ = made["Authentication"]
    shown = emulator.api("GET", f"{path}/{key}").json()["oauth2"]
    assert "payload" not in shown
    assert shown["headers"] == [{"name": "X-Key"}]


def test_paging(emulator: Emulator) -> None:
    for number in range(30):
        emulator.create("/authentications", named(BASIC, f"n{number:02}"))
    first = emulator.api("GET", "/authentications").json()
    assert first["paginationInfo"] == {"count": 30, "pagenum": 1, "pagesize": 25}
    assert len(first["authentication"]) == 25
    second = emulator.api("GET", "/authentications?$pagenum=2&$pagesize=20").json()
    assert [row["name"] for row in second["authentication"]] == [f"n{n}" for n in range(20, 30)]
    assert emulator.api("GET", "/authentications?$pagenum=9").json()["authentication"] == []
    emulator.control("PATCH", "/settings", {"pagination_info": False})
    assert list(emulator.api("GET", "/authentications").json()) == ["authentication"]


def test_a_tenant_without_paging_parameters(emulator: Emulator) -> None:
    emulator.control("PATCH", "/settings", {"paging_parameters": False})
    assert emulator.api("GET", "/accounts").status_code == 200
    answer = emulator.api("GET", "/accounts?$pagenum=1")
    assert (answer.status_code, answer.json()["code"]) == (400, "400-101")
    assert "'$pagenum'" in answer.json()["developerMessage"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$pagenum=0", "400-105"),
        ("$pagesize=-1", "400-105"),
        ("$pagesize=76", "400-108"),
        ("$pagenum=x", "400-108"),
        ("$pagenum=", "400-108"),
        ("$pagenum=1&$pagenum=2", "400-108"),
        ("$pagenum=" + "9" * 5000, "400-108"),
        ("name=x", "400-101"),
    ],
)
def test_query_parameters(emulator: Emulator, query: str, code: str) -> None:
    answer = emulator.api("GET", f"/accounts?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
