"""The job table walked at random by two processes: no promise is lost, none is kept by two at once, all have a turn."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from bot.domain.job import WIDTH, Job, JobState, paced
from bot.jobs.runner import FAULTS, LEASE
from bot.store.outbox import job as table
from bot.store.outbox import pace
from tests.campaign.disk import memory
from tests.fakes.posts import START

KIND = "card"
LANES = ("", "room:cases", "replies")
#: Keys that are promised once for ever; all others come up anew when they are promised again.
FINAL = ("k0", "k1")
SECOND = timedelta(seconds=1)

workers = st.sampled_from(["one", "two"])
keys = st.sampled_from([f"k{number}" for number in range(14)])
lanes = st.sampled_from(["room:cases", *LANES])
waits = st.sampled_from([timedelta(), timedelta(), SECOND, timedelta(minutes=10)])


class LifeOfPromises(RuleBasedStateMachine):
    """Two processes over one table; whoever dies or sleeps through a lease goes on believing what it believed."""

    def __init__(self) -> None:
        super().__init__()
        base = memory()
        base.blank.backup(base.kept)
        self.store = base.store
        self.loop = asyncio.Runner()
        self.now = START
        self.held: dict[str, dict[int, Job]] = {"one": {}, "two": {}}
        self.zombies: list[Job] = []
        self.promised: set[str] = set()
        self.kept: dict[str, int] = {}
        """The newest wish that was kept for a key."""
        self.failed: Counter[str] = Counter()
        self.fences: dict[int, int] = defaultdict(int)

    def teardown(self) -> None:
        self.loop.close()

    # --- hands and eyes

    def do(self, work: Callable[[Any], Any]) -> Any:
        return self.loop.run(self.store.transact(work))

    def rows(self) -> dict[int, Any]:
        found = self.loop.run(self.store.read(lambda unit: unit.jobs._connection.execute(select(table)).all()))
        return {row.id: row for row in found}

    def is_ours(self, job: Job) -> bool:
        row = self.rows()[job.id]
        return row.state == JobState.RUNNING and row.fence == job.fence

    def try_as(self, job: Job, act: Callable[[Any], bool]) -> bool:
        """Do something with a job: it works for whoever holds the newest fence, and for nobody else at all."""
        ours, before = self.is_ours(job), self.rows()
        done = self.do(act)
        assert bool(done) == ours
        if not ours:
            assert self.rows() == before
        return ours

    def one_of(self, data: st.DataObject, worker: str) -> Job:
        return data.draw(st.sampled_from(sorted(self.held[worker].values(), key=lambda job: job.id)))

    # --- what happens

    @rule(some=st.sets(keys, min_size=1, max_size=8), lane=lanes, urgent=st.integers(1, 4), wait=waits)
    def somebody_promises(self, some, lane, urgent, wait):
        for key in sorted(some):
            if not (key in FINAL and key in self.promised):
                self.failed[key] = 0
            self.promised.add(key)
        made = {"kind": KIND, "due": self.now + wait, "lane": lane, "urgent": urgent}
        self.do(lambda unit: [unit.jobs.add(Job(key=key, final=key in FINAL, **made)) for key in some])

    @rule(worker=workers, limit=st.sampled_from([1, 2, 3, 5, 20]))
    def somebody_claims(self, worker, limit):
        before, held = self.rows(), list(self.held[worker].values())
        resting, narrow = self.rests()

        taken = self.do(lambda unit: unit.jobs.claim([KIND], at=self.now, lease=LEASE, limit=limit, held=held))

        for job in taken:
            row = before[job.id]
            assert row.due <= self.now and row.state in {JobState.READY, JobState.RUNNING}
            assert job.fence > self.fences[job.id]
            if lost := self.held[worker].pop(job.id, None):  # another had it meanwhile: who worked on it is a ghost
                self.zombies.append(lost)
            self.fences[job.id] = job.fence
        after = self.rows()
        leased = [row for row in before.values() if row.state == JobState.RUNNING and row.due > self.now]
        assert all(after[row.id] == row for row in leased), "a lease was taken away before its end"
        self.check_turns(taken, limit, Counter(job.lane for job in held), resting, narrow)
        self.held[worker] |= {job.id: job for job in taken}

    def rests(self) -> tuple[set[str], set[str]]:
        """Return the lanes that rest now, and those that go in single file after a rest."""
        query = select(pace.c.lane, pace.c.next_at)
        found = self.loop.run(self.store.read(lambda unit: unit.jobs._connection.execute(query).all()))
        resting = {row.lane for row in found if row.next_at > self.now and paced(row.lane)}
        recent = {row.lane for row in found if row.next_at + 5 * SECOND >= self.now and paced(row.lane)}
        return resting, recent - resting

    def check_turns(
        self, taken: list[Job], limit: int, busy: Counter[str], resting: set[str], narrow: set[str]
    ) -> None:
        """Each lane in its own order, and lanes in turns: none gets a second job while another waits for its first."""
        got = Counter(job.lane for job in taken)
        room = {lane: 0 if lane in resting else (1 if lane in narrow else WIDTH) - busy[lane] for lane in LANES}
        left = [row for row in self.rows().values() if row.state == JobState.READY and row.due <= self.now]
        assert len(taken) <= limit and all(got[lane] <= max(0, room[lane]) for lane in LANES)
        for lane in LANES:
            waiting = [row for row in left if row.lane == lane]
            last = max((job.urgent for job in taken if job.lane == lane), default=0)
            assert all(row.urgent >= last for row in waiting), "a less urgent one was quicker"
            if waiting and got[lane] < room[lane]:
                assert len(taken) == limit, "somebody waits for nothing"
                assert got[lane] + 1 >= max(got.values()), "a lane waits for another's second"

    @precondition(lambda self: any(self.held.values()))
    @rule(worker=workers)
    def somebody_renews(self, worker):
        for job in list(self.held[worker].values()):
            if not self.try_as(job, lambda unit, job=job: unit.jobs.renew(job, until=self.now + LEASE)):
                self.zombies.append(self.held[worker].pop(job.id))

    @precondition(lambda self: any(self.held.values()))
    @rule(worker=workers, data=st.data())
    def somebody_begins_a_call(self, worker, data):
        if self.held[worker]:
            job = self.one_of(data, worker)
            self.try_as(job, lambda unit: unit.jobs.attempt(job, at=self.now))

    @precondition(lambda self: any(self.held.values()))
    @rule(worker=workers, data=st.data())
    def somebody_finishes(self, worker, data):
        if self.held[worker]:
            job = self.held[worker].pop(self.one_of(data, worker).id)
            if self.try_as(job, lambda unit: unit.jobs.finish(job)):
                self.kept[job.key] = job.wish

    @precondition(lambda self: any(self.held.values()))
    @rule(worker=workers, data=st.data(), sure=st.booleans(), wait=waits)
    def somebody_fails(self, worker, data, sure, wait):
        """Fail as the runner does for a fault that nobody foresaw: after the fifth the job is given up."""
        if not self.held[worker]:
            return
        job = self.held[worker].pop(self.one_of(data, worker).id)
        again = self.rows()[job.id].wish != job.wish
        if job.faults + 1 >= FAULTS:
            before = self.is_ours(job)
            died = self.do(lambda unit: unit.jobs.bury(job, at=self.now, trouble="broken"))
            assert bool(died) == (before and not again)
        else:
            due = self.now + wait
            back = {"due": due, "trouble": "broken", "counted": True, "fault": True, "sure": sure}
            if self.try_as(job, lambda unit: unit.jobs.put_back(job, **back)) and not again:
                self.failed[job.key] += 1

    @precondition(lambda self: any(self.held.values()))
    @rule(worker=workers, data=st.data(), wait=st.sampled_from([SECOND, timedelta(seconds=20)]))
    def somebody_finds_no_turn(self, worker, data, wait):
        mine = [job for job in self.held[worker].values() if paced(job.lane)]
        if mine:
            job = self.held[worker].pop(data.draw(st.sampled_from(sorted(mine, key=lambda one: one.id))).id)
            until = self.now + wait
            self.try_as(job, lambda unit: unit.jobs.rest(job, at=self.now, until=until, trouble="", sure=False))

    @rule(worker=workers)
    def somebody_dies(self, worker):
        """Leave everything as it stands; a ghost of it may still try to write."""
        self.zombies += self.held[worker].values()
        self.held[worker] = {}

    @precondition(lambda self: self.zombies)
    @rule(data=st.data(), act=st.sampled_from(["finish", "renew", "attempt"]))
    def a_ghost_acts(self, data, act):
        job = data.draw(st.sampled_from(self.zombies))
        more = {"finish": {}, "renew": {"until": self.now + LEASE}, "attempt": {"at": self.now}}[act]
        if self.try_as(job, lambda unit: getattr(unit.jobs, act)(job, **more)) and act == "finish":
            self.kept[job.key] = job.wish

    @rule(retry=st.booleans())
    def an_operator_looks_at_what_was_given_up(self, retry):
        dead = self.do(lambda unit: unit.jobs.dead())
        if retry:
            self.do(lambda unit: unit.jobs.revive(dead, at=self.now))
            for job in dead:
                self.failed[job.key] = 0
        else:
            self.do(lambda unit: unit.jobs.drop(dead))
            self.kept |= {job.key: job.wish for job in dead}

    @rule(span=st.sampled_from([SECOND, timedelta(seconds=12), LEASE, timedelta(minutes=11)]))
    def time_passes(self, span):
        self.now += span

    # --- the laws

    @invariant()
    def no_promise_is_lost(self):
        rows = {row.key: row for row in self.rows().values()}
        assert rows.keys() == self.promised
        for key, row in rows.items():
            assert row.state != JobState.DONE or self.kept[key] == row.wish, f"{key} is done, and nobody did it"

    @invariant()
    def nobody_keeps_what_another_keeps(self):
        believers = Counter(job.id for held in self.held.values() for job in held.values() if self.is_ours(job))
        assert all(count == 1 for count in believers.values())

    @invariant()
    def what_fails_again_and_again_is_given_up(self):
        for row in self.rows().values():
            assert row.faults < FAULTS and self.failed[row.key] < FAULTS

    @invariant()
    def whatever_is_open_comes_up_by_itself(self):
        """A running job comes back when its lease ends, a ready one when it is due: nothing waits for a person."""
        latest = self.now + timedelta(minutes=11)
        assert all(row.due <= latest for row in self.rows().values() if row.state != JobState.DONE)


LifeOfPromises.TestCase.settings = settings(max_examples=60, stateful_step_count=50)
test_the_life_of_promises = LifeOfPromises.TestCase
