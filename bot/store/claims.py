"""Who is next: due jobs, taken under a lease, lane by lane, at a cost that no backlog changes.

An index over the jobs that are ready, by lane and urgency, is walked from one
pair to the next: a lane with ten thousand due jobs is one step, like a lane
with one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, select, text, update

from bot.domain.job import WIDTH, Job, JobState, paced
from bot.store.outbox import job as table
from bot.store.outbox import pace
from bot.store.rows import noun_of

#: How long a lane goes on in single file after it had to rest.
NARROW: Final = timedelta(seconds=5)
#: Jobs that are taken over in one look.
_AT_ONCE: Final = 100
# Written out, not bound: only so does the database see that its index of this state serves.
_IS_READY = text("job.state = 'ready'")
IS_RUNNING = text("job.state = 'running'")
IS_DEAD = text("job.state = 'dead'")

# Written once: building them costs more than running them.
_LOST = (
    select(table.c.id)
    .where(
        and_(
            IS_RUNNING,
            table.c.due <= bindparam("now"),
            table.c.id.not_in(bindparam("held", expanding=True)),
        )
    )
    .limit(_AT_ONCE)
)
_TAKE = (
    update(table)
    .where(table.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=JobState.RUNNING,
        due=bindparam("until", type_=table.c.due.type),
        tries=table.c.tries + 1,
        fence=table.c.fence + 1,
    )
    .returning(table)
)
_NEXT_TURN = select(pace.c.next_at).where(pace.c.lane == bindparam("this"))
# From lane to lane and urgency to urgency by the index, so that no backlog is walked through.
_HEADS = text("""
    WITH RECURSIVE head(id, lane, urgent, due) AS (
        SELECT id, lane, urgent, due FROM (
            SELECT id, lane, urgent, due FROM job WHERE state = 'ready' ORDER BY lane, urgent, due, id LIMIT 1
        ) AS first
        UNION ALL
        SELECT next.id, next.lane, next.urgent, next.due FROM head JOIN job AS next ON next.id = coalesce(
            (SELECT id FROM job WHERE state = 'ready' AND job.lane = head.lane AND job.urgent > head.urgent
             ORDER BY job.urgent, job.due, job.id LIMIT 1),
            (SELECT id FROM job WHERE state = 'ready' AND job.lane > head.lane
             ORDER BY job.lane, job.urgent, job.due, job.id LIMIT 1)
        )
    )
    SELECT lane, urgent FROM head WHERE due <= :at ORDER BY lane, urgent
""").bindparams(bindparam("at", type_=table.c.due.type))
_FIRST = (
    select(table.c.id, table.c.urgent, table.c.due)
    .where(
        and_(
            _IS_READY,
            table.c.lane == bindparam("this"),
            table.c.urgent == bindparam("how"),
            table.c.due <= bindparam("now"),
            table.c.kind.in_(bindparam("kinds", expanding=True)),
        )
    )
    .order_by(table.c.due, table.c.id)
    .limit(bindparam("most"))
)


def _in_turns(queues: Sequence[Sequence[Any]]) -> list[Any]:
    """Deal one of each lane, the most urgent first, then the second of each, until all are dealt."""
    by_head = sorted(
        (queue for queue in queues if queue), key=lambda queue: (queue[0].urgent, queue[0].due, queue[0].id)
    )
    return [row for row in chain.from_iterable(zip_longest(*by_head)) if row is not None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is ready to work on."""

    kinds: Sequence[str]
    at: datetime
    limit: int
    held: Sequence[Job]
    """What runs there already."""


def claim(connection: Connection, asked: Asked, *, until: datetime) -> list[Job]:
    """Take due jobs until a moment: lanes are served in turns, each up to its width."""
    _take_over(connection, asked)
    busy = Counter(job.lane for job in asked.held)
    queues = [
        _first_of(connection, asked, lane, urgencies, most=min(asked.limit, width - busy[lane]))
        for lane, urgencies in _lanes_due(connection, asked.at).items()
        if (width := _width(connection, lane, asked.at)) > busy[lane]
    ]
    ids = [row.id for row in _in_turns(queues)[: asked.limit]]
    if not ids:
        return []
    rows = connection.execute(_TAKE, {"ids": ids, "until": until})
    return sorted((noun_of(Job, row) for row in rows), key=lambda job: (job.urgent, ids.index(job.id)))


def _take_over(connection: Connection, asked: Asked) -> None:
    """Make ready what somebody claimed who did not renew the lease: a process that died, or sleeps."""
    theirs = {"now": asked.at, "held": [job.id for job in asked.held]}
    if ids := list(connection.execute(_skipping_locked(connection, _LOST), theirs).scalars()):
        connection.execute(update(table).where(table.c.id.in_(ids)).values(state=JobState.READY))


def _lanes_due(connection: Connection, at: datetime) -> dict[str, list[int]]:
    """Return the lanes in which anything is due, and how urgent that is, the most urgent first."""
    found: dict[str, list[int]] = {}
    for lane, urgent in connection.execute(_HEADS, {"at": at}):
        found.setdefault(lane, []).append(urgent)
    return found


def _width(connection: Connection, lane: str, at: datetime) -> int:
    """Return how many jobs of a lane may run: none while it rests, one at a time when it rested a moment ago."""
    next_at = connection.execute(_NEXT_TURN, {"this": lane}).scalar_one_or_none() if paced(lane) else None
    if next_at is None or next_at + NARROW < at:
        return WIDTH
    return 0 if next_at > at else 1


def _first_of(connection: Connection, asked: Asked, lane: str, urgencies: Sequence[int], *, most: int) -> list[Any]:
    """Return the first jobs of a lane; PostgreSQL keeps them from everybody else until the end."""
    rows: list[Any] = []
    for urgent in urgencies:
        if len(rows) < most:
            wanted = {"this": lane, "now": asked.at, "how": urgent, "kinds": asked.kinds, "most": most - len(rows)}
            rows += connection.execute(_skipping_locked(connection, _FIRST), wanted).all()
    return rows


def _skipping_locked(connection: Connection, query: Select[Any]) -> Select[Any]:
    return query.with_for_update(skip_locked=True) if connection.dialect.name == "postgresql" else query
