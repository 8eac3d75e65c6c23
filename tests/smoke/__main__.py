"""Write the table of `docs/smoke.md`.

python -m tests.smoke
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.emulator.callbacks import Callbacks
from tests.smoke.broken import PAGE, TWELVE, ended, page, row
from tests.smoke.world import World
from tests.support.emulator import Emulator

emulator, callbacks = Emulator(strict=True), Callbacks()
with tempfile.TemporaryDirectory() as folder:
    world = World(emulator, Path(folder))
    try:
        rows = []
        for broken in TWELVE:
            emulator.reset()
            callbacks.reset()
            world.restore()
            rows.append(row(broken, ended(broken, world, callbacks, Path(folder))[2]))
        PAGE.write_text(page(rows), "utf-8")
    finally:
        world.stop_bot()
        callbacks.stop()
        emulator.stop()
