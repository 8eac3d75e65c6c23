"""Icons: a path and a hash in the state, bytes on the wire, and no exception for a program."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from egain_pulumi.schema import icon
from tests.specimens import ICON

PNG = base64.b64decode(ICON)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, which is where programs and plugins run."""
    folder = tmp_path / "project"
    (folder / "icons").mkdir(parents=True)
    (folder / "icons" / "chat.png").write_bytes(PNG)
    (tmp_path / "outside.png").write_bytes(PNG)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "path", ["icons/chat.png", "./icons/chat.png", "icons/../icons/chat.png", r"icons\chat.png"]
)
def test_a_file_is_a_path_with_forward_slashes_and_the_hash_of_its_bytes(path: str) -> None:
    digest = hashlib.sha256(PNG).hexdigest()
    assert icon.icon_file(path) == {"path": "icons/chat.png", "sha256": digest}


def test_an_absolute_path_into_the_project_is_made_relative(project: Path) -> None:
    assert icon.icon_file(project / "icons" / "chat.png")["path"] == "icons/chat.png"


def test_a_link_out_of_the_project_is_outside(project: Path) -> None:
    (project / "link.png").symlink_to(project.parent / "outside.png")
    problem = icon.icon_file("link.png")["problem"]
    assert problem == "link.png is outside the project; move it into the project"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (
            "../outside.png",
            "../outside.png is outside the project; move it into the project",
        ),
        ("/etc/hosts", "/etc/hosts is outside the project; move it into the project"),
        ("icons/none.png", "icons/none.png is not a file in the project"),
        ("icons", "icons is not a file in the project"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_problem_and_no_exception(path: str, problem: str) -> None:
    assert icon.icon_file(path) == {"path": path, "problem": problem}


@pytest.mark.parametrize(
    "path", ["", ICON * 40, "icons/\0.png", "icons/chat.png/x", "~/x", "x" * 300]
)
def test_whatever_is_no_path_is_a_problem_and_no_exception(path: str) -> None:
    """Base64 text in place of a path is an easy mistake, and too long for a file name."""
    assert set(icon.icon_file(path)) == {"path", "problem"}


def test_a_file_that_may_not_be_read_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert set(icon.icon_file("icons/chat.png")) == {"path", "problem"}


@pytest.mark.parametrize(
    ("size", "fine"), [(0, False), (1, True), (384_000, True), (384_001, False)]
)
def test_a_file_has_at_most_384000_bytes_and_is_not_empty(
    project: Path, size: int, fine: bool
) -> None:
    (project / "a.png").write_bytes(b"x" * size)
    assert ("sha256" in icon.icon_file("a.png")) is fine
    if fine:
        assert len(icon.load(icon.icon_file("a.png"))) <= 512_000


def test_the_problem_of_a_size_names_it(project: Path) -> None:
    (project / "a.png").write_bytes(b"x" * 384_001)
    problem = "a.png has 384,001 bytes; eGain accepts at most 384,000"
    assert icon.icon_file("a.png")["problem"] == problem
    (project / "a.png").write_bytes(b"")
    assert icon.icon_file("a.png")["problem"] == "a.png is empty"


def test_the_bytes_are_read_again_and_must_still_match(project: Path) -> None:
    declared = icon.icon_file("icons/chat.png")
    assert icon.load(declared) == ICON
    (project / "icons" / "chat.png").write_bytes(PNG + b"x")
    with pytest.raises(icon.IconError) as caught:
        icon.load(declared)
    assert str(caught.value) == "icons/chat.png has changed since preview; run pulumi up again"
    (project / "icons" / "chat.png").unlink()
    with pytest.raises(icon.IconError, match="is not a file in the project"):
        icon.load(declared)


EQUAL = {"path": "a.png", "sha256": hashlib.sha256(PNG).hexdigest()}


@pytest.mark.parametrize(
    "other", [ICON, ICON + "\n", f"  {ICON[:76]}\r\n{ICON[76:]}", EQUAL, {**EQUAL, "path": "b"}]
)
def test_icons_with_the_same_bytes_are_equal_in_every_form(other: Any) -> None:
    assert icon.digest(other) == icon.digest(ICON)


def test_text_that_does_not_decode_is_compared_as_text() -> None:
    texts = ["~", "~~", "data:image/png;base64," + ICON, ICON[:-1], "é"]
    assert len({icon.digest(text) for text in (*texts, ICON)}) == len(texts) + 1


@pytest.mark.parametrize("nothing", [None, 5, [], {}, {"path": "a"}])
def test_what_is_no_icon_has_no_hash(nothing: Any) -> None:
    assert icon.digest(nothing) is None


@pytest.mark.parametrize(
    ("content", "size"),
    [(PNG, (32, 32)), (PNG[:24], (32, 32)), (PNG[:23], None), (b"GIF89a", None), (b"", None)],
)
def test_the_size_of_a_png_is_read_from_its_header(
    content: bytes, size: tuple[int, int] | None
) -> None:
    assert icon.png_size(content) == size


@pytest.mark.parametrize(
    "given",
    [ICON, ICON[:20] + "\n" + ICON[20:], {"path": "icons/chat.png", "sha256": ""}],
)
def test_the_start_of_an_icon_tells_its_format(given: Any) -> None:
    start = icon.first_bytes(given)
    assert start is not None
    assert icon.png_size(start) == (32, 32)


@pytest.mark.parametrize(
    "given",
    ["~", None, 5, {}, {"path": "none.png", "sha256": ""}, {"path": "../x", "sha256": ""},
     {"path": "a\0b", "sha256": ""}, {"path": "a.png", "problem": "x"}],
)  # fmt: skip
def test_an_icon_that_cannot_be_seen_has_no_start(given: Any) -> None:
    assert icon.first_bytes(given) is None
