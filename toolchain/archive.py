"""The official archive of the Pulumi CLI: fetched, compared with the published checksum, unpacked.

    python archive.py FOLDER VERSION

Archive and checksum come from two hosts, so that one alone cannot pass off another file. Needs
nothing but Python, and puts nothing into FOLDER unless the checksum is right.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import sys
import tarfile
import urllib.request
from pathlib import Path, PurePosixPath

HOST = "https://get.pulumi.com/"
ARCHIVES = f"{HOST}releases/sdk/"
CHECKSUMS = "https://github.com/pulumi/pulumi/releases/download/"
SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
STEP_SECONDS = 60


class Wrong(Exception):
    """The archive is not the published one, or there is none for this machine."""


def name(version: str) -> str:
    """Return the name of the archive for this machine."""
    system, machine = SYSTEMS.get(platform.system()), MACHINES.get(platform.machine().lower())
    if not system or not machine:
        raise Wrong("there is no archive for this machine")
    return f"pulumi-v{version}-{system}-{machine}.tar.gz"


def check(data: bytes, archive: str, checksums: str) -> None:
    """Compare an archive with its line in the published SHA512SUMS. Raises Wrong."""
    expected = ""
    for line in checksums.splitlines():
        digest, _, file = line.partition(" ")
        if file.lstrip(" *").removeprefix("./") == archive:
            expected = digest.lower()
    if expected != hashlib.sha512(data).hexdigest():
        raise Wrong(f"{archive} has not the published checksum")


def unpack(data: bytes, folder: Path) -> None:
    """Write the executables of an archive into `folder`/bin, and nothing else anywhere."""
    binaries = folder / "bin"
    binaries.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            parts = PurePosixPath(member.name).parts
            content = archive.extractfile(member) if member.isfile() else None
            if content and len(parts) == 2 and parts[0] == "pulumi":
                target = binaries / parts[1]
                target.write_bytes(content.read())
                target.chmod(0o755)


def main(folder: str, version: str) -> None:
    archive = name(version)
    checksums = _get(f"{CHECKSUMS}v{version}/SHA512SUMS").decode()
    data = _get(ARCHIVES + archive)
    check(data, archive, checksums)
    unpack(data, Path(folder))


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=STEP_SECONDS) as answer:
        return bytes(answer.read())


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (Wrong, OSError, ValueError, tarfile.TarError) as problem:
        sys.stderr.write(f"{problem}{os.linesep}")
        sys.exit(1)
