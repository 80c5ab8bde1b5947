"""What fails in CI among many others is tried once more, alone, and only when it is little."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

PYTEST = "#!/bin/sh\necho tried: $*\nexit {code}\n"


def again(folder: Path, *, failed: int, code: int) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script beside so many failures and a pytest that ends with this code."""
    for place in (".ci", ".venv/bin", ".pytest_cache/v/cache"):
        (folder / place).mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "again", folder / ".ci" / "again")
    broken = {f"tests/test_some.py::test_{number}": True for number in range(failed)}
    (folder / ".pytest_cache/v/cache/lastfailed").write_text(json.dumps(broken))
    (folder / ".venv/bin/pytest").write_text(PYTEST.format(code=code))
    (folder / ".venv/bin/pytest").chmod(0o755)
    return subprocess.run([folder / ".ci" / "again"], capture_output=True, text=True, check=False)  # noqa: S603 - our own


@pytest.mark.parametrize("code", [0, 1])
def test_a_few_failures_are_tried_again_alone_and_that_try_counts(tmp_path: Path, code: int):
    done = again(tmp_path, failed=3, code=code)

    assert done.returncode == code
    assert "tried: -n 0 --last-failed" in done.stdout


def test_many_failures_are_failures(tmp_path: Path):
    done = again(tmp_path, failed=4, code=0)

    assert done.returncode == 1
    assert "tried" not in done.stdout
    assert "4 tests failed" in done.stderr


def test_what_never_ran_is_a_failure(tmp_path: Path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "again", tmp_path / ".ci" / "again")

    assert subprocess.run([tmp_path / ".ci" / "again"], capture_output=True, check=False).returncode != 0  # noqa: S603 - our own
