"""`python -m egain_pulumi.emulator --port 8780 --db FILE [--latency S] [--strict] [...]`"""

from __future__ import annotations

import argparse
import sys

from .server import serve


def main() -> int:
    """Parse the command line and run the emulator; return the exit code of `serve`."""
    parser = argparse.ArgumentParser(
        prog="egain-pulumi emulator",
        description="An emulator of eGain Conversation Manager v3 on this machine.",
    )
    parser.add_argument(
        "--port", type=int, default=8780, help="port on 127.0.0.1; 0 picks a free one"
    )
    parser.add_argument("--db", required=True, metavar="FILE", help="SQLite file, or :memory:")
    parser.add_argument(
        "--latency", type=float, default=0.0, metavar="S", help="seconds to delay each answer"
    )
    parser.add_argument(
        "--strict", action="store_true", help="check every answer against the contract"
    )
    parser.add_argument(
        "--deliver-outside",
        action="store_true",
        help="also deliver to callbacks on other machines (https only)",
    )
    options = parser.parse_args()
    return serve(
        port=options.port,
        db=options.db,
        latency=options.latency,
        strict=options.strict,
        deliver_outside=options.deliver_outside,
    )


if __name__ == "__main__":
    sys.exit(main())
