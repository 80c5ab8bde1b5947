"""Jobs that were given up together: one message to the operators tells of all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, insert, select, update

from bot.domain.job import Burst, Job, JobState
from bot.store.outbox import burst as table
from bot.store.outbox import job
from bot.store.rows import key_of, noun_of, nouns, values_of


class Bursts:
    """The bursts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def join(self, dead: Job, *, at: datetime, within: timedelta) -> Burst:
        """Count a dead job to the burst that began a moment ago, or begin one."""
        newest = select(table).order_by(table.c.id.desc()).limit(1)
        found = self._connection.execute(newest).one_or_none()
        known = noun_of(Burst, found) if found else None
        burst = known if known and known.begun_at > at - within else self._begin(Burst(begun_at=at))
        self._connection.execute(update(job).where(job.c.id == dead.id).values(burst_id=burst.id))
        return burst

    def _begin(self, new: Burst) -> Burst:
        done = self._connection.execute(insert(table).values(**values_of(new, without=["id"])))
        return replace(new, id=key_of(done))

    def get(self, burst_id: int) -> Burst | None:
        """Return one burst."""
        found = self._connection.execute(select(table).where(table.c.id == burst_id)).one_or_none()
        return noun_of(Burst, found) if found else None

    def dead(self, burst_id: int) -> list[Job]:
        """Return its jobs that nobody has seen to, the oldest first."""
        of_it = and_(job.c.state == JobState.DEAD, job.c.burst_id == burst_id)
        return nouns(self._connection, Job, select(job).where(of_it).order_by(job.c.dead_at, job.c.id))

    def save(self, burst: Burst) -> None:
        """Keep where its message stands, and who saw to it last."""
        here = update(table).where(table.c.id == burst.id)
        self._connection.execute(here.values(**values_of(burst, without=["id"])))
