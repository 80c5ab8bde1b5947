"""Measures what more workers bring: ``python -m tests.bench scale [--mentions N] [--workers 1 2 4]``.

A server of its own, a Slack that answers at once, and so many workers. A flow is
a mention that became a case and stands in Slack as a card, with the promises of
its alarms. The mentions come all at once; the rate is that between the first and
the last tenth of the cards. What binds is read from the kernel's own figures.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

from bot.cases.reception import Reception
from bot.clock import SystemClock
from bot.domain.policy import Policy
from bot.domain.route import Routes
from bot.settings import only
from bot.store.engine import Store
from bot.store.schema import ensure
from tests.bench.rig.children import PATIENCE_S, ROOT, Child, free_port
from tests.bench.rig.slack import CHANNEL
from tests.fakes.cluster import Cluster
from tests.fakes.posts import complaint, mention

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_SETTINGS: Final = 'channels = { cases = "#care" }\ncard_gap_s = 0\nstorm_per_minute = 0\n'
_PAGE: Final = 100


def cpu_s(pid: int) -> float:
    """Return the seconds of processor that a process and its ended children took."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def server_s(cluster: Cluster) -> float:
    """Return what the whole server took."""
    return cpu_s(cluster.pid) + sum(map(cpu_s, children(cluster.pid)))


@contextlib.contextmanager
def workers(number: int, database: str, slack: Child, folder: Path) -> Iterator[list[int]]:
    """Start so many workers; give their numbers once all are at work."""
    (folder / "goshawk.toml").write_text(_SETTINGS)
    kept = {name: to for name, to in os.environ.items() if not name.startswith(("GOSHAWK_", "SLACK_", "DATABASE"))}
    ours = {"DATABASE_URL": database, "SLACK_API_URL": f"{slack.url}/api/", "PYTHONPATH": str(ROOT)}
    ours |= {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_APP_TOKEN": "xapp-bench", "PYTHONUNBUFFERED": "1"}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bot", "worker"], cwd=folder, env={**kept, **ours}, stdout=subprocess.PIPE, text=True
        )
        for _ in range(number)
    ]
    try:
        for one in running:
            assert one.stdout
            assert "at work" in one.stdout.readline()
        yield [one.pid for one in running]
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.communicate(timeout=PATIENCE_S)


async def bring(url: str, number: int) -> None:
    """Store so many complaints of different people, page by page."""
    store = Store(url)
    store.open()
    reception = Reception(store, SystemClock(), Policy(routes=Routes(CHANNEL)))
    for first in range(0, number, _PAGE):
        now = SystemClock().now()
        page = [(mention(by=f"guest{first + one}", at=now, seen_at=now), complaint()) for one in range(_PAGE)]
        await reception.receive(page, feed="square")
    store.close()


def rate(slack: Child, number: int) -> float:
    """Wait for every card; return how many came in a second between the first and the last tenth of them."""
    end = time.monotonic() + 60 + number / 10
    while len(seen := slack.asked("/seen")) < number:
        assert time.monotonic() < end, f"only {len(seen)} of {number} cards"
        time.sleep(0.2)
    moments = sorted(moment for moment, _ in seen)[number // 10 : -number // 10]
    return len(moments) / (moments[-1] - moments[0])


def once(cluster: Cluster, number: int, mentions: int, folder: Path) -> str:
    """Return the line of so many workers."""
    name = f"scale{number}_{time.monotonic_ns()}"
    with create_engine(only(database_url=cluster.url).store_url, isolation_level="AUTOCOMMIT").connect() as line:
        line.execute(text(f"CREATE DATABASE {name}"))
    url = only(database_url=f"{cluster.url.removesuffix('/postgres')}/{name}").store_url
    ensure(url)
    slack = Child("-m", "tests.bench.rig.slack", cwd=folder)
    try:
        with workers(number, url, slack, folder) as pids:
            parties = {"workers": lambda: sum(map(cpu_s, pids)), "PostgreSQL": lambda: server_s(cluster)}
            parties["Slack"] = lambda: cpu_s(slack.handle.pid)
            before, begun = {party: look() for party, look in parties.items()}, time.monotonic()
            asyncio.run(bring(url, mentions))
            per_s = rate(slack, mentions)
            took = time.monotonic() - begun
            used = {party: look() - before[party] for party, look in parties.items()}
    finally:
        slack.handle.kill()
        slack.handle.communicate()
    cores = {party: spent / took for party, spent in used.items()}
    told = [f"{party} {used[party] / mentions * 1_000:.1f} ms a flow ({cores[party]:.2f} cores)" for party in used]
    shares = ", ".join(told)
    return f"{number} worker(s): {per_s:6.0f} flows/s   CPU: {shares}; load {os.getloadavg()[0]:.1f}"


def main(argv: Sequence[str] | None = None) -> None:
    """Print a line for each number of workers."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench scale", description=__doc__)
    parser.add_argument("--mentions", type=int, default=1_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)
        cluster = Cluster(folder / "cluster", free_port())
        cluster.make()
        try:
            for number in given.workers:
                print(once(cluster, number, given.mentions, folder), flush=True)  # noqa: T201 - a benchmark speaks
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
