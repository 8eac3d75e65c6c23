"""Writes the report of `examples/second-channel/` and the previews in `docs/recipes.md`.

python -m tests.recipes
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.recipes.pages import pages
from tests.support.emulator import Emulator

emulator = Emulator(strict=True)
try:
    with tempfile.TemporaryDirectory() as folder:
        for file, text in pages(Path(folder), emulator).items():
            file.write_text(text, "utf-8")
finally:
    emulator.stop()
