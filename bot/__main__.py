"""``python -m bot`` and the console script ``goshawk``."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence


def main(typed: Sequence[str] | None = None) -> None:
    """Run one command, as typed on the command line; a person's mistake ends with one sentence and exit code 2."""
    from bot.errors import GoshawkError  # noqa: PLC0415 - shells out of the way of ``python -m bot.store.schema``

    try:
        from bot.cli import commands  # noqa: PLC0415 - takes a moment, in which somebody may press Ctrl-C

        commands.app(args=typed, prog_name="goshawk")
    except GoshawkError as error:
        sys.stderr.write(f"goshawk: {error}\n")
        sys.exit(2)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the end of the process tries again
        sys.stderr.write(f"goshawk: What should be printed finds no room: {error.strerror}.\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
