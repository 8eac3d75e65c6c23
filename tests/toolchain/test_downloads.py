"""What is downloaded is compared with a hash: lock files, and the release of the Pulumi CLI."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from pathlib import Path

import pytest

from tests.support.process import REPOSITORY
from toolchain import archive, cache, environment, golang, installer, locks, pypi
from toolchain.say import Refusal

ARCHIVE = "pulumi-v1.2.3-linux-x64.tar.gz"


def test_the_lock_has_what_the_constraints_have() -> None:
    constraints = (REPOSITORY / "constraints.txt").read_text().splitlines()
    wanted = [line for line in constraints if not line.startswith("#")]
    assert sorted(locks.pinned(environment.LOCK)) == sorted(wanted)
    assert list(locks.pinned(golang.LOCK)) == [golang.PACKAGE]
    assert any(one.startswith("pip_audit==") for one in locks.pinned(environment.AUDIT))


@pytest.mark.parametrize("lock", [environment.LOCK, environment.AUDIT, golang.LOCK])
def test_each_package_of_a_lock_has_hashes(lock: Path) -> None:
    assert lock.read_text().startswith(locks.HEADER)
    entries = re.split(r"\n(?=\S)", lock.read_text().removeprefix(locks.HEADER).rstrip())
    for entry in entries:
        assert re.fullmatch(r"[\w.-]+==\S+( \\\n    --hash=sha256:[0-9a-f]{64})+", entry), entry


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a-1.0-py3-none-any.whl", True),
        ("a-1.0-py2.py3-none-any.whl", True),
        ("a-1.0.tar.gz", True),
        ("a-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", True),
        ("a-1.0-cp314-cp314-macosx_11_0_arm64.whl", True),
        ("a-1.0-cp39-abi3-musllinux_1_2_aarch64.whl", True),
        ("a-1.0-py3-none-manylinux_2_12_x86_64.whl", True),
        ("a-1.0-cp310-cp310-manylinux2014_x86_64.whl", False),
        ("a-1.0-cp314-cp314t-manylinux2014_x86_64.whl", False),
        ("a-1.0-cp315-abi3-manylinux2014_x86_64.whl", False),
        ("a-1.0-cp311-cp311-win_amd64.whl", False),
        ("a-1.0-pp311-pypy311_pp73-manylinux2014_x86_64.whl", False),
        ("a-1.0-py2-none-any.whl", False),
        ("a-1.0.zip", False),
    ],
)
def test_which_files_a_lock_has(name: str, expected: bool) -> None:
    assert locks.suits(name) is expected


def test_a_file_with_another_hash_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a-1.0").mkdir()
    (tmp_path / "a-1.0" / "setup.py").write_text("raise SystemExit('was run')\n")
    with tarfile.open(tmp_path / "a-1.0.tar.gz", "w:gz") as made:
        made.add(tmp_path / "a-1.0", "a-1.0")
    lock = tmp_path / "a.lock"
    lock.write_text(
        f"--no-index\n--find-links {tmp_path.as_uri()}\na==1.0 --hash=sha256:{'0' * 64}\n"
    )
    with pytest.raises(Refusal, match=r"^pip cannot install a\.lock; ") as refused:
        pypi.environment(tmp_path, lock)
    assert "was run" not in str(refused.value)


def packed(*members: tuple[str, str]) -> bytes:
    """An archive of files; a second text that begins with `->` makes a link."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as made:
        for name, text in members:
            info = tarfile.TarInfo(name)
            if text.startswith("->"):
                info.type, info.linkname = tarfile.SYMTYPE, text.removeprefix("->")
            info.size = 0 if info.issym() else len(text)
            made.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def test_only_executables_are_unpacked(tmp_path: Path) -> None:
    data = packed(
        ("pulumi/pulumi", "cli"),
        ("pulumi/pulumi-language-python", "host"),
        ("pulumi/../evil", "x"),
        ("/etc/evil", "x"),
        ("pulumi/link", "->/etc/passwd"),
        ("other/pulumi", "x"),
    )
    archive.unpack(data, tmp_path / "cli")
    made = {file.name: file.read_text() for file in (tmp_path / "cli" / "bin").iterdir()}
    assert made == {"pulumi": "cli", "pulumi-language-python": "host"}
    assert [file.name for file in tmp_path.iterdir()] == ["cli"]


@pytest.mark.parametrize("line", ["{sum}  {name}", "{sum} *{name}", "{sum}  ./{name}"])
def test_the_published_checksum(line: str) -> None:
    digest = hashlib.sha512(b"data").hexdigest()
    other = f"{hashlib.sha512(b'other').hexdigest()}  {ARCHIVE.replace('x64', 'arm64')}\n"
    listed = other + line.format(sum=digest, name=ARCHIVE) + "\n"
    archive.check(b"data", ARCHIVE, listed)
    for data, checksums in ((b"other", listed), (b"data", other), (b"data", "")):
        with pytest.raises(archive.Wrong, match="has not the published checksum"):
            archive.check(data, ARCHIVE, checksums)


@pytest.mark.parametrize("right", [True, False])
def test_a_release_is_used_only_with_the_published_checksum(
    right: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The real child, with files in place of the two hosts."""
    name, host = archive.name(cache.VERSION), tmp_path / "host"
    data = packed(("pulumi/pulumi", "cli"))
    digest = hashlib.sha512(data if right else b"another release").hexdigest()
    (host / f"v{cache.VERSION}").mkdir(parents=True)
    (host / name).write_bytes(data)
    (host / f"v{cache.VERSION}" / "SHA512SUMS").write_text(f"{digest}  {name}\n")
    (host / "install.sh").touch()
    text = Path(archive.__file__).read_text().replace(archive.CHECKSUMS, f"{host.as_uri()}/")
    script = tmp_path / "archive.py"
    script.write_text(text.replace('f"{HOST}releases/sdk/"', f'"{host.as_uri()}/"'))
    monkeypatch.setattr(archive, "HOST", f"{host.as_uri()}/")
    monkeypatch.setattr(archive, "__file__", str(script))
    assert installer.install(tmp_path / "made", 0) is right
    assert (tmp_path / "made" / "bin" / "pulumi").exists() is right
    assert ("has not the published checksum" in capsys.readouterr().err) is not right
