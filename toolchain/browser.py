"""Chromium and ChromeDriver, which the tests of the emulator's page drive.

They come with the system. Where they are missing, Debian's are installed if this is Debian and we
are root; where that is not so, or fails, `make test` leaves those tests out, and says so.
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
    """What is on PATH, None unless both are."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which(DRIVER)
    return Found(Path(browser), Path(driver)) if browser and driver else None


def ensure() -> Found | None:
    """What is on PATH; installed first where that needs nobody's leave."""
    there = found()
    if there or not _may_install():
        return there
    say("installing Debian's Chromium and ChromeDriver (once, about a minute)")
    for verb, *more in (("update",), ("install", "--yes", "--no-install-recommends", *PACKAGES)):
        if failure := _apt(verb, *more):
            say(f"apt-get {verb} failed: {failure}")
            return None
    return found()


def _may_install() -> bool:
    # Ubuntu's packages of these names only point at its store of snaps.
    debian = RELEASE.exists() and "ID=debian" in RELEASE.read_text().splitlines()
    return debian and os.geteuid() == 0 and bool(shutil.which("apt-get"))


def _apt(verb: str, *arguments: str) -> str | None:
    """Why it failed, if it did."""
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
