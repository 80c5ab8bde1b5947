"""Measures a storm: ``python -m tests.bench storm [--minutes M] [--rate A_SECOND] [--critical ONE_IN]``. Linux only.

By default 100,000 mentions in 10 minutes, 30 % of them complaints, one of a
hundred of these critical, against Slack's own limits. The bot is a process of
its own; only its CPU and memory count. Twice a minute somebody works: claims
from the board, reads the queue.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.rush.crowd import Crowd
from tests.bench.rush.watch import Call, Rush, rush
from tests.stories.stage import elements

#: Seconds between two works of somebody at the desk.
_WORK_S = 30
#: How long a machine may take for what it could not read in time.
_LATEST_S = 300


@dataclass
class Felt:
    """How quick the desk was, in milliseconds, and what the bot held, in MiB."""

    calm: dict[str, list[float]] = field(default_factory=lambda: {"claim": [], "queue": []})
    storm: dict[str, list[float]] = field(default_factory=lambda: {"claim": [], "queue": []})
    idle_mib: float = 0.0
    most_mib: float = 0.0
    last_mib: float = 0.0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    behind: int = 0
    """Mentions that could be read and were not stored yet when the storm ended."""


async def work(seen: Rush, felt: dict[str, list[float]]) -> None:
    """Claim the first case that can be claimed in the channel, and read the queue."""
    felt["queue"].append(await seen.typed("queue"))
    for message in reversed(await seen.messages()):
        for one in elements(message):
            if one["action_id"] == "case.claim" and not message["thread_ts"]:
                felt["claim"].append(await seen.pressed(message["ts"], "case.claim", one["value"]))
                return


async def calm(felt: Felt) -> None:
    """Let a few people complain, in another house, and work as on any day."""
    with tempfile.TemporaryDirectory() as folder:
        async with rush(Path(folder), Crowd(6, 1, flagged=1_000)) as seen:
            seen.crowd.let_loose()
            await seen.watch(10)
            for _ in range(5):
                await work(seen, felt.calm)
                await seen.watch(1)


async def storm(seen: Rush, felt: Felt) -> None:
    """Let the crowd loose until all is read, and a moment longer."""
    cpu_s, begun = seen.cpu_s, time.monotonic()
    seen.crowd.let_loose()
    ends, worked = begun + seen.crowd.number / seen.crowd.per_second, begun
    while time.monotonic() < ends + 8 or (seen.stored < seen.crowd.number and time.monotonic() < ends + _LATEST_S):
        await seen.watch(2)
        felt.last_mib = seen.rss
        felt.most_mib = max(felt.most_mib, felt.last_mib)
        if time.monotonic() - worked > _WORK_S:
            worked = time.monotonic()
            await work(seen, felt.storm)
        if felt.behind == 0 and time.monotonic() >= ends:
            felt.behind = seen.crowd.number - seen.stored
    felt.cpu_s, felt.wall_s = seen.cpu_s - cpu_s, time.monotonic() - begun


async def measured(number: int, rate: float, critical: int) -> str:
    """Run a storm and return what came of it."""
    crowd, felt = Crowd(number, rate, critical=critical), Felt()
    await calm(felt)
    with tempfile.TemporaryDirectory() as folder:
        async with rush(Path(folder), crowd) as seen:
            await seen.watch(3)
            felt.idle_mib = seen.rss
            await storm(seen, felt)
            seen.look()
            return told(seen, felt)


def told(seen: Rush, felt: Felt) -> str:
    """Return goal and measured, line by line."""
    crowd, spoken = seen.crowd, [call for call in seen.calls if call.ok]
    posts = [call for call in spoken if call.method == "chat.postMessage"]
    edits = [call for call in spoken if call.method == "chat.update"]
    boards = [call for call in spoken if call.is_board]
    stored = seen.stored
    homeless = seen.asked(
        "SELECT count(*) FROM cases WHERE id NOT IN (SELECT case_id FROM folded)"
        " AND id NOT IN (SELECT case_id FROM card)"
        " AND id NOT IN (SELECT subject FROM job WHERE kind = 'card.redraw' AND state IN ('ready', 'running'))"
    )[0][0]
    opened = seen.asked("SELECT count(*) FROM mention WHERE case_id IS NOT NULL")[0][0]
    cases = seen.asked("SELECT count(*) FROM cases")[0][0]
    dead = seen.asked("SELECT count(*) FROM job WHERE state = 'dead'")[0][0]
    waits = sorted(_visible(seen, boards, spoken))
    flagged = len(crowd.flagged())
    return (
        f"load {os.getloadavg()[0]:.1f}, {crowd.number:,} mentions in {crowd.number / crowd.per_second / 60:.1f} min, "
        f"{flagged:,} complaints, {len(crowd.critical())} critical\n"
        f"mentions lost            goal 0      {crowd.number - stored} (of complaints {flagged - opened}); "
        f"{felt.behind:,} were still to be read when it ended\n"
        f"cases nowhere in Slack   goal 0      {homeless} of {cases:,}; the board counts "
        f"{max((one.counted for one in boards), default=0):,}; dead jobs {dead}\n"
        f"messages in Slack        goal 200    {len(posts) + len(edits)}: {len(posts)} posted, {len(edits)} edits "
        f"of which {sum(one.is_board for one in edits)} of the board; refused {seen.refused}\n"
        f"a critical one is seen   goal 10 s   {_spread(waits)} after it could be read\n"
        f"CPU                      goal 25 %   {100 * felt.cpu_s / felt.wall_s:.1f} % of a core, "
        f"{1_000 * felt.cpu_s / crowd.number:.2f} ms a mention\n"
        f"memory                   goal +50    +{felt.most_mib - felt.idle_mib:.0f} MiB at most, "
        f"+{felt.last_mib - felt.idle_mib:.0f} at the end (idle {felt.idle_mib:.0f})\n"
        f"a claim, to its ack      as usual    {_presses(felt.storm['claim'])}; usual {_presses(felt.calm['claim'])}\n"
        f"the queue, to its answer as usual    {_presses(felt.storm['queue'])}; usual {_presses(felt.calm['queue'])}"
    )


def _visible(seen: Rush, boards: Sequence[Call], spoken: Sequence[Call]) -> list[float]:
    """Return for each critical complaint after how many seconds somebody could see it."""
    numbers = dict(seen.asked("SELECT author, id FROM cases WHERE priority = 'P1'"))
    first: dict[int, float] = {}
    for board in boards:
        for number in board.named:
            first.setdefault(number, board.at)
    waits = []
    for one in seen.crowd.critical():
        case = numbers.get(f"guest{one}")
        card = next((call.at for call in spoken if f"guest{one} on" in call.words), float("inf"))
        waits.append(min(card, first.get(case or -1, float("inf"))) - seen.crowd.appears_at(one))
    return waits


def _spread(waits: Sequence[float]) -> str:
    if not waits:
        return "there was none"
    in_time = sum(one <= 10 for one in waits)
    return f"median {statistics.median(waits):.1f} s, most {waits[-1]:.1f} s, {in_time} of {len(waits)} in time"


def _presses(found: Sequence[float]) -> str:
    return (
        f"median {statistics.median(found):.0f} ms, most {max(found):.0f} ms ({len(found)} times)" if found else "none"
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Print goal and measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=100_000 / 600)
    parser.add_argument("--critical", type=int, default=100, help="one complaint in so many is critical")
    options = parser.parse_args(argv)
    number = round(options.minutes * 60 * options.rate)
    print(asyncio.run(measured(number, options.rate, options.critical)))  # noqa: T201 - a benchmark speaks to a terminal


if __name__ == "__main__":
    main()
