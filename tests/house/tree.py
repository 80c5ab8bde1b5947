"""The files of the house, and how its code is read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

#: What version control does not keep is not part of the house.
IGNORED = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line] + [".git"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def files() -> tuple[Path, ...]:
    """Every file that is kept, found without asking git: a fresh machine may have none."""
    return tuple(sorted(_below(ROOT)))


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if any(fnmatch(path.name, pattern) for pattern in IGNORED):
            continue
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def under(folder: str, *endings: str) -> list[Path]:
    return [path for path in files() if name_of(path).startswith(folder) and path.suffix in endings]


CODE = under("bot/", ".py")
TESTS = under("tests/", ".py")
SANDBOX = under("bot/sandbox/", ".py", ".js", ".css", ".html")
SERVED = [path for path in CODE if not name_of(path).startswith(("bot/sandbox/", "bot/demo/"))]
PAGES = [path for path in files() if path.suffix == ".md"]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Named(NamedTuple):
    """A function or class, and how it is called: ``bot/jobs/runner.py:_Lane.serve``."""

    name: str
    node: Definition

    @property
    def public(self) -> bool:
        inside = self.name.partition(":")[2].split(".")
        return not any(part.startswith("_") and not part.endswith("__") for part in inside)


@cache
def definitions(path: Path) -> tuple[Named, ...]:
    """Every class and function of a file, those inside others too."""
    return tuple(_inside(parsed(path), f"{name_of(path)}:"))


def _inside(node: ast.AST, prefix: str) -> Iterator[Named]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            yield Named(f"{prefix}{child.name}", child)
            yield from _inside(child, f"{prefix}{child.name}.")
        else:
            yield from _inside(child, prefix)


def functions() -> Iterator[Named]:
    return (one for path in CODE for one in definitions(path) if isinstance(one.node, Function))


def classes() -> Iterator[Named]:
    return (one for path in CODE for one in definitions(path) if isinstance(one.node, ast.ClassDef))


def size(paths: list[Path]) -> int:
    """Return how many lines these files have together."""
    return sum(len(path.read_text().splitlines()) for path in paths)
