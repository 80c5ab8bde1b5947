"""The whole desk walked at random: rights, freeze, four eyes, undo, private posts, deletion and erasure at once."""

import asyncio
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.cases.erasure import Erasures
from bot.domain.approval import ApprovalRule, text_hash
from bot.domain.ids import CaseId
from bot.domain.mention import Visibility
from bot.domain.reply import Reply, ReplyState
from bot.errors import NotAllowed
from bot.store.engine import Store
from tests.fakes import feed as platform
from tests.fakes.clock import TurnableClock
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN, CLEO, DEV, GUEST, ROBOT, STRANGER
from tests.fakes.posts import complaint, mention

#: A reply that promises money is read by a second person.
RULE = ApprovalRule(words=("refund",))
POLICY_OF_THE_DAY = replace(POLICY, approval=RULE)
OUTSIDERS = {one.id for one in (GUEST, STRANGER, ROBOT)}

people = st.sampled_from([ANA, BEN, CLEO, DEV, GUEST, STRANGER, ROBOT])
team = st.sampled_from([ANA, BEN, CLEO])
authors = st.sampled_from(["mara", "nils"])
numbers = st.integers(1, 2).map(CaseId)
texts = st.sampled_from(["We found it.", "You get a refund today.", "Refund? Let us look."])
outcomes = st.sampled_from([platform.taken, platform.refused, platform.applied_and_lost, platform.killed_after])


class LifeOfATrustedDesk(RuleBasedStateMachine):
    """Two customers, a team, three who may do nothing, and a platform in several moods."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.clock = TurnableClock()
        self.store = Store(f"sqlite:///{path}", inline=True)
        self.store.open()
        self.office = Office(self.store, self.clock, POLICY_OF_THE_DAY)
        self.erasures = Erasures(self.store, self.clock, POLICY_OF_THE_DAY)
        self.posts: dict[str, str] = {}
        self.stood_when_frozen: int | None = None

    def teardown(self) -> None:
        self.store.close()
        self.loop.close()

    def do(self, verb) -> bool:
        """Do what somebody asks and keep what is due; say whether it was allowed."""
        allowed = False
        with suppress(NotAllowed):
            self.loop.run(verb)
            allowed = True
        self.loop.run(self.office.work())
        return allowed

    @initialize()
    def one_complaint_is_there(self):
        self.somebody_complains(by="mara", visibility=Visibility.PUBLIC)

    @rule(by=authors, visibility=st.sampled_from([Visibility.PUBLIC, Visibility.PRIVATE, Visibility.UNKNOWN]))
    def somebody_complains(self, by, visibility):
        post = mention(by=by, at=self.clock.now(), visibility=visibility)
        self.posts[by] = post.post_id
        self.do(self.office.receive((post, complaint())))

    @rule(number=numbers, by=people, act=st.sampled_from(["claim", "release", "reopen", "snooze"]))
    def anybody_presses(self, number, by, act):
        if self.is_there(number):
            self.do(getattr(self.office.desk, act)(number, by=by))

    @rule(number=numbers, by=people, text=texts, outcome=outcomes)
    def anybody_replies(self, number, by, text, outcome):
        if self.is_there(number):
            self.office.feed.will(outcome)
            self.do(self.office.answer(number, text, by=by))

    @rule(number=numbers, by=team, second=team, text=texts, outcome=outcomes)
    def two_colleagues_answer(self, number, by, second, text, outcome):
        self.anybody_replies(number=number, by=by, text=text, outcome=outcome)
        self.anybody_decides(by=second, act="approve", number=number)
        self.time_passes(span=timedelta(seconds=20))

    @rule()
    def the_lead_lets_it_go_on(self):
        self.anybody_unfreezes(by=CLEO)

    @rule(number=numbers, by=people)
    def anybody_undoes(self, number, by):
        if self.is_there(number):
            self.do(self.office.sending.undo(number, by=by))

    @rule(by=people, act=st.sampled_from(["approve", "reject"]), number=numbers)
    def anybody_decides(self, by, act, number):
        for reply in self.replies():
            if reply.state is ReplyState.AWAITING and reply.case_id == number:
                self.do(getattr(self.office.approvals, act)(reply.id, by=by))

    @rule(by=people)
    def anybody_freezes(self, by):
        if self.do(self.office.gate.freeze(by=by, reason="statement in preparation")):
            assert by.id not in OUTSIDERS
            self.stood_when_frozen = len(self.office.feed.ledger)

    @rule(by=people)
    def anybody_unfreezes(self, by):
        if self.do(self.office.gate.unfreeze(by=by)):
            assert by == CLEO
            self.stood_when_frozen = None

    @rule(by=authors)
    def the_author_deletes_a_post(self, by):
        if by in self.posts:
            gone = [self.posts[by]]
            self.do(self.office.reception.receive([], feed="square", gone=gone))

    @rule(by=people, handle=authors)
    def anybody_erases_a_person(self, by, handle):
        async def erase():
            traces = await self.erasures.find(handle, by=by)
            await self.erasures.erase(traces.person.newest, by=by)

        if self.do(erase()):
            assert by == CLEO

    @rule(span=st.sampled_from([timedelta(seconds=20), timedelta(minutes=3), timedelta(hours=2)]))
    def time_passes(self, span):
        self.loop.run(self.office.pass_time(span))

    def is_there(self, number: CaseId) -> bool:
        return any(case.id == number for case in self.loop.run(self.office.cases()))

    def replies(self) -> list[Reply]:
        cases = self.loop.run(self.office.cases())
        return [
            one for case in cases for one in self.loop.run(self.store.read(lambda u, c=case: u.replies.of_case(c.id)))
        ]

    @invariant()
    def nothing_leaves_while_sending_is_frozen(self):
        if self.stood_when_frozen is not None:
            assert len(self.office.feed.ledger) == self.stood_when_frozen

    @invariant()
    def what_needed_a_second_person_was_read_by_one_as_it_left(self):
        by_key = {reply.key: reply for reply in self.replies()}
        for outgoing in self.office.feed.ledger:
            reply = by_key[outgoing.key]
            if "refund" in outgoing.text.casefold():
                assert reply.approver not in {None, reply.by}
                answered = {"mention_id": reply.mention_id, "account": outgoing.answers.terms.account}
                assert reply.text_hash == text_hash(outgoing.text, **answered, private=outgoing.private)

    @invariant()
    def nobody_from_outside_leaves_a_trace(self):
        for case in self.loop.run(self.office.cases()):
            events = self.loop.run(self.store.read(lambda unit, case=case: unit.events.of_case(case.id)))
            assert OUTSIDERS.isdisjoint({one.by for one in events})
            assert case.assignee not in OUTSIDERS

    @invariant()
    def a_private_post_is_answered_in_private_by_those_who_may_read_it(self):
        by_key = {reply.key: reply for reply in self.replies()}
        for outgoing in self.office.feed.ledger:
            assert outgoing.private is outgoing.answers.private
            assert by_key[outgoing.key].by != DEV.id or not outgoing.private

    @invariant()
    def the_public_reads_every_reply_once(self):
        keys = [outgoing.key for outgoing in self.office.feed.ledger]
        assert len(keys) == len(set(keys))


def test_the_life_of_a_trusted_desk(template, tmp_path):
    made = iter(range(100_000))

    def machine() -> LifeOfATrustedDesk:
        path = tmp_path / f"{next(made)}.db"
        shutil.copy(template, path)
        return LifeOfATrustedDesk(path)

    run_state_machine_as_test(machine, settings=settings(max_examples=20, stateful_step_count=25))
