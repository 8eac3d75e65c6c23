"""Icons: base64 text or, with `icon_file`, a path and a hash.

With a hash, a state holds 64 characters instead of half a million, and a preview shows which file
changed. Limits: contract, `ChannelInput.icon` (1 to 512,000 characters of base64).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

LONGEST_TEXT = 512_000
LARGEST_FILE = 384_000  # bytes; as base64 exactly LONGEST_TEXT characters
_PNG = b"\x89PNG\r\n\x1a\n"


class IconError(ValueError):
    """An icon that cannot be used. The text is part of a message to the user."""


def icon_file(path: str | Path) -> dict[str, str]:
    """Return an icon from a file of the project: `icon=icon_file("icons/chat.png")`.

    `path` is relative to the project's folder, the working directory of a Pulumi program. Returns
    what the state holds: `path` (with forward slashes) and `sha256` of the file's bytes. The file
    is read again when it is sent to eGain, and must still match.

    Never raises: a file that is missing, outside the project, empty or larger than 384,000 bytes
    is reported with all other mistakes of the program, as `icon: …`.
    """
    try:
        relative, content = _read(str(path))
    except IconError as problem:
        return {"path": str(path), "problem": str(problem)}
    return {"path": relative, "sha256": hashlib.sha256(content).hexdigest()}


def load(icon: Mapping[str, str]) -> str:
    """Return the base64 text of an `icon_file`. Raises IconError if the file has changed."""
    _, content = _read(icon["path"])
    if hashlib.sha256(content).hexdigest() != icon["sha256"]:
        raise IconError(f"{icon['path']} has changed since preview; run pulumi up again")
    return base64.b64encode(content).decode("ascii")


def digest(icon: Any) -> str | None:
    """Return the hash that icons compare by: of the decoded bytes, or of the text if not base64."""
    if isinstance(icon, Mapping):
        return icon.get("sha256")
    if not isinstance(icon, str):
        return None
    content = decode(icon)
    return hashlib.sha256(icon.encode() if content is None else content).hexdigest()


def decode(text: str) -> bytes | None:
    """Return the bytes of base64 text, or None. Ignores line breaks and blanks, as MIME does."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def png_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG image; None for other bytes."""
    if not content.startswith(_PNG) or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def first_bytes(icon: Any) -> bytes | None:
    """Return the first bytes of an icon, enough to tell its format; None if it cannot be read."""
    if isinstance(icon, str):
        return decode("".join(icon[:200].split())[:64])
    if not isinstance(icon, Mapping) or "sha256" not in icon:
        return None
    try:
        with _file(str(icon.get("path"))).open("rb") as file:
            return file.read(24)
    except (IconError, OSError):
        return None


def _file(path: str) -> Path:
    project = Path.cwd().resolve()
    # Accepts backslashes too, but states are shared between machines and have forward slashes.
    try:
        file = (project / PurePosixPath(path.replace("\\", "/"))).resolve()
        there = file.is_file()
    except (OSError, ValueError):  # a name that is too long or invalid
        raise IconError("is not a file path") from None
    if not file.is_relative_to(project):
        raise IconError(f"{path} is outside the project; move it into the project")
    if not there:
        raise IconError(f"{path} is not a file in the project")
    return file


def _read(path: str) -> tuple[str, bytes]:
    file = _file(path)
    try:
        if (size := file.stat().st_size) > LARGEST_FILE:
            raise IconError(f"{path} has {size:,} bytes; eGain accepts at most {LARGEST_FILE:,}")
        content = file.read_bytes()
    except OSError as error:
        raise IconError(f"{path} cannot be read ({error.strerror})") from None
    if not content:
        raise IconError(f"{path} is empty")
    return file.relative_to(Path.cwd().resolve()).as_posix(), content
