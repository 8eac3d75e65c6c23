"""How Pulumi's engine marks secrets and unknown values in states, previews and RPCs."""

from __future__ import annotations

from typing import Any, Final

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key of a special value (`resource.SigKey`), which in a state is always a secret."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
"""Its value for a secret (`resource.SecretSig`)."""
PLACEHOLDER: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The text in place of an unknown value (`plugin.UnknownStringValue`)."""


def mark_secret(value: Any) -> dict[str, Any]:
    """Mark a value as a secret, which the state encrypts and every diff hides.

    Relies on the plugin host to pass a mapping on unchanged. Otherwise the engine still marks the
    values that it knows as secrets, but a read may return others.
    """
    return {SIGNATURE: SECRET, "value": value}
