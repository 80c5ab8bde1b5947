"""The whole desk walked at random: rights, freeze, four eyes, undo, private posts, edits, deletion, erasure at once.

What must hold is judged by the test's own book of who was given what, who could
read each post, and which words were taken back: never by what the desk says.
"""

import asyncio
import itertools
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as walk

from bot.cases.erasure import Erasures
from bot.cases.gate import Gate
from bot.domain.approval import ApprovalRule, text_hash
from bot.domain.case import Case, Resolution
from bot.domain.ids import CaseId, StaffId
from bot.domain.mention import Mention, Visibility
from bot.domain.reply import Reply, ReplyState
from bot.domain.role import Grant, Role
from bot.domain.staff import Staff
from bot.domain.verdict import Reason, Verdict
from bot.errors import NotAllowed
from bot.store.engine import Store
from tests.fakes import feed as platform
from tests.fakes.clock import TurnableClock
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN, CLEO, DEV, GUEST, ROBOT, STRANGER
from tests.fakes.posts import complaint, mention

VERA = Staff(StaffId("U0VERA0001"), "Vera", reads_private=True)
NORA = Staff(StaffId("U0NORA0001"), "Nora", is_owner=True, reads_private=True)
#: Who was given what. Nora was forgotten; that she owns the workspace is no role. Guests may be named in vain.
RANKS = {one.id: rank for one, rank in [(VERA, 1), (ANA, 2), (BEN, 2), (DEV, 3), (CLEO, 4)]}
GRANTS = (
    Grant(role=Role.VIEWER, who=frozenset({VERA.id})),
    Grant(role=Role.RESPONDER, who=frozenset({ANA.id, BEN.id, GUEST.id, STRANGER.id, ROBOT.id})),
    Grant(role=Role.APPROVER, who=frozenset({DEV.id})),
    Grant(role=Role.ADMIN, who=frozenset({CLEO.id})),
)
#: What each verb wants; whatever is not named here wants a responder.
WANTS = {"approve": 3, "reject": 3, "request_changes": 3, "unfreeze": 3, "erase": 4}
READERS = {one.id for one in (ANA, BEN, CLEO)}
WITHOUT_A_SAY = {one.id for one in (VERA, NORA, GUEST, STRANGER, ROBOT)}
#: A reply that promises money is read by a second person.
POLICY_OF_THE_DAY = replace(POLICY, approval=ApprovalRule(words=("refund",)), grants=GRANTS)
MAIL = "mara@post.example"

team = st.sampled_from([ANA, BEN, CLEO, DEV])
readers, leads = st.sampled_from([ANA, BEN, CLEO]), st.sampled_from([DEV, CLEO])
people = st.one_of(team, st.sampled_from([VERA, NORA, GUEST, STRANGER, ROBOT]))
authors = st.sampled_from(["mara", "nils"])
visibilities = st.sampled_from(list(Visibility))
numbers = st.integers(0, 2)
texts = st.sampled_from(["We found it.", "You get a refund today.", "Refund? Let us look."])
outcomes = st.sampled_from([platform.taken, platform.refused, platform.applied_and_lost, platform.killed_after])


async def at_once(_span: float) -> None:
    """Sleep not at all."""


