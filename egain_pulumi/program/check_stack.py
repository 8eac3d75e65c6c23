"""PROGRAM SIDE: what a program refuses at its start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pulumi
from pulumi.runtime.config import CONFIG, get_config, get_config_env

PLACEHOLDER: Final = "CHANGE_ME"
LOCAL: Final = "local"
PUBLISHED: Final = "local"
"""The passphrase of stack `local`, which is no secret."""


def check_stack() -> None:
    """Refuse to run with a placeholder, or with the published passphrase outside `local`.

    Call it first in a program. It raises `pulumi.RunError` naming every configuration key that
    still is `CHANGE_ME`, so that nobody applies a template to a tenant by mistake, or encrypts a
    real secret with the passphrase from the README. Of an inline program of the Automation API it
    sees the passphrase of the process, not one in `LocalWorkspaceOptions(env_vars=…)`, which only
    the CLI gets.
    """
    stack = pulumi.get_stack()
    if stack != LOCAL and _passphrase() == PUBLISHED:
        raise pulumi.RunError(
            f'stack "{stack}" would be encrypted with the published passphrase of stack '
            f'"{LOCAL}". Either open a shell without .local/env or set PULUMI_CONFIG_PASSPHRASE.'
        )
    # Pulumi's interface looks up one key at a time. The language host passes all of them in the
    # environment; an inline program of the Automation API has them in memory.
    keys = {*get_config_env(), *CONFIG.get()}
    unfinished = sorted(key for key in keys if PLACEHOLDER in str(get_config(key)))
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
