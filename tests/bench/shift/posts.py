"""What customers write on that day, and when: the project's own posts to a written rhythm, or a file of real ones.

Nothing of a file is kept: it is read, played and forgotten.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from bot.demo.script import Post, load, load_storm
from tests.bench.shift.hours import dice_of

#: Posts an hour from midnight on: a quiet night, a lunch, and the evening in which the gates stand still.
RHYTHM: Final = (12, 8, 5, 4, 5, 9, 22, 40, 58, 64, 60, 66, 72, 64, 58, 60, 70, 84, 110, 140, 168, 120, 70, 30)
#: How often somebody writes who wrote in the last hours.
AGAIN: Final = 0.2
#: The zone of the people in airline.csv.gz at that time of the year, against UTC.
EASTERN: Final = timedelta(hours=-5)

_LABELLED: Final = Path(__file__).parents[2] / "data" / "labelled_posts.jsonl"


@dataclass(frozen=True)
class Written:
    """One post of the day."""

    at: datetime
    handle: str
    text: str
    given: dict[str, Any] = field(default_factory=dict)


def own_day(midnight: datetime, *, seed: int, rhythm: Sequence[int] = RHYTHM) -> list[Written]:
    """Return the day written for the project, in order."""
    dice = dice_of(seed, "posts")
    texts, storm = _texts(dice), iter(load_storm())
    day: list[Written] = []
    for hour, count in enumerate(rhythm):
        begins = midnight + timedelta(hours=hour)
        moments = sorted(begins + timedelta(seconds=dice.randrange(3_600)) for _ in range(count))
        for moment in moments:
            post = next(storm, None) if count == max(rhythm) and dice.random() < 0.5 else None
            day.append(_again(day, dice, next(texts), moment) if post is None else _of_demo(post, moment))
    return day


def _again(day: Sequence[Written], dice: random.Random, written: Written, at: datetime) -> Written:
    """Let the post be by somebody new, or now and then by who wrote not long ago."""
    known = [one.handle for one in day[-60:]]
    handle = dice.choice(known) if known and dice.random() < AGAIN else f"{written.handle}_{len(day)}"
    return Written(at, handle, written.text, written.given)


def _texts(dice: random.Random) -> Iterator[Written]:
    """Yield what the project's people ever wrote, shuffled, over and over."""
    nobody = datetime.min.replace(tzinfo=UTC)
    demo = [_of_demo(beat.post, nobody) for beat in load() if not beat.again]
    rows = [json.loads(line) for line in _LABELLED.read_text(encoding="utf-8").splitlines()]
    labelled = [Written(nobody, f"guest_{row['id']}", row["text"], {"network": row["network"]}) for row in rows]
    pool = demo + labelled
    dice.shuffle(pool)
    yield from cycle(pool)


def _of_demo(post: Post, at: datetime) -> Written:
    given = {"network": post.network, "lang": post.lang, "visibility": post.visibility, "photos": post.photos}
    return Written(at, post.author.handle, post.text, given | {"followers": post.author.followers})


def real_day(file: Path, midnight: datetime) -> list[Written]:
    """Return the local day around the busiest hour of a file, moved to ours with its real spacing."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
        rows = [(datetime.fromisoformat(row["created_at"]) + EASTERN, row) for row in csv.DictReader(opened)]
    busiest, _ = Counter(at.replace(minute=0, second=0) for at, _ in rows).most_common(1)[0]
    begins = busiest.replace(hour=0)
    ours = sorted((pair for pair in rows if begins <= pair[0] < begins + timedelta(days=1)), key=lambda pair: pair[0])
    return [Written(midnight + (at - begins), row["author"], row["text"], {"network": "x"}) for at, row in ours]


def peak(day: Sequence[Written]) -> int:
    """Return how many posts came in the busiest hour by the clock."""
    return max(Counter(one.at.replace(minute=0, second=0, microsecond=0) for one in day).values())


def by_hour(day: Sequence[Written]) -> list[int]:
    """Return how many posts come in each hour of a day."""
    counted = Counter(one.at.hour for one in day)
    return [counted[hour] for hour in range(24)]
