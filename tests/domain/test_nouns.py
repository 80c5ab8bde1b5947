"""The small laws of replies, mentions, policies and timelines."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.event import Happening, event
from bot.domain.ids import CaseId, MentionId, ReplyId
from bot.domain.mention import Terms, Visibility
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState, text_trouble
from bot.domain.route import Routes, Tier
from bot.domain.sla import Priority
from bot.domain.verdict import Kind, Verdict
from bot.errors import NotAllowed
from tests.fakes.people import ANA
from tests.fakes.posts import START, mention


@pytest.fixture
def reply() -> Reply:
    return Reply(
        id=ReplyId(3),
        case_id=CaseId(7),
        mention_id=MentionId(1),
        by=ANA.id,
        by_name=ANA.name,
        text="We found it.",
        written_at=START,
    )


def test_a_reply_is_sent_once_and_undone_before_it_leaves(reply):
    queued = reply.queued(send_at=START, resolves=True)

    assert queued.resolves
    assert queued.undone().state is ReplyState.UNDONE
    with pytest.raises(NotAllowed, match="on its way already"):
        queued.queued(send_at=START, resolves=False)
    with pytest.raises(NotAllowed, match="Too late to undo"):
        reply.undone()


def test_the_key_of_a_reply_is_the_same_on_every_try_and_of_no_other(reply):
    tried = replace(reply, state=ReplyState.SENDING, tried_at=START)

    assert tried.key == reply.key
    assert replace(reply, id=ReplyId(4)).key != reply.key
    assert replace(reply, written_at=START + timedelta(microseconds=1)).key != reply.key


@pytest.mark.parametrize("state", ReplyState)
def test_what_may_still_reach_the_public_is_under_way(reply, state):
    may_still = {ReplyState.QUEUED, ReplyState.SENDING, ReplyState.UNKNOWN}

    assert replace(reply, state=state).under_way is (state in may_still)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "Write the reply first."),
        (" \n", "Write the reply first."),
        ("x" * 281, "1 characters too long: 281 of 280."),
        ("x" * 280, ""),
    ],
)
def test_a_reply_that_cannot_be_sent_says_why(text, trouble):
    assert text_trouble(text, Terms(limit=280)) == trouble


@pytest.mark.parametrize(
    ("visibility", "private"),
    [(Visibility.PUBLIC, False), (Visibility.PRIVATE, True), (Visibility.UNKNOWN, True)],
)
def test_what_is_not_surely_public_is_private(visibility, private):
    assert mention(visibility=visibility).private is private


def test_trouble_is_said_to_the_operators_or_where_the_cases_are():
    assert Routes("C0CARE0001", operators="C0OPS00001").trouble == "C0OPS00001"
    assert Routes("C0CARE0001").trouble == "C0CARE0001"


def test_a_tier_is_found_by_its_name():
    policy = Policy(routes=Routes("C0CARE0001"), tiers=(Tier("lead", "C1"), Tier("PR", "C2")))

    assert [policy.tier_number(name) for name in ("lead", "pr", "boss")] == [1, 2, 0]


def test_p1_leaves_sooner():
    policy = Policy(routes=Routes("C0CARE0001"))

    assert policy.undo_window(Priority.P1) < policy.undo_window(Priority.P2)


def test_a_timeline_line_is_signed_by_staff_or_by_nobody():
    by_ana = event(CaseId(7), Happening.NOTED, at=START, by=ANA, detail="x" * 4_000)
    by_clock = event(CaseId(7), Happening.LATE, at=START)

    assert (by_ana.by, by_ana.by_name, len(by_ana.detail)) == (ANA.id, "Ana", 3_000)
    assert (by_clock.by, by_clock.by_name) == (None, "")


@pytest.mark.parametrize("kind", Kind)
def test_complaints_and_doubts_become_cases(kind):
    assert Verdict(kind=kind, score=0.0).flagged is (kind in {Kind.COMPLAINT, Kind.UNSURE})
