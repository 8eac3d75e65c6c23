"""Runs a long child process: output to a log file, progress on stderr every ten seconds."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from toolchain.say import Refusal, say

EVERY_SECONDS = 10.0


def run(
    argv: list[str],
    cwd: Path,
    env: dict[str, str],
    log: Path,
    line: Callable[[float, list[str]], str],
    inherit: tuple[int, ...] = (),
) -> int:
    """Run a command; `line` makes a progress line from the seconds and output lines so far."""
    started = time.monotonic()
    lines: list[str] = []
    try:
        child = subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            pass_fds=inherit,
        )
    except OSError as error:
        raise Refusal(f"{argv[0]} does not start ({error.strerror})") from error

    def collect() -> None:
        assert child.stdout is not None
        with child.stdout, log.open("w") as file:
            for text in child.stdout:
                lines.append(text)
                file.write(text)

    reader = threading.Thread(target=collect)
    reader.start()
    try:
        while True:
            reader.join(EVERY_SECONDS)
            if not reader.is_alive():
                return child.wait()
            say(line(time.monotonic() - started, list(lines)))
    finally:
        if child.poll() is None:
            child.kill()
        reader.join()
