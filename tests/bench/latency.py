"""Measures a post's way from our door to Slack: ``python -m tests.bench latency [--times N] [--seconds N]``.

``goshawk run`` as installed, durable (SQLite, WAL, FULL). Each post is a signed
delivery of its own, by somebody new; from the moment at which it was due to leave
until the Slack stub holds the message with its mark. 50 a second: every one is a
complaint and becomes a card. 1,000 a second: one in twenty is. The pause between
two cards of a channel is off, and so is the board into which cases fold when they
come too fast for a channel: the house is measured and not Slack's limit.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable, Sequence

from tests.bench.rig import children
from tests.bench.rig.children import Child, quantile
from tests.bench.rig.sender import COMPLAINT, NOISE, Heard, Sender, mark, single


def says(every: int) -> Callable[[int], str]:
    """Return what post number so-and-so says: one in ``every`` complains."""
    return lambda number: NOISE if number % every else COMPLAINT


async def _sent(bot: Child, numbers: Sequence[int], every: int, per_s: float) -> Heard:
    sender = Sender(bot.port)
    try:
        return await sender.at_pace(single(says(every)), numbers, per_s=per_s)
    finally:
        sender.close()


def ways(bot: Child, slack: Child, numbers: Sequence[int], *, every: int, per_s: float) -> tuple[list[float], int, int]:
    """Send, wait for the cards; return each one's seconds, how many never came, and refused deliveries."""
    slack.asked("/forget", "POST")
    heard = asyncio.run(_sent(bot, numbers, every, per_s))
    wanted = {mark(number): heard.sent_at[number] for number in numbers if number % every == 0}
    end, found = time.monotonic() + 60, dict[str, float]()
    while len(found) < len(wanted) and time.monotonic() < end:
        time.sleep(0.5)
        found = {one: at for at, marks in reversed(slack.asked("/seen")) for one in marks if one in wanted}
    return [at - wanted[one] for one, at in found.items()], len(wanted) - len(found), heard.wrong


def main(argv: Sequence[str] | None = None) -> None:
    """Print medians."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench latency", description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args(argv)
    for per_s, every, goal in ((50, 1, "p50 <= 10 ms, p99 <= 25 ms"), (1_000, 20, "p99 <= 50 ms")):
        rounds = []
        for _ in range(options.times):
            with (
                children.folder() as cwd,
                children.slack(cwd) as slack,
                children.goshawk(slack.url, cwd, storm=0) as bot,
            ):
                ways(bot, slack, range(50), every=1, per_s=25)
                numbers = range(1_000, 1_000 + int(per_s * options.seconds))
                rounds.append(ways(bot, slack, numbers, every=every, per_s=per_s))
        if not any(spans for spans, _, _ in rounds):
            raise SystemExit(f"At {per_s:,}/s no card reached Slack: there is nothing to time.")
        half, most = (
            statistics.median(1_000 * quantile(spans, share) for spans, _, _ in rounds if spans)
            for share in (0.5, 0.99)
        )
        print(  # noqa: T201 - a benchmark speaks to a terminal
            f"{per_s:,}/s, 1 in {every} a card: p50 {half:,.0f} ms  p99 {most:,.0f} ms  never seen within a minute "
            f"{sum(missing for _, missing, _ in rounds)}  refused {sum(wrong for *_, wrong in rounds)}  (goal {goal}; "
            f"{children.machine()}, median of {options.times})"
        )


if __name__ == "__main__":
    main()
