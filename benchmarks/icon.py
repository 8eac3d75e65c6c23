"""PNG icons of 32 by 32 pixels, the size that eGain requires, and files of any size."""

from __future__ import annotations

import struct
import zlib


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


_HEAD = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0))
_DATA = _chunk(b"IDAT", zlib.compress((b"\0" + b"\x33\x66\x99" * 32) * 32))
_END = _chunk(b"IEND", b"")
PNG = _HEAD + _DATA + _END


def large(number: int, size: int) -> bytes:
    """Return the icon padded to a size with a comment; each number gives a different file."""
    comment = b"Comment\0" + str(number).encode()
    room = size - len(PNG) - 12  # the frame of a chunk
    return _HEAD + _chunk(b"tEXt", comment.ljust(room, b".")) + _DATA + _END
