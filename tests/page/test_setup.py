"""The installation of the browser, on fake systems."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from toolchain import browser, make

Machine = Callable[..., Path]
APT = """#!/bin/sh
echo "$@" >> "{folder}/asked"
case "$*" in *install*) for each in chromium chromedriver; do
  echo "#!/bin/sh" > "{folder}/$each"; chmod +x "{folder}/$each"; done;; esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Make this machine look like one with only these programs, this system and user."""

    def make(programs: dict[str, str], system: str = "debian", user: int = 0) -> Path:
        release = tmp_path / "os-release"
        release.write_text(f'PRETTY_NAME="any"\nID={system}\nVERSION_ID="12"\n')
        folder = tmp_path / "bin"
        folder.mkdir()
        for name, text in programs.items():
            (folder / name).write_text(text.replace("{folder}", str(folder)))
            (folder / name).chmod(0o755)
        (folder / "chmod").symlink_to("/bin/chmod")
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setattr(browser, "RELEASE", release)
        monkeypatch.setattr("os.geteuid", lambda: user)
        return folder

    return make


def test_what_is_there_is_taken_and_nothing_is_installed(machine: Machine) -> None:
    folder = machine({"google-chrome": "", "chromedriver": "", "apt-get": APT})
    there = browser.ensure()
    assert there == (folder / "google-chrome", folder / "chromedriver")
    assert not (folder / "asked").exists()


def test_on_debian_as_root_it_is_installed(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = machine({"chromium": "", "apt-get": APT})
    there = browser.ensure()
    assert there == (folder / "chromium", folder / "chromedriver")
    update, install = (folder / "asked").read_text().splitlines()
    assert update.endswith(" update")
    assert install.endswith("chromium chromium-driver fonts-dejavu-core")
    assert "about a minute" in capsys.readouterr().err


@pytest.mark.parametrize(("system", "user"), [("ubuntu", 0), ("debian", 1000)])
def test_elsewhere_nothing_is_installed(machine: Machine, system: str, user: int) -> None:
    folder = machine({"chromium": "", "apt-get": APT}, system, user)
    assert browser.ensure() is None
    assert not (folder / "asked").exists()


def test_an_installation_that_fails_says_why_and_stops_no_other_test(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine({"apt-get": "#!/bin/sh\necho E: no route to host\nexit 100\n"})
    assert browser.ensure() is None
    assert "apt-get update failed: E: no route to host" in capsys.readouterr().err


def test_without_a_browser_the_other_tests_run_and_that_is_said(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, ...]] = []

    def run(*arguments: str) -> int:
        asked.append(arguments)
        return 3

    monkeypatch.setattr(make, "_pytest", run)
    machine({}, "ubuntu", 1000)
    assert make.test() == 3
    assert asked == [("-m", "not soak and not browser")]
    said = capsys.readouterr().err.splitlines()
    assert said == [browser.LEFT_OUT, browser.LEFT_OUT], "before the tests, and after them"
