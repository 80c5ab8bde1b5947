"""What the tests of the command line share: a clean terminal in a folder of its own, and processes that end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.cli import terminal
from tests.cli.terminal import Process, started


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, with nothing of Goshawk in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in set(os.environ) - set(terminal.environment()):
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def goshawk(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process, which is quicker than a new one, through the door that the script takes."""

    def run(*words: str | Path, **environment: str) -> Said:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return run


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Start commands as processes; whatever still runs at the end is killed."""
    running: list[Process] = []

    def begin(*words: str | Path, cwd: Path = tmp_path, env: dict[str, str] | None = None) -> Process:
        running.append(started(*words, cwd=cwd, env=env))
        return running[-1]

    yield begin
    for process in running:
        if process.handle.poll() is None:
            process.handle.kill()
        process.handle.communicate()
