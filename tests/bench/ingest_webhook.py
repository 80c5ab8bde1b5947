"""Measures signed posts one by one: ``python -m tests.bench ingest-webhook [--times N] [--posts N]``.

Ours is ``goshawk run``: each post is stored durably (SQLite, WAL, FULL) before the
2xx, judged, and a complaint becomes a case. As installed such a rush folds into the
board of its channel, one message for all ("board"); the same with the board switched
off, so that every case gets a card of its own ("cards"). Beside them, in the same run,
a 60-line script with Bolt's client and VADER that stores nothing, so it has no cases
either. All get the project's labelled posts in turn, over 32 connections, and talk to
the same Slack stub, which answers at once. What is still to be drawn when the last
post was taken is not part of the rate; how long it took is told.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.rig import children
from tests.bench.rig.children import Child
from tests.bench.rig.sender import Heard, Sender, real_texts, single

LINES = 32
WARM = 200


@dataclass
class Round:
    """One side, once."""

    per_s: float
    cpu_ms: float
    after_s: float
    """From the last answer to the last message in Slack."""
    messages: int
    wrong: int


async def _sent(port: int, numbers: Sequence[int]) -> Heard:
    texts, sender = real_texts(), Sender(port)
    try:
        return await sender.at_once(single(lambda number: texts[number % len(texts)]), numbers, lines=LINES)
    finally:
        sender.close()


def round_of(side: Child, slack: Child, posts: int) -> Round:
    """Send to one side and wait until Slack is quiet."""
    asyncio.run(_sent(side.port, range(WARM)))
    _quiet(slack)
    slack.asked("/forget", "POST")
    spent = side.cpu_s()
    heard = asyncio.run(_sent(side.port, range(WARM, WARM + posts)))
    ended, cpu = time.monotonic(), side.cpu_s() - spent
    seen = _quiet(slack)
    after = max(0.0, seen[-1][0] - ended) if seen else 0.0
    return Round(posts / heard.wall_s, 1_000 * cpu / posts, after, len(seen), heard.wrong)


def _quiet(slack: Child) -> list[list[float]]:
    """Return what Slack heard, once nothing new came for two seconds."""
    seen: list[list[float]] = []
    while True:
        time.sleep(2)
        before, seen = len(seen), slack.asked("/seen")
        if len(seen) == before:
            return seen


def main(argv: Sequence[str] | None = None) -> None:
    """Print medians of both sides."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench ingest-webhook", description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--posts", type=int, default=3_000)
    options = parser.parse_args(argv)
    found: dict[str, list[Round]] = {"script": [], "board": [], "cards": []}
    scorer = ""
    for _ in range(options.times):
        with children.folder() as cwd, children.slack(cwd) as slack:
            env = {**children.settings_of(slack.url, cwd), "PORT": str(children.free_port())}
            with children.child("-m", "tests.bench.rivals.script", cwd=cwd, env=env) as script:
                scorer = script.said
                found["script"].append(round_of(script, slack, options.posts))
        for side, storm in (("board", 30), ("cards", 0)):
            with (
                children.folder() as cwd,
                children.slack(cwd) as slack,
                children.goshawk(slack.url, cwd, storm=storm) as bot,
            ):
                found[side].append(round_of(bot, slack, options.posts))
    rates = {}
    for side, rounds in found.items():
        rates[side] = statistics.median(one.per_s for one in rounds)
        cpu, after = (statistics.median(getattr(one, name) for one in rounds) for name in ("cpu_ms", "after_s"))
        print(  # noqa: T201 - a benchmark speaks to a terminal
            f"{side:<7} {rates[side]:,.0f} posts/s  CPU {cpu:.2f} s per 1,000  messages {rounds[-1].messages} "
            f"(the last {after:.1f} s after)  refused {sum(one.wrong for one in rounds)}"
        )
    ratios = "  ".join(f"{side} / script: {rates[side] / rates['script']:.2f}" for side in ("board", "cards"))
    print(  # noqa: T201 - the same
        f"{ratios}  (goal 0.7; stretch 3,000/s, CPU 0.3 s per 1,000; the script {scorer.partition(',')[0]}; "
        f"{children.machine()}, median of {options.times})"
    )


if __name__ == "__main__":
    main()
