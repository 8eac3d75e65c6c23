"""Validate files before they are uploaded, and read them in pieces.

Everything is checked before the first call: the announcement fixes name and size, and the upload
must have that size and the type of the name's extension.
"""

from __future__ import annotations

import contextlib
import io
import mimetypes
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from ..errors import EgainError
from .message import ROLES

LARGEST: Final = 10_485_760  # bytes (contract: AssetInput.size, whose unit is assumed)
LONGEST_NAME: Final = 255
_CHUNK: Final = 2**16
_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:; ?[\w-]+=[\w.\"-]+)*", re.ASCII)
_KNOWN: Final = mimetypes.MimeTypes()  # Python's own table, the same on every machine

Source = str | os.PathLike[str] | bytes | BinaryIO
"""A path, bytes, or a seekable binary file."""


class Reader:
    """Reads exactly `size` bytes of a file in pieces.

    Raises EgainError if the file's size has changed or the file cannot be read.
    """

    def __init__(self, file: BinaryIO, name: str, size: int, start: int) -> None:
        self._file, self._name, self._size, self._start = file, name, size, start
        self._left = size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")

    def rewind(self) -> None:
        """Start again from the beginning."""
        self._file.seek(self._start)
        self._left = self._size

    def read(self, length: int = -1) -> bytes:
        """Return the next piece; empty at the end."""
        if not self._left:
            return b""
        wanted = min(self._left, length if length > 0 else _CHUNK)
        try:
            piece = self._file.read(wanted)
            self._left -= len(piece)
            whole = bool(piece) and (self._left > 0 or not self._file.read(1))
        except OSError as problem:
            raise EgainError(f"{self._name} cannot be read: {problem.strerror}") from None
        if not whole:
            raise EgainError(f"the size of {self._name} changed during the upload; send it again")
        return piece


@contextlib.contextmanager
def open_source(source: Source, name: str | None) -> Iterator[tuple[Reader, str]]:
    """Open a source; yield its reader and the file's name. Raises EgainError."""
    with contextlib.ExitStack() as stack:
        if isinstance(source, bytes | bytearray):
            file: BinaryIO = io.BytesIO(source)
        elif isinstance(source, str | os.PathLike):
            path = Path(source)
            name = path.name if name is None else name
            try:
                file = stack.enter_context(path.open("rb"))
            except OSError as problem:
                raise EgainError(f"source: cannot open {path}: {problem.strerror}.") from None
        else:
            file = source
        if name is None:
            raise EgainError("name: expects the file's name with its extension, such as bird.jpg.")
        yield Reader(file, name, *_measure(file)), name


def _measure(file: BinaryIO) -> tuple[int, int]:
    """Return the number of bytes after the current position, and that position."""
    if isinstance(file, io.TextIOBase):
        raise EgainError('source: is open as text; open it with "rb".')
    try:
        start = file.tell()
        end = file.seek(0, io.SEEK_END)
        file.seek(start)
    except (AttributeError, OSError):
        raise EgainError(
            "source: expects a path, bytes, or a seekable file; read this one into bytes first."
        ) from None
    return end - start, start


def check(name: str, size: int, channel: str, role: str) -> None:
    """Raise EgainError unless an asset fits the contract (`AssetInput`)."""
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise EgainError(f"name: expects 1 to {LONGEST_NAME} characters.")
    if not 1 <= size <= LARGEST:
        raise EgainError(f"size: is {size:,} bytes; eGain takes 1 to {LARGEST:,}.")
    if not isinstance(channel, str) or not channel:
        raise EgainError("channel: expects the type of the channel, such as custom_channel.")
    if role not in ROLES:
        raise EgainError(f"role: expects one of {', '.join(ROLES)}.")


def content_type(name: str, given: str | None) -> str:
    """Return a file's content type. Raises EgainError for an unknown or contradictory type."""
    said, packed = _KNOWN.guess_type(f"x/{name}", strict=False)
    if packed:  # of orders.tar.gz Python returns the type of the content
        said = None
    if given is None:
        if said is None:
            raise EgainError(
                f"content_type: {name} has no known type; pass one, such as application/pdf."
            )
        return said
    if not _TYPE.fullmatch(given):
        raise EgainError("content_type: expects a type and a subtype, such as application/pdf.")
    plain = given.partition(";")[0].strip().lower()
    kinds = {(said or plain).partition("/")[0], plain.partition("/")[0]}
    extensions = _KNOWN.guess_all_extensions(plain, strict=False)
    # `application/…` fits every file, and some extensions have several types.
    other = extensions and Path(name).suffix.lower() not in extensions
    if said and other and "application" not in kinds:
        raise EgainError(
            f"content_type: is {plain}, but by its extension {name} is {said}, and eGain sees only "
            "the name; change one of them."
        )
    return given
