"""The folder with our Pulumi CLI, shared by all projects and clones of this user.

One run at a time fills it: it holds a lock, works in a temporary folder, and renames the finished
folder, so that a folder under its final name is always complete. An interrupted run leaves only a
temporary folder, which the next run removes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from toolchain import lock
from toolchain.say import Refusal, say

VERSION = "3.259.0"
# Newer versions are not available as Go modules everywhere. offline/go.mod has the same version.

HOST_FILES = ("pulumi-language-python", "language_host.py", "virtualenv_option.py")
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python")
HOST_FOLDER = Path(__file__).resolve().parent / "offline"
MARKER = "installed.json"
STALE = ".tmp-"
BUSY = "another run is getting the Pulumi CLI"


@dataclass(frozen=True)
class Way:
    """One way to get the CLI: `get` fills `folder`/bin, or returns False if it cannot be used here.

    `get` also receives the descriptor of the lock. A child that inherits it keeps the lock, so that
    no second build starts beside the orphan of a killed one.
    """

    name: str
    get: Callable[[Path, int], bool]


def root() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "egain-pulumi"


def cli(ways: Sequence[Way]) -> Path:
    """Return the cached executable; the first way that works fills an empty cache."""
    final = root() / f"pulumi-{VERSION}"
    if not _is_complete(final):
        make(root())
        with lock.held(root() / "lock", BUSY) as descriptor:
            if not _is_complete(final):
                _fill(final, ways, descriptor)
    return final / "bin" / "pulumi"


def _is_complete(final: Path) -> bool:
    """Whether the folder is complete and has this project's current language host."""
    try:
        host = json.loads((final / MARKER).read_text())["host"]
    except (OSError, ValueError, KeyError):
        return False
    if not all(os.access(final / "bin" / name, os.X_OK) for name in NEEDED):
        return False
    return host in (None, _host_digest())


def _fill(final: Path, ways: Sequence[Way], descriptor: int) -> None:
    for stale in root().glob(f"{STALE}*"):
        shutil.rmtree(stale, ignore_errors=True)
    if _refresh_host(final):
        return
    temporary = Path(tempfile.mkdtemp(prefix=STALE, dir=root()))
    try:
        folder = temporary / "pulumi"
        (folder / "bin").mkdir(parents=True)
        way = next((way for way in ways if way.get(folder, descriptor)), None)
        if way is None:
            raise Refusal(
                "the Pulumi CLI cannot be installed from here; install it by hand and put it on "
                "PATH"
            )
        add_host(folder)
        _mark(folder, way.name)
        if final.exists():
            final.rename(temporary / "replaced")
        folder.rename(final)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    say(f"the Pulumi CLI {VERSION} is in {final / 'bin'} (from {way.name})")


def _refresh_host(final: Path) -> bool:
    """Update our language host in a folder; return False if the rest is incomplete."""
    try:
        marker = json.loads((final / MARKER).read_text())
    except (OSError, ValueError):
        return False
    if not all(os.access(final / "bin" / name, os.X_OK) for name in NEEDED):
        return False
    add_host(final)
    _mark(final, marker.get("way", "unknown"))
    return True


def add_host(folder: Path) -> None:
    """Copy our language host beside the CLI, unless the official one is there."""
    binaries = folder / "bin"
    if (binaries / HOST_FILES[0]).exists() and not (binaries / HOST_FILES[1]).exists():
        return
    for name in HOST_FILES:
        new = binaries / f".{name}.new"
        shutil.copyfile(HOST_FOLDER / name, new)
        new.chmod(0o755)
        new.replace(binaries / name)  # atomic: a CLI may be starting the old one
    _add_yaml(binaries)


def _add_yaml(binaries: Path) -> None:
    """Copy PyYAML: what reads Pulumi.yaml may be a Python without packages."""
    installed = find_spec("yaml")
    if (binaries / "yaml").exists() or installed is None or not installed.origin:
        return
    new = binaries / ".yaml.new"
    new.mkdir(exist_ok=True)
    for file in Path(installed.origin).parent.glob("*.py"):
        shutil.copyfile(file, new / file.name)
    new.rename(binaries / "yaml")


def _mark(folder: Path, way: str) -> None:
    ours = (folder / "bin" / HOST_FILES[1]).exists()
    marker = {"version": VERSION, "way": way, "host": _host_digest() if ours else None}
    new = folder / f".{MARKER}.new"
    new.write_text(json.dumps(marker) + "\n")
    new.replace(folder / MARKER)


def _host_digest() -> str:
    files = (HOST_FOLDER / name for name in HOST_FILES)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"cannot write to the cache folder {folder} ({error.strerror}); "
            "set XDG_CACHE_HOME to a folder that can be written to"
        ) from error
