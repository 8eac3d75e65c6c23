"""Assets: checked before any call, streamed, and uploaded without our token."""

from __future__ import annotations

import hashlib
import io
import os
import traceback
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi.conversations import Asset, Conversations, EgainError, InDoubt, Refused, Ticket
from egain_pulumi.conversations.files import LARGEST, content_type
from egain_pulumi.errors import TransportError
from tests.conversations.conftest import contract, fits, patient
from tests.conversations.tenant import (
    ASSET,
    CONVERSATION,
    SECRET,
    SIGNATURE,
    Answer,
    Tenant,
    refusal,
)

UPLOAD = ("POST", "/upload")
BIRD = b"a bird" * 100
WHERE: dict[str, Any] = {"channel": "sms", "role": "customer"}


def stored(content: bytes) -> bytes:
    """What the storage notes of a file."""
    return f"{len(content)} {hashlib.sha256(content).hexdigest()}".encode()


def add(hub: Conversations, source: Any = BIRD, **more: Any) -> Asset:
    """An asset, if nothing else is said a picture of a bird."""
    return hub.assets.add(source, **{"name": "bird.jpg", **WHERE, **more})


def test_a_file_is_announced_uploaded_and_read(hub: Conversations, tenant: Tenant) -> None:
    asset = add(hub)
    [announced] = tenant.seen("POST", "/assets")
    fits("AssetInput", announced.json)
    assert announced.json == {
        "channel": {"type": "sms"},
        "sender": {"type": "customer"},
        "name": "bird.jpg",
        "size": len(BIRD),
    }
    [upload] = tenant.storage.calls
    assert (upload.method, upload.path) == UPLOAD
    assert upload.body == stored(BIRD)
    assert upload.headers["Content-Type"] == "image/jpeg"
    assert upload.headers["Content-Length"] == str(len(BIRD))
    assert [c.path for c in tenant.calls] == ["/token", "/assets", f"/assets/{ASSET}"]
    assert (asset.id, asset.size, asset.content_type) == (ASSET, 17245, "image/jpeg")
    assert asset.expires is not None
    hub.customer(to=CONVERSATION).text("Look", attachments=[asset.attachment])
    [body] = tenant.sent()
    fits("SendMessageRequest", body)
    [attached] = body["messages"]["message"][0]["attachments"]["attachment"]
    assert attached["id"] == ASSET
    assert attached["url"] == tenant.upload_url


def test_neither_token_nor_cookie_reaches_the_storage(hub: Conversations, tenant: Tenant) -> None:
    cookie = Answer(200, tenant.ticket(), {"Set-Cookie": "egain=1"})
    for _ in range(2):
        tenant.instead("POST", "/assets", cookie)
        add(hub)
    for upload in tenant.storage.calls:
        assert "Authorization" not in upload.headers
        assert "egain" not in upload.headers.get("Cookie", "")
    assert not any("storage" in call.headers.get("Cookie", "") for call in tenant.calls)
    assert all("Authorization" in c.headers for c in tenant.calls if c.path != "/token")


def test_the_largest_file_goes_through_in_pieces(
    hub: Conversations, tenant: Tenant, tmp_path: Path
) -> None:
    file = tmp_path / "film.mp4"
    with file.open("wb") as out:
        out.truncate(LARGEST - 6)
        out.seek(0, io.SEEK_END)
        out.write(b"theend")
    digest = hashlib.sha256(bytes(LARGEST - 6) + b"theend").hexdigest()
    add(hub)  # creates caches before the measurement
    tracemalloc.start()
    try:
        hub.assets.add(file, **WHERE)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000
    assert tenant.storage.calls[-1].body == f"{LARGEST} {digest}".encode()
    assert tenant.storage.calls[-1].headers["Content-Type"] == "video/mp4"


def test_an_open_file_is_sent_from_where_it_stands(hub: Conversations, tenant: Tenant) -> None:
    source = io.BytesIO(b"skipped" + BIRD)
    source.seek(7)
    add(hub, source)
    assert tenant.storage.calls[-1].body == stored(BIRD)


def add_from_a_pipe(hub: Conversations) -> None:
    """One cannot rewind it."""
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        add(hub, pipe)


