"""A deployed hub under git, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ci import forges
from tests.ci.repository import Repository
from tests.support.emulator import Emulator

FORGES = ("CI_API_V4_URL", "GITHUB_REPOSITORY", "GITHUB_SHA", "PULL_REQUEST", "CI_COMMIT_SHA")


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of a repository whose stack `dev` is up, and the emulator's database."""
    folder = tmp_path_factory.mktemp("deployed")
    emulator = Emulator(db=folder / "emulator.db")
    try:
        repository = Repository(folder, emulator)
        repository.found()
        repository.up()
    finally:
        emulator.stop()
    return folder


@pytest.fixture
def repository(deployed: Path, tmp_path: Path) -> Iterator[Repository]:
    """A copy of it, with a tenant of its own."""
    folder = tmp_path / "a team"
    shutil.copytree(deployed, folder, symlinks=True)
    emulator = Emulator(db=folder / "emulator.db", strict=True)
    try:
        yield Repository(folder, emulator)
        assert emulator.overview()["violations"] == []
    finally:
        emulator.stop()


@pytest.fixture(autouse=True)
def _no_forge(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may themselves be a job."""
    for name in FORGES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What `scripts/preview` and `scripts/drift` leave."""
    made = tmp_path / "out"
    made.mkdir()
    (made / "comment.md").write_text(f'{forges.MARKER}\nnew `$(id)` "quoted"\n')
    (made / "issue.md").write_text(f"{forges.DRIFT}\nnew\n")
    forges.write_drift(made, [{}])
    return made
