"""The environment variables of stack `local`, for our own commands and as a file for a shell.

Every EGAIN_* variable of the shell is dropped, and each one that could lead the CLI to another
backend, stack or passphrase, so that no command of stack `local` reaches a real tenant.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from toolchain import environment
from toolchain.local import PASSPHRASE, Local

LOOPBACK = ("127.0.0.1", "localhost")
KEPT = "EGAIN_PULUMI_CLI"  # the path of a tool, not a setting of a tenant
DROPPED = (
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_API",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "PULUMI_DIY_BACKEND_GZIP",  # we read the state as an uncompressed file
    "PULUMI_DIY_BACKEND_ZSTD",
    "PULUMI_ORGANIZATION",
    "PULUMI_PYTHON_CMD",
    "PULUMI_SELF_MANAGED_STATE_GZIP",
    "PULUMI_STACK",
)


def of_stack(local: Local, port: int) -> dict[str, str]:
    """Return the variables that stack `local` sets."""
    server = f"http://127.0.0.1:{port}"
    # Its emulator is always its own; see `Local.lacks_database`.
    moved = {"EGAIN_TENANT_MOVED": "1"} if local.lacks_database() else {}
    return moved | {
        "PULUMI_BACKEND_URL": local.backend,
        "PULUMI_HOME": str(local.home),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "EGAIN_BASE_URL": f"{server}/conversation/conversationmgr/v3",
        "EGAIN_TOKEN_URL": f"{server}/oauth2/token",
        "EGAIN_CLIENT_ID": "local",
        "EGAIN_CLIENT_SECRET": "local-secret",
    }


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` without variables that lead elsewhere, and with no proxy for loopback."""
    kept = {
        name: value
        for name, value in environ.items()
        if name not in DROPPED and (name == KEPT or not name.startswith("EGAIN_"))
    }
    for name in ("NO_PROXY", "no_proxy"):
        listed = [host for host in environ.get(name, "").split(",") if host]
        kept[name] = ",".join([*listed, *(host for host in LOOPBACK if host not in listed)])
    return kept


def for_commands(local: Local, port: int, cli: Path) -> dict[str, str]:
    """Return the environment of our own `pulumi` commands."""
    env = {**clean(os.environ), **of_stack(local, port)}
    env["PATH"] = f"{cli.parent}{os.pathsep}{env.get('PATH', os.defpath)}"
    return env


def as_file(local: Local, port: int, cli: Path) -> str:
    """Return the text of `.local/env`, which any POSIX shell may run repeatedly."""
    folders = [shlex.quote(str(each)) for each in (environment.FOLDER / "bin", cli.parent)]
    lines = [
        "# Written by make. In a shell:  . .local/env  then plain pulumi commands work on",
        "# stack local. To undo it, open a new shell.",
        "for egain_name in $(env | sed -n 's/^\\(EGAIN_[A-Za-z0-9_]*\\)=.*/\\1/p'); do",
        f'    [ "$egain_name" = {KEPT} ] || unset "$egain_name"',
        "done",
        f"unset egain_name {' '.join(DROPPED)}",
    ]
    lines += [
        f'case ":$PATH:" in *:{x}:*) ;; *) PATH={x}:$PATH; export PATH ;; esac' for x in folders
    ]
    for name in ("NO_PROXY", "no_proxy"):
        bypass = ",".join(LOOPBACK)
        lines.append(
            f'case ",${{{name}:-}}," in *,{bypass},*) ;; '
            f'*) {name}="${{{name}:+${name},}}{bypass}"; export {name} ;; esac'
        )
    lines += [
        f"export {name}={shlex.quote(value)}" for name, value in of_stack(local, port).items()
    ]
    return "\n".join(lines) + "\n"
