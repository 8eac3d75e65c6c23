"""Lock files: packages at one version, with the hashes of the files that may be installed.

`pip install --require-hashes` refuses every other file, from any index. The hashes are those
that the package index has when a lock is written (`make constraints`).
"""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from toolchain.say import Refusal

HEADER = """\
# The files that may be installed: any other is refused (`pip install --require-hashes`).
# Made by `make constraints`; do not edit by hand.
"""
JSON = "application/vnd.pypi.simple.v1+json"
PYTHONS = range(11, 15)  # 3.11 to 3.14


def write(file: Path, pinned: Iterable[str]) -> None:
    """Write the lock of packages, each as `name==version`. Refusal: the index cannot be asked."""
    index = _index()
    with ThreadPoolExecutor(8) as pool:
        entries = pool.map(lambda one: _entry(index, one), sorted(pinned, key=str.lower))
        file.write_text(HEADER + "".join(entries))


def suits(name: str) -> bool:
    """Whether a file is a source archive, or a wheel for a system that we support."""
    if not name.endswith(".whl"):
        return name.endswith(".tar.gz")
    *_, pythons, abis, systems = name.removesuffix(".whl").split("-")
    system = systems == "any" or "linux" in systems or "macosx" in systems
    return system and any(_fits(python, abis) for python in pythons.split("."))


def _fits(python: str, abis: str) -> bool:
    if python == "py3":
        return True
    found = re.fullmatch(r"cp3(\d+)", python)
    if not found:
        return False
    minor = int(found[1])
    if "abi3" in abis.split("."):
        return minor < PYTHONS.stop
    return minor in PYTHONS and (abis in (python, "none"))


def _entry(index: str, requirement: str) -> str:
    name, version = requirement.split("==")
    files = _page(index, name)["files"]
    hashes = sorted(
        file["hashes"]["sha256"]
        for file in files
        if _version(file["filename"]) == version and suits(file["filename"])
    )
    if not hashes:
        raise Refusal(f"the package index has no file of {requirement} for this project")
    return " \\\n".join([requirement, *(f"    --hash=sha256:{one}" for one in hashes)]) + "\n"


def _version(filename: str) -> str:
    if filename.endswith(".whl"):
        return filename.split("-")[1]
    return filename.removesuffix(".tar.gz").rpartition("-")[2]


def _page(index: str, name: str) -> Any:
    project = re.sub(r"[-_.]+", "-", name).lower()
    request = urllib.request.Request(f"{index}/{project}/", headers={"Accept": JSON})
    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT"))
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return json.load(answer)
    except (OSError, ValueError) as error:
        # Without the address, which may hold a password.
        raise Refusal(
            f"the package index does not list {name} as JSON ({type(error).__name__})"
        ) from None


def _index() -> str:
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    set_ = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return (os.environ.get("PIP_INDEX_URL") or set_ or "https://pypi.org/simple").rstrip("/")


def pinned(lock: Path) -> Iterator[str]:
    """Yield the packages of a lock, each as `name==version`."""
    for line in lock.read_text().splitlines():
        if not line.startswith(("#", " ")):
            yield line.partition(" ")[0]
