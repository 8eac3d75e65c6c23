"""The environment of stack `local`: for our own commands, and as a file for a shell.

Every EGAIN_* variable of the shell is dropped first, and what would lead the CLI to another
backend, stack or passphrase: a command of stack `local` can then never meet a real tenant.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from toolchain import environment
from toolchain.local import PASSPHRASE, Local

LOOPBACK = ("127.0.0.1", "localhost")
KEPT = "EGAIN_PULUMI_CLI"  # says where a tool is, not whose tenant is meant
DROPPED = (
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_API",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "PULUMI_DIY_BACKEND_GZIP",  # compressed state is not the plain file that we look into
    "PULUMI_DIY_BACKEND_ZSTD",
    "PULUMI_ORGANIZATION",
    "PULUMI_PYTHON_CMD",
    "PULUMI_SELF_MANAGED_STATE_GZIP",
    "PULUMI_STACK",
)


def ours(local: Local, port: int) -> dict[str, str]:
    """The variables that stack `local` sets."""
    server = f"http://127.0.0.1:{port}"
    return {
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
    """`environ` without what could lead elsewhere, and with no proxy for loopback."""
    kept = {
        name: value
        for name, value in environ.items()
        if name not in DROPPED and (name == KEPT or not name.startswith("EGAIN_"))
    }
    for name in ("NO_PROXY", "no_proxy"):
        listed = [host for host in environ.get(name, "").split(",") if host]
        kept[name] = ",".join([*listed, *(host for host in LOOPBACK if host not in listed)])
    return kept


def of_commands(local: Local, port: int, cli: Path) -> dict[str, str]:
    """The whole environment for a `pulumi` command of ours."""
    env = {**clean(os.environ), **ours(local, port)}
    env["PATH"] = f"{cli.parent}{os.pathsep}{env.get('PATH', os.defpath)}"
    return env


def as_file(local: Local, port: int, cli: Path) -> str:
    """What `. .local/env` runs, in any POSIX shell, however often."""
    folders = [shlex.quote(str(each)) for each in (environment.FOLDER / "bin", cli.parent)]
    lines = [
        "# Written by make. In a shell:  . .local/env  then plain pulumi commands work on",
        "# stack local. A new shell is the way back.",
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
    lines += [f"export {name}={shlex.quote(value)}" for name, value in ours(local, port).items()]
    return "\n".join(lines) + "\n"
