"""PROGRAM SIDE: what a program refuses at its start."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

import pulumi

PLACEHOLDER: Final = "CHANGE_ME"
LOCAL: Final = "local"
PUBLISHED: Final = "local"
"""The passphrase of stack `local`, which is no secret."""


def check_stack() -> None:
    """Refuse to run with a placeholder, or with the published passphrase outside `local`.

    Call it first in a program. It raises `pulumi.RunError` naming every configuration key that
    still is `CHANGE_ME`, so that nobody applies a template to a tenant by mistake, or encrypts a
    real secret with the passphrase from the README.
    """
    stack = pulumi.get_stack()
    if stack != LOCAL and _passphrase() == PUBLISHED:
        raise pulumi.RunError(
            f'stack "{stack}" would be encrypted with the published passphrase of stack '
            f'"{LOCAL}". Either open a shell without .local/env or set PULUMI_CONFIG_PASSPHRASE.'
        )
    # From the language host's environment, since Pulumi's interface looks up one key at a time.
    config = json.loads(os.environ.get("PULUMI_CONFIG") or "{}")
    unfinished = sorted(key for key, value in config.items() if PLACEHOLDER in str(value))
    if unfinished:
        raise pulumi.RunError(
            f'stack "{stack}" still has {PLACEHOLDER} in {", ".join(unfinished)}. Set each with '
            "pulumi config set --plaintext (secrets with --secret)."
        )


def _passphrase() -> str | None:
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if "PULUMI_CONFIG_PASSPHRASE" in os.environ or not file:
        return os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    try:
        return Path(file).read_text().strip()
    except OSError:
        return None  # Pulumi itself reports what is wrong with the file
