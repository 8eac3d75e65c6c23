"""Certificates of a test's own, and a server that shows one."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.emulator import Emulator
from tests.support.hostile import Hostile

_AUTHORITY = """
[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def certificate(folder: Path, host: str, until: str = "20991231000000Z") -> Path:
    """Make a key and a certificate that nobody has signed but itself; the file with both."""
    folder.mkdir()
    (folder / "ca.cnf").write_text(_AUTHORITY)
    (folder / "index").touch()
    (folder / "serial").write_text("01")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    names = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-new", *curve, "-keyout", "key.pem", "-out", "request.pem", *names)
    signed = ["-selfsign", "-keyfile", "key.pem", "-in", "request.pem", "-out", "cert.pem"]
    dates = ["-startdate", "20200101000000Z", "-enddate", until]
    openssl("ca", "-batch", "-notext", "-config", "ca.cnf", *signed, *dates)
    both = folder / "both.pem"
    both.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return both


@contextmanager
def secure(emulator: Emulator, both: Path) -> Iterator[Hostile]:
    """Run a hostile server that speaks TLS with a certificate; its `url` is of localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    server = Hostile(emulator, context)
    try:
        yield server
    finally:
        server.stop()