class LifeOfATrustedDesk(RuleBasedStateMachine):
    """Two customers, a team of four roles, five who may do nothing, and a platform in several moods."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.clock, self.path = TurnableClock(), path
        self.store = Store(f"sqlite:///{path}", inline=True)
        self.store.open()
        self.office = Office(self.store, self.clock, POLICY_OF_THE_DAY)
        self.office.gate = Gate(self.store, self.clock, POLICY_OF_THE_DAY, sleep=at_once)
        self.erasures = Erasures(self.store, self.clock, POLICY_OF_THE_DAY)
        self.stood_when_frozen: int | None = None
        self.made = itertools.count()
        self.posts: dict[str, Mention] = {}
        """The newest of each author."""
        self.words: dict[str, str] = {}
        """The one word that tells a post from all others."""
        self.typed: dict[str, set[str]] = defaultdict(set)
        """The same for what staff wrote, by whom it is about."""
        self.about: dict[CaseId, set[str]] = defaultdict(set)
        self.ever_private: set[str] = set()
        self.gone: set[str] = set()
        """Words that nobody may find any more."""
        self.judged = 0

    def teardown(self) -> None:
        self.store.close()
        self.loop.close()

    def do(self, verb, *, act: str = "", by: Staff | None = None) -> bool:
        """Do what somebody asks and keep what is due; say whether it was allowed, which must be right."""
        allowed = False
        with suppress(NotAllowed):
            self.loop.run(verb)
            allowed = True
        assert not allowed or by is None or RANKS.get(by.id, 0) >= WANTS.get(act, 2), (act, by)
        self.loop.run(self.office.work())
        return allowed

    # --- customers

    @initialize()
    def one_complaint_is_there(self):
        self.somebody_complains(by="mara", visibility=Visibility.PUBLIC)

    @rule(by=authors, visibility=visibilities)
    def somebody_complains(self, by, visibility):
        post = mention(by=by, at=self.clock.now(), visibility=visibility)
        self.do(self.office.receive(self.written(by, post)))

    @precondition(lambda self: self.posts)
    @rule(by=authors, visibility=visibilities)
    def the_author_edits_a_post(self, by, visibility):
        if by in self.posts:
            self.gone.add(self.words[self.posts[by].post_id])
            changed = self.written(by, replace(self.posts[by], visibility=visibility))
            self.do(self.office.reception.receive([], feed="square", edited=[changed]))

    @precondition(lambda self: self.posts)
    @rule(by=authors)
    def the_author_deletes_a_post(self, by):
        if by in self.posts:
            post = self.posts.pop(by)
            self.gone.add(self.words[post.post_id])
            self.do(self.office.reception.receive([], feed="square", gone=[post.post_id]))

    def written(self, by: str, post: Mention) -> tuple[Mention, Verdict]:
        """Put a word of its own into a post, note who can read it, and quote it in the verdict."""
        word = f"word{next(self.made)}x"
        self.posts[by] = post = replace(post, text=f"My {word} bag is lost.")
        self.words[post.post_id] = word
        if post.visibility is not Visibility.PUBLIC:
            self.ever_private.add(post.post_id)
        return post, replace(complaint(), reasons=(Reason("loss", word, 2.5),))

    # --- staff

    @rule(number=numbers, by=people, act=st.sampled_from(["claim", "release", "reopen", "snooze"]))
    def anybody_presses(self, number, by, act):
        self.do(getattr(self.office.desk, act)(self.picked(number), by=by), act=act, by=by)

    @rule(number=numbers, by=people, act=st.sampled_from(["note", "escalate", "assign", "resolve"]))
    def anybody_writes(self, number, by, act):
        number = self.picked(number)
        words = {"note": "text", "escalate": "reason"}.get(act, "note")
        more = {"assign": {"to": BEN}, "resolve": {"resolution": Resolution.HANDED_OVER}}.get(act, {})
        more[words] = f"{self.saying(number)}, {MAIL}"
        self.do(getattr(self.office.desk, act)(number, by=by, **more), act=act, by=by)

    @rule(number=numbers, by=people, text=texts, outcome=outcomes)
    def anybody_replies(self, number, by, text, outcome):
        self.reply(self.picked(number), by, text, outcome)

    @rule(of=authors, visibility=visibilities, by=readers, second=leads, text=texts, outcome=outcomes)
    def a_complaint_is_answered(self, of, visibility, by, second, text, outcome):
        self.somebody_complains(by=of, visibility=visibility)
        self.anybody_unfreezes(by=CLEO)
        post_id = self.posts[of].post_id
        number = self.loop.run(self.store.read(lambda unit: unit.mentions.at("Square", post_id))).case_id
        self.do(self.office.desk.assign(number, to=by, by=CLEO), act="assign", by=CLEO)
        self.reply(number, by, text, outcome)
        self.decide(number, second, "approve")
        self.time_passes(span=timedelta(seconds=20))

    def reply(self, number: CaseId, by: Staff, text: str, outcome) -> None:
        self.office.feed.will(outcome)
        self.do(self.office.answer(number, f"{text} {self.saying(number)}", by=by), act="reply", by=by)

    @rule(number=numbers, by=people)
    def anybody_undoes(self, number, by):
        self.do(self.office.sending.undo(self.picked(number), by=by), act="undo", by=by)

    @precondition(lambda self: any(one.state is ReplyState.AWAITING for one in self.replies()))
    @rule(by=people, act=st.sampled_from(["approve", "reject", "request_changes"]), number=numbers)
    def anybody_decides(self, by, act, number):
        self.decide(self.picked(number), by, act)

    def decide(self, number: CaseId, by: Staff, act: str) -> None:
        waiting = [one for one in self.replies() if one.state is ReplyState.AWAITING and one.case_id == number]
        for reply in waiting:
            seen = {"seen": [one.id for one in waiting]}
            more = seen if act == "approve" else {"words": f"{self.saying(number)}, {MAIL}"}
            verb = getattr(self.office.approvals, act)(reply.id, by=by, shown=reply.text_hash, **more)
            if self.do(verb, act=act, by=by):
                assert by.id != reply.by

    def saying(self, number: CaseId) -> str:
        """Return a word of staff's own, and remember whom it is about."""
        word = f"said{next(self.made)}x"
        author = next(case.author for case in self.cases() if case.id == number)
        self.about[number].add(word)
        self.typed[author].add(word)
        return word

    # --- who leads, and the clock

    @precondition(lambda self: any(one.under_way for one in self.replies()))
    @rule(by=people)
    def anybody_freezes(self, by):
        if self.do(self.office.gate.freeze(by=by, reason=f"statement for {MAIL}"), act="freeze", by=by):
            self.stood_when_frozen = len(self.office.feed.ledger)

    @precondition(lambda self: self.stood_when_frozen is not None)
    @rule(by=people)
    def anybody_unfreezes(self, by):
        if self.do(self.office.gate.unfreeze(by=by), act="unfreeze", by=by):
            self.stood_when_frozen = None

    @rule(by=st.one_of(people, leads), handle=authors)
    def anybody_erases_a_person(self, by, handle):
        async def erase():
            traces = await self.erasures.find(handle, by=by)
            await self.erasures.erase(traces.person.newest, by=by)

        theirs = {self.words[post.post_id] for post in [self.posts.get(handle)] if post} | self.typed[handle]
        if self.do(erase(), act="erase", by=by):
            self.gone |= theirs
            self.posts.pop(handle, None)
            self.typed[handle] = set()

    @rule(handle=authors, number=numbers, act=st.sampled_from(["note", "escalate"]))
    def a_person_is_written_about_and_erased(self, handle, number, act):
        self.anybody_writes(number=number, by=CLEO, act=act)
        self.anybody_erases_a_person(by=CLEO, handle=handle)

    @rule(span=st.sampled_from([timedelta(seconds=20), timedelta(minutes=3), timedelta(hours=2)]))
    def time_passes(self, span):
        self.loop.run(self.office.pass_time(span))

    # --- eyes

    def cases(self) -> list[Case]:
        return self.loop.run(self.office.cases())

    def picked(self, number: int) -> CaseId:
        """Return one of the newest cases."""
        newest = self.cases()[-3:]
        return newest[number % len(newest)].id

    def replies(self) -> list[Reply]:
        of_case = [self.store.read(lambda unit, c=case: unit.replies.of_case(c.id)) for case in self.cases()]
        return [reply for found in of_case for reply in self.loop.run(found)]

    # --- what holds whatever happens

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
                assert reply.approver != reply.by and RANKS[reply.approver] >= WANTS["approve"]
                answered = {"mention_id": reply.mention_id, "account": outgoing.answers.terms.account}
                assert reply.text_hash == text_hash(outgoing.text, **answered, private=outgoing.private)

    @invariant()
    def nobody_without_a_role_leaves_a_trace(self):
        for case in self.cases():
            events = self.loop.run(self.store.read(lambda unit, case=case: unit.events.of_case(case.id)))
            assert WITHOUT_A_SAY.isdisjoint({one.by for one in events})
            assert case.assignee not in WITHOUT_A_SAY

    @invariant()
    def what_was_ever_private_is_answered_in_private_by_those_who_may_read_it(self):
        by_key = {reply.key: reply for reply in self.replies()}
        for outgoing in self.office.feed.ledger[self.judged :]:
            if outgoing.post_id in self.ever_private:
                assert outgoing.private
            if not self.ever_private:
                assert not outgoing.private
            assert not outgoing.private or {by_key[outgoing.key].by, by_key[outgoing.key].approver} <= {None, *READERS}
        self.judged = len(self.office.feed.ledger)

    @invariant()
    def no_private_word_is_drawn_for_who_may_not_read_it(self):
        private = {self.words[post_id] for post_id in self.ever_private}
        for case in self.cases():
            told = repr(self.loop.run(self.office.board.timeline(case.id)))
            hidden = private | (self.about[case.id] if case.private else set())
            assert [word for word in hidden if word in told] == []

    @invariant()
    def what_was_taken_back_is_nowhere_and_what_staff_typed_is_masked(self):
        with closing(sqlite3.connect(self.path)) as database:
            stored = "\n".join(database.iterdump())
        assert [word for word in self.gone if word in stored] == []
        assert MAIL not in stored

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

    walk(machine, settings=settings(max_examples=20, stateful_step_count=25))
