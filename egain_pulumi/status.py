"""How a gRPC error carries its own words: `google.rpc.Status` in protobuf's encoding.

By hand, because the package that defines it is not a dependency of every Pulumi SDK. Pure.
"""

from __future__ import annotations

UNKNOWN = 2
"""gRPC's code of that name, with which Pulumi's plugin host ends every failed call."""


def encoded(text: str, details: bytes = b"") -> bytes:
    """`Status {code: UNKNOWN, message: text, details: [details]}`."""
    code = b"\x08" + bytes([UNKNOWN])
    return code + _field(2, text.encode()) + (_field(3, details) if details else b"")


def packed(kind: str, message: bytes) -> bytes:
    """`Any {type_url: kind, value: message}`."""
    return _field(1, kind.encode()) + _field(2, message)


def _field(number: int, content: bytes) -> bytes:
    """A field whose value is bytes, text or a message: tag, length in base 128, content."""
    length, rest = b"", len(content)
    while rest > 0x7F:
        length += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return bytes([number << 3 | 2]) + length + bytes([rest]) + content