REFUSED: dict[str, tuple[Callable[[Conversations, Path], Any], str]] = {
    "empty": (lambda hub, _: add(hub, b""), "size: is 0 bytes; eGain takes 1 to 10,485,760."),
    "too large": (
        lambda hub, _: add(hub, bytes(LARGEST + 1)),
        "size: is 10,485,761 bytes; eGain takes 1 to 10,485,760.",
    ),
    "no name": (lambda hub, _: add(hub, name=None), "name: expects the file's name with its"),
    "long name": (lambda hub, _: add(hub, name="x" * 252 + ".jpg"), "name: expects 1 to 255"),
    "no type": (
        lambda hub, _: add(hub, name="bird"),
        "content_type: bird has no known type; pass one, such as application/pdf.",
    ),
    "no type of a packed file": (
        lambda hub, _: add(hub, name="a.tar.gz"),
        "content_type: a.tar.gz",
    ),
    "type is none": (
        lambda hub, _: add(hub, content_type="jpeg"),
        "content_type: expects a type and a subtype",
    ),
    "header in a type": (
        lambda hub, _: add(hub, content_type="image/jpeg\r\nX-A: b"),
        "content_type: expects a type and a subtype",
    ),
    "another type": (
        lambda hub, _: add(hub, content_type="text/plain"),
        "content_type: is text/plain, but by its extension bird.jpg is image/jpeg, and eGain sees "
        "only the name; change one of them.",
    ),
    "role": (lambda hub, _: add(hub, role="robot"), "role: expects one of customer, egain_agent,"),
    "channel": (lambda hub, _: add(hub, channel=""), "channel: expects the type of the channel"),
    "no file": (lambda hub, tmp: add(hub, tmp / "no.jpg"), "source: cannot open "),
    "a folder": (lambda hub, tmp: add(hub, tmp), "source: cannot open "),
    "text": (
        lambda hub, _: add(hub, io.StringIO("a")),
        'source: is open as text; open it with "rb"',
    ),
    "one way": (
        lambda hub, _: add_from_a_pipe(hub),
        "source: expects a path, bytes, or a seekable file",
    ),
    "ticket": (
        lambda hub, _: hub.assets.upload(Ticket("i", "a.txt", 3, "https://x.test/"), b"four"),
        "source: has 4 bytes, but 3 were announced for a.txt; announce it again.",
    ),
    "id": (lambda hub, _: hub.assets.get(""), "id: expects an id from eGain"),
}


@pytest.mark.parametrize(("do", "words"), REFUSED.values(), ids=REFUSED)
def test_an_invalid_asset_is_refused_before_any_call(
    do: Callable[[Conversations, Path], Any],
    words: str,
    hub: Conversations,
    tenant: Tenant,
    tmp_path: Path,
) -> None:
    with pytest.raises(EgainError) as caught:
        do(hub, tmp_path)
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    assert tenant.calls == tenant.storage.calls == []


def test_the_limits_are_the_contracts() -> None:
    known = contract()["components"]["schemas"]["AssetInput"]["properties"]
    assert known["size"]["maximum"] == LARGEST
    assert known["name"]["maxLength"] == 255


TYPES = [
    ("bird.jpg", None, "image/jpeg"),
    ("BIRD.JPG", None, "image/jpeg"),
    ("bill.pdf", None, "application/pdf"),
    ("a:b.png", None, "image/png"),
    ("bird.jpg", "application/octet-stream", "application/octet-stream"),
    ("orders.xml", "application/xml", "application/xml"),
    ("note.txt", "text/plain; charset=utf-8", "text/plain; charset=utf-8"),
    ("call.wav", "audio/wav", "audio/wav"),
    ("bird.heif2", "image/heif2", "image/heif2"),
    ("orders.tar.gz", "application/gzip", "application/gzip"),
]


@pytest.mark.parametrize(("name", "given", "found"), TYPES)
def test_the_type_is_that_of_the_name_or_the_given_one(
    name: str, given: str | None, found: str
) -> None:
    assert content_type(name, given) == found


class Growing(io.BytesIO):
    """A file that somebody writes to, or cuts short, while it is read."""

    def __init__(self, change: Callable[[Growing], None]) -> None:
        super().__init__(bytes(300_000))
        self._change, self._reads = change, 0

    def read(self, size: int | None = -1) -> bytes:
        """The second piece comes after the change."""
        self._reads += 1
        if self._reads == 2:
            self._change(self)
        return super().read(size)


def grow(file: Growing) -> None:
    """One byte more."""
    here = file.tell()
    file.seek(0, io.SEEK_END)
    file.write(b"x")
    file.seek(here)


def shrink(file: Growing) -> None:
    """Most of it gone."""
    file.truncate(70_000)


def fail(file: Growing) -> None:
    """A disk that gives up."""
    raise OSError(5, "Input/output error")


CHANGES = {
    "grown": (grow, "the size of bird.jpg changed during the upload; send it again."),
    "shrunk": (shrink, "the size of bird.jpg changed during the upload; send it again."),
    "broken": (fail, "bird.jpg cannot be read: Input/output error."),
}


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_a_file_that_changes_during_the_upload_fails(
    change: Callable[[Growing], None], words: str, hub: Conversations, tenant: Tenant
) -> None:
    with pytest.raises(EgainError) as caught:
        add(hub, Growing(change))
    assert str(caught.value) == f'cannot upload asset {ASSET} ("bird.jpg"): {words}'
    assert not isinstance(caught.value, InDoubt)


