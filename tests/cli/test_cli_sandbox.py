"""``goshawk sandbox`` on a file that keeps its workspace."""

from __future__ import annotations

from bot.cli.sandbox import SANDBOX_LOCK, WORKSPACE
from bot.store.lock import held


def test_two_sandboxes_cannot_keep_one_workspace(goshawk, start, tmp_path):
    keep = tmp_path / "hello.db"
    first = start("sandbox", "--port", "0", "--keep", keep)
    first.line()

    second = goshawk("sandbox", "--port", "0", "--keep", keep, "--exit-after", "0")
    beside = goshawk("sandbox", "--port", "0", "--keep", tmp_path / "other.db", "--exit-after", "0")

    assert (second.code, second.out, beside.code) == (2, "", 0)
    assert "another sandbox, demo or replay writes it" in second.err
    assert first.stopped()[0] == 0
    assert goshawk("sandbox", "--port", "0", "--keep", keep, "--exit-after", "0").code == 0


def test_a_sandbox_leaves_the_workspace_of_a_running_demo_alone(goshawk, tmp_path):
    with held(tmp_path, name=SANDBOX_LOCK):
        done = goshawk("sandbox", "--port", "0", "--keep", tmp_path / WORKSPACE, "--exit-after", "0")

    assert done.code == 2 and "name another file with --keep" in done.err
