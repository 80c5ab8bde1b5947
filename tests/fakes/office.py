"""A whole care team without Slack: the desk and its clock over one database, run by hand and in order."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bot.cases import promises
from bot.cases.approvals import Approvals
from bot.cases.attention import Attention
from bot.cases.board import Board
from bot.cases.bulletin import Bulletin
from bot.cases.context import Context
from bot.cases.courier import Courier
from bot.cases.desk import Desk
from bot.cases.drafts import Drafts
from bot.cases.gate import Gate
from bot.cases.originals import Originals
from bot.cases.reception import Reception
from bot.cases.sending import Sending
from bot.cases.taking import Taken
from bot.cases.timers import Timers
from bot.domain.case import Case, State
from bot.domain.ids import CaseId
from bot.domain.job import Job
from bot.domain.mention import Mention
from bot.domain.policy import Policy
from bot.domain.reply import Reply
from bot.domain.route import Routes, Tier
from bot.domain.staff import Staff
from bot.domain.verdict import Verdict
from bot.errors import SendLater
from bot.jobs.runner import LEASE
from bot.store.engine import Store
from tests.fakes.clock import TurnableClock
from tests.fakes.feed import Killed, WrittenFeed
from tests.fakes.people import ANA
from tests.fakes.posts import complaint, mention

#: Two steps of a ladder.
TIERS = (Tier("lead", "C0LEAD0001", ("S0LEADS001",)), Tier("pr", "C0PR000001"))
#: What the office has decided.
POLICY = Policy(routes=Routes("C0CARE0001", private="C0PRIVATE1"), tiers=TIERS)


class Office:
    """The verbs, and the jobs that they promised, kept in order when ``work`` is called."""

    def __init__(self, store: Store, clock: TurnableClock, policy: Policy = POLICY) -> None:
        self.store, self.clock, self.policy = store, clock, policy
        self.feed = WrittenFeed()
        self.desk = Desk(store, clock, policy)
        self.drafts = Drafts(store, clock, policy)
        self.sending = Sending(store, clock, policy)
        self.approvals = Approvals(store, clock, policy)
        self.gate = Gate(store, clock, policy)
        self.originals = Originals(store, clock, policy)
        self.reception = Reception(store, clock, policy)
        self.attention = Attention(store, clock, policy)
        self.board = Board(store, clock)
        self.bulletin = Bulletin(store, clock, policy)
        self.timers = Timers(store, clock, policy)
        self.courier = Courier(store, clock, {self.feed.name: self.feed})
        self.context = Context(store, clock, {self.feed.name: self.feed})
        self.lines: list[str] = []
        """What was said in threads, by subject."""
        self.calls: list[tuple[datetime, int, list[CaseId]]] = []
        """Each message to a tier: when, its number, and the cases it names."""
        self._handlers = {
            promises.SEND: self.courier.deliver,
            promises.ALARM: self.timers.ring,
            promises.WAKE: self.timers.wake,
            promises.LOOK: self.attention.look,
            promises.REST: self.attention.rest,
            promises.REMIND: self.approvals.remind,
            promises.CONTEXT: self.context.read,
            promises.TELL: self._tell,
            promises.LINE: self._say,
            promises.REDRAW: self._draw,
        }

    async def receive(self, *judged: tuple[Mention, Verdict], cursor: str | None = None) -> Taken:
        """Take a page in."""
        return await self.reception.receive(list(judged), feed="square", cursor=cursor)

    async def case_of(self, *judged: tuple[Mention, Verdict], **given: Any) -> Case:
        """Open a case by a complaint of its own and return it."""
        page = judged or ((mention(at=self.clock.now(), **given), complaint()),)
        await self.receive(*page)
        return (await self.cases())[-1]

    async def cases(self) -> list[Case]:
        """Return every case, oldest first; PostgreSQL leaves gaps between their numbers."""
        found = await self.store.read(lambda unit: unit.cases.queue(states=list(State), limit=1_000))
        return sorted(found, key=lambda case: case.id)

    async def case(self, case_id: CaseId) -> Case:
        """Return one case as it stands."""
        return (await self.board.sheet(case_id)).case

    async def answer(self, case_id: CaseId, text: str = "We found it.", *, by: Staff = ANA, **given: Any) -> Reply:
        """Write and send a reply; it leaves when its undo window ends."""
        desktop = await self.drafts.begin(case_id, by=by)
        wishes = {"resolves": False, "drawn": desktop.case.version, **given}
        return await self.sending.send(desktop.draft.id, by=by, text=text, **wishes)

    async def pass_time(self, span: timedelta) -> None:
        """Turn the clock and keep what is due then."""
        self.clock.advance(span)
        await self.work()

    async def work(self) -> None:
        """Keep every promise that is due, one at a time, as the runner does; who is killed leaves their job running."""
        while jobs := await self._claim():
            for job in jobs:
                with suppress(Killed):
                    await self._keep(job)

    async def jobs(self, *kinds: str) -> list[Job]:
        """Return the promises that are still open."""
        return await self.store.read(lambda unit: unit.jobs.open(kinds))

    async def _claim(self) -> Sequence[Job]:
        kinds, now = list(self._handlers), self.clock.now()
        return await self.store.transact(lambda unit: unit.jobs.claim(kinds, at=now, lease=LEASE, limit=1))

    async def _keep(self, job: Job) -> None:
        try:
            await self._handlers[job.kind](job)
        except SendLater as delay:
            due = self.clock.now() + timedelta(seconds=delay.retry_after_s)
            why = str(delay)
            await self.store.transact(lambda unit: unit.jobs.put_back(job, due=due, trouble=why, counted=False))
        else:
            await self.store.transact(lambda unit: unit.jobs.finish(job))

    async def _say(self, job: Job) -> None:
        self.lines.append(job.subject)

    async def _draw(self, job: Job) -> None:
        await self.board.sheet(CaseId(int(job.subject)))

    async def _tell(self, job: Job) -> None:
        tier = int(job.subject)
        untold = await self.bulletin.untold(tier)
        if untold:
            self.calls.append((self.clock.now(), tier, [escalation.case_id for escalation in untold]))
            await self.bulletin.told(untold)
