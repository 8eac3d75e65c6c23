"""A PostgreSQL server for one benchmark: on loopback, on a free port, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.support.process import free_port

OWNER: Final = "postgres"
"""PostgreSQL refuses to run as root; its packages make this user."""
DEBIAN: Final = "usr/lib/postgresql/*/bin/"


def available() -> bool:
    """Whether there is one that we may run."""
    if _program("initdb") is None or _program("pg_ctl") is None:
        return False
    return os.geteuid() != 0 or any(user.pw_name == OWNER for user in pwd.getpwall())


@contextlib.contextmanager
def backend() -> Iterator[str]:
    """A new and empty one, as `PULUMI_BACKEND_URL`."""
    with tempfile.TemporaryDirectory(prefix="bench-postgres-") as scratch:
        folder, port = Path(scratch), free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        data, log = folder / "data", folder / "log"
        _run(folder, "initdb", "--pgdata", data, "--username", OWNER, "--auth", "trust")
        listen = f"-h 127.0.0.1 -p {port} -k ''"
        _run(folder, "pg_ctl", "--pgdata", data, "--log", log, "-o", listen, "-w", "start")
        try:
            yield f"postgres://{OWNER}@127.0.0.1:{port}/postgres?sslmode=disable"
        finally:
            _run(folder, "pg_ctl", "--pgdata", data, "-m", "immediate", "-w", "stop")


def _run(folder: Path, name: str, *arguments: str | Path) -> None:
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        owner = {"user": OWNER, "group": OWNER, "extra_groups": []}
    command = [_program(name) or name, *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **owner)


def _program(name: str) -> Path | None:
    found = sorted(Path("/").glob(DEBIAN + name))
    on_path = shutil.which(name)
    return Path(on_path) if on_path else found[-1] if found else None
