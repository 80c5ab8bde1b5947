"""``python -m bot`` and the console script ``goshawk``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run one command; a person's mistake ends with one sentence and exit code 2."""
    from bot.cli import commands  # noqa: PLC0415 - shells out of the way of ``python -m bot.store.schema``
    from bot.errors import GoshawkError  # noqa: PLC0415

    try:
        commands.app()
    except GoshawkError as error:
        sys.stderr.write(f"goshawk: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