LOST = {
    "closed": Answer(close=True),
    "slow": Answer(201, hang=30),
    "503": Answer(503, None, {"Retry-After": "0"}),
    "500": Answer(500),
}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
def test_an_upload_whose_answer_is_lost_is_not_repeated(
    answer: Answer, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EGAIN_OPERATION_TIMEOUT_SECONDS", "0.6")
    tenant.storage.instead(*UPLOAD, answer)
    with pytest.raises(InDoubt) as caught:
        add(patient())
    assert str(caught.value).startswith(f'cannot tell what became of asset {ASSET} ("bird.jpg"): ')
    assert str(caught.value).endswith(
        "It was not sent again. No message uses it. Create a new one."
    )
    assert SIGNATURE not in str(caught.value)
    assert len(tenant.storage.calls) == 1


def test_an_upload_that_was_not_taken_is_repeated_whole(hub: Conversations, tenant: Tenant) -> None:
    tenant.storage.instead(*UPLOAD, refusal("429-001"), refusal("429-001"))
    add(hub)
    assert [call.body for call in tenant.storage.calls] == [stored(BIRD)] * 3


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_a_refused_upload_tells_the_reason_and_not_the_address(
    status: int, hub: Conversations, tenant: Tenant
) -> None:
    words = f"bad signature {SIGNATURE} in {tenant.upload_url} by {SECRET}"
    tenant.storage.instead(*UPLOAD, refusal(f"{status}-900", words))
    with pytest.raises(Refused) as caught:
        add(hub)
    text = str(caught.value)
    start = f'eGain refused to upload asset {ASSET} ("bird.jpg") ({status}-900): bad signature'
    assert text.startswith(start)
    assert text.endswith(
        "The upload address may have expired, or the file's type does not match its name. "
        "Create a new asset."
    )
    shown = "".join(traceback.format_exception(caught.value))
    assert SIGNATURE not in shown
    assert SECRET not in shown
    assert len(tenant.storage.calls) == 1


BAD_ADDRESSES = [
    "http://storage.example.com/upload?signature=s",
    "ftp://127.0.0.1/upload",
    "//127.0.0.1/upload",
    "/upload",
    "https://:443/",
    "http://127.0.0.1:99999/",
    "",
]


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_an_address_without_tls_is_not_used(url: str, hub: Conversations, tenant: Tenant) -> None:
    tenant.instead("POST", "/assets", Answer(200, {**tenant.ticket(), "contentUrl": url}))
    with pytest.raises(EgainError, match=r'asset "bird.jpg": .*(address is not https|contentUrl)'):
        add(hub)
    assert tenant.storage.calls == []


def test_a_real_tenant_may_not_send_us_to_this_machine(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EGAIN_BASE_URL", "https://api.example.com/v3")
    ticket = Ticket(ASSET, "bird.jpg", len(BIRD), tenant.upload_url)
    with pytest.raises(EgainError, match="address is not https"):
        patient().assets.upload(ticket, BIRD)
    assert tenant.storage.calls == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(close=True),
        refusal("500-100"),
        Answer(200, {"id": ASSET}),
        Answer(200, {"contentUrl": "https://x.test/"}),
    ],
    ids=["closed", "500", "no address", "no id"],
)
def test_an_announcement_whose_answer_is_lost_is_made_once(
    answer: Answer, hub: Conversations, tenant: Tenant
) -> None:
    tenant.instead("POST", "/assets", answer)
    with pytest.raises(InDoubt, match=r"No message uses it\. Create a new one"):
        add(hub)
    assert len(tenant.seen("POST", "/assets")) == 1
    assert tenant.storage.calls == []


def test_a_delete_is_done_when_the_asset_is_gone(hub: Conversations, tenant: Tenant) -> None:
    path = f"/assets/{ASSET}"
    hub.assets.delete(ASSET)
    tenant.instead("DELETE", path, Answer(502))
    hub.assets.delete(ASSET)
    tenant.instead("DELETE", path, refusal("404-101"))
    tenant.instead("GET", path, refusal("404-101"))
    hub.assets.delete(ASSET)
    assert len(tenant.seen("DELETE", path)) == 4


@pytest.mark.parametrize("code", ["404-101", "403-105", "400-152"])
def test_an_asset_that_is_still_there_was_not_deleted(
    code: str, hub: Conversations, tenant: Tenant
) -> None:
    tenant.instead("DELETE", f"/assets/{ASSET}", refusal(code, "In use."))
    with pytest.raises(Refused, match=rf"refused to delete asset {ASSET} \({code}\): In use "):
        hub.assets.delete(ASSET)


def test_a_gateway_page_is_no_word_about_an_asset(hub: Conversations, tenant: Tenant) -> None:
    page = Answer(404, b"<p>Not here", {"Content-Type": "text/html"})
    tenant.instead("DELETE", f"/assets/{ASSET}", page)
    with pytest.raises(Refused) as caught:
        hub.assets.delete(ASSET)
    assert not caught.value.gone
    tenant.instead("GET", f"/assets/{ASSET}", Answer(200, {"id": "another"}))
    with pytest.raises(TransportError, match=f"cannot read asset {ASSET}: eGain answered with an"):
        hub.assets.get(ASSET)


def test_no_repr_has_a_signed_address(hub: Conversations) -> None:
    asset = add(hub)
    ticket = hub.assets.announce("bird.jpg", 3, **WHERE)
    assert SIGNATURE in str(ticket.content_url)
    assert SIGNATURE not in repr((asset, ticket, asset.attachment))
