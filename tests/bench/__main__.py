"""Runs one benchmark: ``python -m tests.bench NAME [flags]``; each file beside this one is one NAME."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def names() -> list[str]:
    """Return every benchmark."""
    return sorted(path.stem.replace("_", "-") for path in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> None:
    """Hand the rest of the line to the benchmark that was named."""
    name, *rest = sys.argv[1:] or [""]
    if name not in names():
        sys.exit(f"Name a benchmark: python -m tests.bench {' | '.join(names())}  (each explains itself with --help)")
    importlib.import_module(f"tests.bench.{name.replace('-', '_')}").main(rest)


if __name__ == "__main__":
    main()
