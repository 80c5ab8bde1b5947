"""Measures a burst against Slack's limit: ``python -m tests.bench limit [--times N] [--posts N] [--seconds S]``.

So many complaints in so many seconds, one in twelve critical, against one
message a second and channel. Each must stand in Slack, on a card or counted on
the board, within 15 s of the first, the critical ones first.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.rush.crowd import Crowd
from tests.bench.rush.watch import CARE, Rush, rush

#: One complaint in so many is critical.
_CRITICAL = 12


@dataclass(frozen=True)
class Found:
    """One burst."""

    represented: int
    all_after_s: float
    critical_after_s: float
    wasted: float
    messages: int
    edits: int
    first_critical: bool


async def burst(posts: int, seconds: float) -> Found:
    """Run one burst."""
    crowd = Crowd(posts, posts / seconds, flagged=1_000, critical=_CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        async with rush(Path(folder), crowd) as seen:
            await seen.watch(2)
            seen.calls.clear()
            crowd.let_loose()
            await seen.watch(seconds + 8)
            return measured(seen)


def measured(seen: Rush) -> Found:
    """Return what one burst showed."""
    crowd, begun = seen.crowd, seen.crowd.appears_at(0)
    numbers = {int(author[5:]): case for author, case in seen.asked("SELECT author, id FROM cases")}
    spoken = [call for call in seen.calls if call.ok and call.channel == CARE]
    boards, counts = [call for call in spoken if call.is_board], []
    for call in spoken:
        cards = sum(not one.is_board and one.method == "chat.postMessage" for one in spoken if one.at <= call.at)
        counts.append((call.at - begun, max(cards, call.counted if call.is_board else 0)))
    all_after = next((at for at, count in counts if count >= crowd.number), float("inf"))
    seen_after = {one: _seen_after(spoken, one, numbers) - crowd.appears_at(one) for one in crowd.critical()}
    attempts = [call for call in seen.calls if call.method in {"chat.postMessage", "chat.update"}]
    tops = [call.words.find("🔴 *") < _first(call.words) for call in boards if call.named]
    return Found(
        represented=max((count for at, count in counts if at <= 15), default=0),
        all_after_s=all_after,
        critical_after_s=max(seen_after.values(), default=0),
        wasted=seen.refused / max(1, len(attempts)),
        messages=sum(call.method == "chat.postMessage" for call in spoken),
        edits=sum(call.method == "chat.update" for call in spoken),
        first_critical=all(tops),
    )


def _first(words: str) -> int:
    """Return where the first entry that is not critical stands."""
    return min((at for sign in "🟠🟡⚪" if (at := words.find(f"{sign} *")) >= 0), default=len(words))


def _seen_after(spoken: Sequence[object], one: int, numbers: dict[int, int]) -> float:
    """Return when somebody could see a critical complaint: by its author, or by its number."""
    for call in spoken:
        if f"guest{one} " in call.words or f'guest{one}"' in call.words or numbers.get(one) in call.named:  # type: ignore[attr-defined]
            return call.at  # type: ignore[attr-defined, no-any-return]
    return float("inf")


def main(argv: Sequence[str] | None = None) -> None:
    """Print goal and measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench limit", description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--posts", type=int, default=59)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args(argv)
    found = [asyncio.run(burst(options.posts, options.seconds)) for _ in range(options.times)]
    median = lambda name: statistics.median(getattr(one, name) for one in found)  # noqa: E731 - one line, used below
    first = "yes" if all(one.first_critical for one in found) else "no"
    worst = max(one.all_after_s for one in found)
    print(  # noqa: T201 - a benchmark speaks to a terminal
        f"load {os.getloadavg()[0]:.1f}, {options.posts} complaints in {options.seconds:g} s, {len(found)} times\n"
        f"represented in Slack within 15 s   goal {options.posts}     {median('represented'):g} "
        f"(each time: {', '.join(str(one.represented) for one in found)})\n"
        f"all of them after                  goal 15 s   {median('all_after_s'):.1f} s (worst {worst:.1f})\n"
        f"a critical one is seen after       goal 10 s   {median('critical_after_s'):.1f} s at most\n"
        f"wasted calls                       goal < 5 %  {100 * median('wasted'):.1f} %\n"
        f"critical ones come first           goal yes    {first}\n"
        f"messages posted {median('messages'):g}, edits {median('edits'):g}"
    )


if __name__ == "__main__":
    main()
