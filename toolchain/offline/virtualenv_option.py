"""Print the environment that a Pulumi.yaml names in `runtime.options.virtualenv`, if any.

Any Python 3 runs it; PyYAML is beside it (toolchain/cache.py puts it there).
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import yaml

with Path(sys.argv[1]).open("rb") as file:
    found = yaml.safe_load(file)
for key in ("runtime", "options", "virtualenv"):
    found = found.get(key) if isinstance(found, dict) else None
if isinstance(found, str):
    sys.stdout.buffer.write(found.encode())
