"""The folder that a program is written into."""

from __future__ import annotations

from pathlib import Path

import pytest

from egain_pulumi.adoption.project import Project
from egain_pulumi.errors import EgainError


def contents(folder: Path) -> dict[str, str]:
    """All files below a folder."""
    files = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_text() for each in files}


@pytest.mark.parametrize(
    ("folder", "name"),
    [("Chat Hub", "chat-hub"), ("egain", "egain-hub"), ("订单", "conversation-hub")],
)
def test_a_new_project(tmp_path: Path, folder: str, name: str) -> None:
    project = Project(tmp_path / folder)
    assert (project.name, project.entry, project.prefix) == (name, "__main__.py", "")
    project.create()
    written = (tmp_path / folder / "Pulumi.yaml").read_text()
    assert written.startswith(f"name: {name}\nruntime:\n  name: python\n")
    assert "virtualenv: /" not in written


def test_a_program_that_is_there_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: hub\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("# mine\n\n\n")
    first = Project(tmp_path)
    assert (first.name, first.entry, first.prefix) == ("hub", "adopted.py", "adopted_")
    with first.writing("dev", {first.entry: "# adopted\n"}, {"icons/a.png": b"icon"}, first.entry):
        pass
    assert contents(tmp_path) == {
        "Pulumi.yaml": "name: hub\nruntime: python\n",
        "__main__.py": '# mine\n\n# Written by egain-pulumi adopt.\n__import__("adopted")\n',
        "adopted.py": "# adopted\n",
        "icons/a.png": "icon",
    }
    assert Project(tmp_path).entry == "adopted_2.py"


@pytest.mark.parametrize("program", ["# mine\n", None])
def test_what_fails_leaves_the_files_as_they_were(tmp_path: Path, program: str | None) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: hub\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    settings = tmp_path / "stacks" / "Pulumi.dev.yaml"
    settings.write_text("config: {}\n")
    if program is not None:
        (tmp_path / "__main__.py").write_text(program)
    before, project = contents(tmp_path), Project(tmp_path)
    with pytest.raises(KeyboardInterrupt):  # noqa: SIM117 - the one is about the other
        with project.writing("org/hub/dev", {project.entry: "x"}, {"i.png": b"x"}, project.entry):
            settings.write_text("config: {a: b}\n")
            raise KeyboardInterrupt
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("settings", "expected"),
    [(None, "there is a __main__.py but no Pulumi.yaml"), ("name: a\nmain: src\n", "has `main`")],
)
def test_a_project_that_cannot_be_added_to(
    tmp_path: Path, settings: str | None, expected: str
) -> None:
    (tmp_path / "__main__.py").write_text("")
    if settings is not None:
        (tmp_path / "Pulumi.yaml").write_text(settings)
    with pytest.raises(EgainError, match=expected):
        Project(tmp_path)
