"""``goshawk`` as it is, in a process that tells how much it holds: ``python -m tests.bench.rush.counted run``.

At each SIGUSR1 it writes into the file named in ``BENCH_COUNTS`` how many tasks
its event loop has, and how many blocks of memory Python's objects take.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.__main__ import main


def _tell(*_: object) -> None:
    told = Path(os.environ["BENCH_COUNTS"])
    part = told.with_suffix(".part")
    part.write_text(f"{len(asyncio.all_tasks())} {sys.getallocatedblocks()}")
    part.replace(told)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _tell)
    main(sys.argv[1:])
