"""F7: two hundred clicks a second in a storm, on a database whose every commit takes 200 ms.

Slack knocks over HTTP at the bot itself, all in one process (``goshawk run``, SQLite).
Half of the clicks are commands, half presses; each claims a case of its own. Beside
them arrive ten times the posts of a busy day's busiest second, by a signed webhook.
``python -m tests.campaign.clicks CASES`` is that bot. Figures are for who reads
them: a busy machine says nothing about the bot.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event

from bot.app import Part
from bot.cli.run import run
from tests.bench.ack import knock
from tests.bench.rig import children
from tests.bench.rig.children import quantile
from tests.bench.rig.door import _fill
from tests.bench.rig.sender import COMPLAINT, Heard, Sender, single

#: What a commit takes, in seconds, above what it takes anyway.
COMMIT_S: Final = 0.2
#: Clicks and posts a second.
CLICKS, POSTS = 200, 50
#: Connections at once: enough that nobody waits for one, as at Slack.
LINES: Final = 1_000
#: The first ones are not counted: connections, caches and statements are made by them.
WARM: Final = 50


@dataclass(frozen=True)
class Acks:
    """How long Slack waited, in milliseconds, and what became of it."""

    clicks: int
    p50: float
    p99: float
    longest: float
    wrong: int
    unclaimed: int
    """Cases whose claim was acknowledged and that nobody has."""
    posts_wrong: int
    stored: int
    """Posts that are stored when the last one was answered."""

    @property
    def holds(self) -> bool:
        """Whether it is what we promise."""
        return self.p99 < 1_000 and self.longest < 2_500 and not (self.wrong + self.unclaimed + self.posts_wrong)


def clicked(seconds: float) -> Acks:
    """Click and post for so many seconds."""
    count = int(CLICKS * seconds)
    with children.folder() as cwd, children.slack(cwd) as slack:
        env = children.settings_of(slack.url, cwd)
        bot = children.Child("-m", "tests.campaign.clicks", str(WARM + count), cwd=cwd, env=env)
        try:
            presses, posts = asyncio.run(_sent(bot.port, count))
        finally:
            bot.end()
        asked = _asked(cwd / "kept" / "goshawk.db", WARM + count)
    waits = [1_000 * one for one in presses.waits_s]
    shares = [quantile(waits, share) for share in (0.5, 0.99)]
    return Acks(count, *shares, max(waits), presses.wrong, asked[0], posts.wrong, asked[1])


async def _sent(port: int, count: int) -> tuple[Heard, Heard]:
    hands, crowd = Sender(port, lines=LINES), Sender(port)
    await hands.at_pace(knock, range(WARM), per_s=CLICKS)
    posts = range(1_000_000, 1_000_000 + int(POSTS * count / CLICKS))
    found = await asyncio.gather(
        hands.at_pace(knock, range(WARM, WARM + count), per_s=CLICKS),
        crowd.at_pace(single(lambda _: COMPLAINT), posts, per_s=POSTS),
    )
    hands.close()
    crowd.close()
    return found


def _asked(file: Path, cases: int) -> tuple[int, int]:
    with closing(sqlite3.connect(file)) as base:
        free = base.execute("SELECT count(*) FROM cases WHERE id <= ? AND assignee IS NULL", (cases,)).fetchone()[0]
        return int(free), int(base.execute("SELECT count(*) FROM mention").fetchone()[0]) - cases


def _slowly(_connection: Any) -> None:
    """Take so long for a commit; who only reads ends a transaction as well, and is not meant."""
    if threading.current_thread().name == "store-writer":
        time.sleep(COMMIT_S)


if __name__ == "__main__":
    asyncio.run(_fill(int(sys.argv[1])))
    event.listen(Engine, "commit", _slowly)
    run({}, Part.ALL)
