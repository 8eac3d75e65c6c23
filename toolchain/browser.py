"""Chromium and ChromeDriver for the tests of the emulator's page.

If they are missing, Debian's packages are installed on Debian as root. Otherwise `make test` leaves
those tests out, and says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from toolchain.say import say

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRIVER = "chromedriver"
PACKAGES = ("chromium", "chromium-driver", "fonts-dejavu-core")
MISSING = "Chromium and ChromeDriver are not on PATH"
LEFT_OUT = (
    f"the tests in a browser are left out: {MISSING} "
    f"(Debian, as root: apt-get install {' '.join(PACKAGES)})"
)
RELEASE = Path("/etc/os-release")
_PATIENT = ("--option=DPkg::Lock::Timeout=600", "--option=Acquire::Retries=3")


class Found(NamedTuple):
    """The two executables."""

    browser: Path
    driver: Path


def found() -> Found | None:
    """Return both executables from PATH, or None if one is missing."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which(DRIVER)
    return Found(Path(browser), Path(driver)) if browser and driver else None


def ensure() -> Found | None:
    """Return both executables from PATH; install them first if that is allowed."""
    present = found()
    if present or not _may_install():
        return present
    say("installing Debian's Chromium and ChromeDriver (once, about a minute)")
    for verb, *more in (("update",), ("install", "--yes", "--no-install-recommends", *PACKAGES)):
        if failure := _apt(verb, *more):
            say(f"apt-get {verb} failed: {failure}")
            return None
    return found()


def _may_install() -> bool:
    # Not Ubuntu, whose packages of these names only install snaps.
    debian = RELEASE.exists() and "ID=debian" in RELEASE.read_text().splitlines()
    return debian and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def _apt(verb: str, *arguments: str) -> str | None:
    """Run apt-get; return why it failed, or None."""
    done = subprocess.run(
        ["apt-get", "--quiet=2", *_PATIENT, verb, *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return (
        (done.stdout.strip().splitlines() or ["no reason given"])[-1] if done.returncode else None
    )
