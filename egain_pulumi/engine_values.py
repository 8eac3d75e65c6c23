"""How Pulumi's engine marks secrets and unknown values in states, previews and RPCs."""

from __future__ import annotations

from typing import Any, Final

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a special value (`resource.SigKey`); in a state always a secret."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
"""Its value for a secret (`resource.SecretSig`)."""
PLACEHOLDER: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands for any unknown value (`plugin.UnknownStringValue`)."""


def mark_secret(value: Any) -> dict[str, Any]:
    """Mark a value as a secret: encrypted in the state, hidden in every diff.

    Relies on the plugin host handing a mapping on as it is. Without it the engine still marks
    what it knows as a secret under the same key; a read may find more than that.
    """
    return {SIGNATURE: SECRET, "value": value}
