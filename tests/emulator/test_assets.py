"""Assets: announce, upload, attach, download, delete."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from .hub import CHANNEL, Hub
from .test_messages import code

JPEG = {"Content-Type": "image/jpeg"}


def announce(hub: Hub, name: str = "bird.jpg", size: int = 3, sender: str = "customer") -> Any:
    wish = {"channel": {"type": CHANNEL}, "sender": {"type": sender}, "name": name, "size": size}
    return hub.emulator.api("POST", "/assets", json=wish)


def upload(hub: Hub, url: str, data: bytes = b"abc", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return hub.emulator.session.post(url, data, headers={**JPEG, **named}, timeout=10)


def uploaded(hub: Hub, data: bytes = b"abc") -> str:
    ticket = announce(hub, size=len(data)).json()
    assert upload(hub, ticket["contentUrl"], data).status_code == 201
    return str(ticket["id"])


def asset(hub: Hub, key: str) -> Any:
    return hub.emulator.api("GET", f"/assets/{key}")


def test_from_announcing_to_deleting(hub: Hub) -> None:
    ticket = announce(hub).json()
    assert asset(hub, ticket["id"]).status_code == 404
    assert upload(hub, ticket["contentUrl"]).status_code == 201
    page = asset(hub, ticket["id"]).json()
    assert (page["name"], page["size"], page["contentType"]) == ("bird.jpg", 3, "image/jpeg")
    answer = hub.emulator.session.get(page["contentUrl"], timeout=5)
    assert (answer.status_code, answer.content) == (200, b"abc")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert hub.emulator.api("DELETE", f"/assets/{ticket['id']}").status_code == 204
    assert hub.emulator.session.get(page["contentUrl"], timeout=5).status_code == 403
    assert hub.emulator.api("DELETE", f"/assets/{ticket['id']}").status_code == 404


def test_the_largest_asset_passes(hub: Hub) -> None:
    data = b"x" * 10_485_760
    page = asset(hub, uploaded(hub, data)).json()
    assert hub.emulator.session.get(page["contentUrl"], timeout=10).content == data
    assert code(announce(hub, size=10_485_761)) == ("400-152", "size")


@pytest.mark.parametrize(
    ("data", "headers", "key"),
    [
        (b"ab", {}, "size"),
        (b"abcd", {}, "size"),
        (b"abc", {"Content_Type": "image/png"}, "Content-Type"),
        (b"abc", {"Content_Type": "application/octet-stream"}, "Content-Type"),
    ],
)
def test_an_upload_that_is_not_what_was_announced(
    hub: Hub, data: bytes, headers: dict[str, str], key: str
) -> None:
    ticket = announce(hub).json()
    answer = upload(hub, ticket["contentUrl"], data, **headers)
    assert (answer.status_code, code(answer)) == (400, ("400-152", key))
    assert asset(hub, ticket["id"]).status_code == 404
    assert upload(hub, ticket["contentUrl"]).status_code == 201


def test_a_name_that_says_nothing_is_a_stream_of_bytes(hub: Hub) -> None:
    ticket = announce(hub, name="README").json()
    answer = upload(hub, ticket["contentUrl"], Content_Type="application/octet-stream")
    assert answer.status_code == 201


def test_a_signed_address_works_once_for_a_while_for_its_purpose(hub: Hub) -> None:
    ticket = announce(hub).json()
    url = ticket["contentUrl"]
    wrong = [url[:-1] + "!", url.partition("?")[0], url.replace("/upload", "/download")]
    for other in wrong:
        method = "GET" if "download" in other else "POST"
        answer = hub.emulator.session.request(method, other, data=b"abc", headers=JPEG, timeout=5)
        assert (answer.status_code, answer.json()["code"]) == (403, "403-908")
    hub.emulator.control("POST", "/clock", {"advance": 901})
    assert upload(hub, url).status_code == 403
    url = announce(hub).json()["contentUrl"]
    assert upload(hub, url).status_code == 201
    assert upload(hub, url).status_code == 403


def test_a_token_has_no_business_at_a_signed_address(hub: Hub) -> None:
    ticket = announce(hub).json()
    answer = upload(hub, ticket["contentUrl"], Authorization="Bearer x")
    assert answer.status_code == 400
    assert "must not be sent" in answer.json()["developerMessage"]


def test_a_signed_address_takes_one_method(hub: Hub) -> None:
    url = announce(hub).json()["contentUrl"]
    answer = hub.emulator.session.put(url, b"abc", headers=JPEG, timeout=5)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("break_it", "key"),
    [
        (lambda h: h.edit("chat", {"type": "other"}), "channel.type"),
        (lambda h: h.edit("chat", {"active": False}), "channel.type"),
        (lambda h: h.restrict("inbound", attachmentPolicy={"enabled": False}), "name"),
        (lambda h: h.restrict("inbound", attachmentPolicy={"maxSize": 2}), "size"),
        (
            lambda h: h.restrict(
                "inbound", attachmentPolicy={"type": "block", "extensions": ["jpg"]}
            ),
            "name",
        ),
    ],
)
def test_announcing_needs_a_channel_that_takes_the_file(hub: Hub, break_it: Any, key: str) -> None:
    break_it(hub)
    assert code(announce(hub)) == ("400-152", key)


def test_each_sender_has_its_direction(hub: Hub) -> None:
    hub.restrict("outbound", attachmentPolicy={"enabled": False})
    assert announce(hub).status_code == 200
    assert announce(hub, sender="custom_bot").status_code == 400


def test_an_attached_asset_is_delivered_with_a_signed_address_and_stays(hub: Hub) -> None:
    key = uploaded(hub)
    hub.do("text", "customer", attachments={"attachment": [{"id": key, "name": "x.exe"}]})
    [attachment] = hub.at_bot()[0]["attachments"]["attachment"]
    assert (attachment["id"], attachment["name"], attachment["size"]) == (key, "bird.jpg", 3)
    assert hub.emulator.session.get(attachment["url"], timeout=5).content == b"abc"
    answer = hub.emulator.api("DELETE", f"/assets/{key}")
    assert (answer.status_code, answer.json()["code"]) == (403, "403-903")


def test_an_asset_attached_by_its_signed_address_stays_too(hub: Hub) -> None:
    key = uploaded(hub)
    url = asset(hub, key).json()["contentUrl"]
    conversation = hub.do("text", "customer", attachments={"attachment": [{"url": url}]})
    assert hub.emulator.api("DELETE", f"/assets/{key}").status_code == 403
    assert "signature" not in str(hub.page(conversation))


def test_what_is_known_of_an_asset_counts_more_than_what_a_message_says(hub: Hub) -> None:
    key = uploaded(hub)
    hub.restrict("inbound", attachmentPolicy={"type": "block", "extensions": ["jpg"]})
    named = {"id": key, "name": "a.txt", "size": 1}
    conversation = hub.do("text", "customer", attachments={"attachment": [named]})
    assert hub.end_of(conversation)[1] == "extension_not_allowed"


def test_an_asset_that_was_never_uploaded_cannot_be_attached(hub: Hub) -> None:
    key = announce(hub).json()["id"]
    answer = hub.send("text", "customer", attachments={"attachment": [{"id": key}]})
    assert code(answer) == ("400-152", "attachments.attachment[0].id")
    assert hub.emulator.api("DELETE", f"/assets/{key}").status_code == 204


def test_an_id_that_cannot_be_is_not_found(hub: Hub) -> None:
    for key in ("x" * 300, str(uuid.uuid4())):
        assert hub.emulator.api("DELETE", f"/assets/{key}").status_code == 404
    assert asset(hub, "x" * 300).status_code == 400
