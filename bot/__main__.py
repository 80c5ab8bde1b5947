"""``python -m bot`` and the console script ``goshawk``."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(typed: Sequence[str] | None = None) -> None:
    """Run one command, as typed on the command line; a person's mistake ends with one sentence and exit code 2."""
    from bot.cli import commands  # noqa: PLC0415 - shells out of the way of ``python -m bot.store.schema``
    from bot.errors import GoshawkError  # noqa: PLC0415

    try:
        commands.app(args=typed, prog_name="goshawk")
    except GoshawkError as error:
        sys.stderr.write(f"goshawk: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
