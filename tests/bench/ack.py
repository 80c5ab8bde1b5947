"""Measures how long Slack waits for an ack over HTTP: ``python -m tests.bench ack [--times N] [--seconds N]``.

Half typed ``/social claim N``, half pressed Claim, each on a case of its own, all
signed. Ours goes through the door (signature, repetition refused and that stored),
Bolt and the desk, and the claim is committed (SQLite, WAL, FULL) before the ack.
Beside it, in the same run, a default Bolt hello world that stores nothing. Waiting
counts from the moment a request was due, at the sender. Then 500 a second.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sqlite3
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.rig import children
from tests.bench.rig.children import quantile
from tests.bench.rig.sender import Heard, Sender, by_slack
from tests.bench.rig.slack import CHANNEL, PERSON

#: Requests a second: a busy desk, and far beyond it.
BUSY, RUSH = 50, 500
#: The first ones are not counted: connections, caches and statements are made by them.
WARM = 100


def knock(number: int) -> bytes:
    """Return a command for even numbers, a press for odd ones; case numbers begin with 1."""
    case = number + 1
    if number % 2:
        return by_slack(urlencode({"payload": json.dumps(_press(case))}).encode())
    told = {"command": "/social", "text": f"claim {case}", "user_id": PERSON, "channel_id": CHANNEL}
    more = {"team_id": "T0BENCH001", "trigger_id": f"1.{number}", "response_url": "http://127.0.0.1:9/none"}
    return by_slack(urlencode({**told, **more}).encode())


def _press(case: int) -> dict[str, object]:
    return {
        "type": "block_actions",
        "user": {"id": PERSON, "team_id": "T0BENCH001"},
        "team": {"id": "T0BENCH001"},
        "channel": {"id": CHANNEL},
        "trigger_id": f"2.{case}",
        "container": {"type": "message", "channel_id": CHANNEL, "message_ts": f"{case}.000100"},
        "message": {"ts": f"{case}.000100"},
        "actions": [
            {"type": "button", "action_id": "case.claim", "block_id": "b", "value": f"{case}:1", "action_ts": "1.1"}
        ],
    }


async def _sent(port: int, *, first: int, count: int, per_s: float) -> Heard:
    sender = Sender(port)
    try:
        return await sender.at_pace(knock, range(first, first + count), per_s=per_s)
    finally:
        sender.close()


def round_of(start: Callable[[int], children.Child], *, seconds: float) -> tuple[Heard, Heard, float]:
    """Run one side: warm, at the busy rate, in the rush; return both and its CPU per request of the busy part."""
    busy, rush = int(BUSY * seconds), int(RUSH * seconds / 2)
    one = start(WARM + busy + rush)
    try:
        asyncio.run(_sent(one.port, first=0, count=WARM, per_s=BUSY))
        before = one.cpu_s()
        calm = asyncio.run(_sent(one.port, first=WARM, count=busy, per_s=BUSY))
        cpu = (one.cpu_s() - before) / busy
        return calm, asyncio.run(_sent(one.port, first=WARM + busy, count=rush, per_s=RUSH)), cpu
    finally:
        one.end()


def _unclaimed(file: Path) -> int:
    """Return how many cases nobody has: each was asked for once, so there must be none."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT count(*) FROM cases WHERE assignee IS NULL").fetchone()[0])


def main(argv: Sequence[str] | None = None) -> None:
    """Print medians of both sides."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench ack", description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args(argv)
    found: dict[str, list[tuple[Heard, Heard, float]]] = {"ours": [], "hello": []}
    unclaimed = 0
    for _ in range(options.times):
        with children.folder() as cwd, children.slack(cwd) as slack:
            env = children.settings_of(slack.url, cwd)
            fixed = {**env, "PORT": str(children.free_port())}
            ours = lambda cases: children.Child("-m", "tests.bench.rig.door", str(cases), cwd=cwd, env=env)  # noqa: B023, E731 - called at once
            hello = lambda _: children.Child("-m", "tests.bench.rivals.hello", cwd=cwd, env=fixed)  # noqa: B023, E731 - called at once
            found["ours"].append(round_of(ours, seconds=options.seconds))
            unclaimed += _unclaimed(cwd / "kept" / "goshawk.db")
            found["hello"].append(round_of(hello, seconds=options.seconds))
    medians = {}
    for side, rounds in found.items():
        calm = [
            statistics.median(1_000 * quantile(one.waits_s, share) for one, _, _ in rounds) for share in (0.5, 0.99)
        ]
        rush = [
            statistics.median(1_000 * quantile(one.waits_s, share) for _, one, _ in rounds) for share in (0.5, 0.99)
        ]
        wrong = [sum(pair[part].wrong for pair in rounds) for part in (0, 1)]
        cpu_ms = statistics.median(1_000 * cpu for _, _, cpu in rounds)
        medians[side] = calm
        print(  # noqa: T201 - a benchmark speaks to a terminal
            f"{side:<6} {BUSY}/s: p50 {calm[0]:.1f} ms  p99 {calm[1]:.1f} ms  errors {wrong[0]}  "
            f"CPU {cpu_ms:.1f} ms each;  {RUSH}/s: p50 {rush[0]:.0f} ms  p99 {rush[1]:.0f} ms  errors {wrong[1]}"
        )
    print(f"acknowledged and not claimed: {unclaimed}")  # noqa: T201 - the same
    ratio = medians["ours"][0] / medians["hello"][0]
    print(  # noqa: T201 - the same
        f"ours / hello, p50: {ratio:.2f}  (goals: p50 <= 4 ms, p99 <= 10 ms, <= 0.33 of hello, no errors at {RUSH}/s; "
        f"{children.machine()}, median of {options.times})"
    )


if __name__ == "__main__":
    main()
