"""Write the previews of the ten changes, and their reports in `docs/examples/`.

python -m tests.review              previews with the real CLI, then writes the reports
python -m tests.review --reports    writes only the reports, from the stored previews
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.review.make_previews import FOLDER, previews
from tests.review.reports import pages
from tests.support.emulator import Emulator

if "--reports" not in sys.argv[1:]:
    emulator = Emulator(strict=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in previews(Path(folder), emulator):
                (FOLDER / f"{name}.json").write_text(text, "utf-8")
    finally:
        emulator.stop()
for file, text in pages().items():
    file.write_text(text, "utf-8")
