"""When four eyes are needed, what an approval is bound to, and whom a request calls."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approval import ApprovalRule, approvers, text_hash
from bot.domain.case import Case
from bot.domain.ids import CaseId, MentionId, ReplyId
from bot.domain.reply import Reply, ReplyState
from bot.domain.role import Grant, Role
from bot.domain.sla import Priority
from bot.errors import NotAllowed
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import START


@pytest.fixture
def case() -> Case:
    return Case(
        id=CaseId(7),
        priority=Priority.P1,
        feed="square",
        platform="Square",
        author="mara",
        account="@Harbourline",
        posted_at=START,
        seen_at=START,
        due_at=None,
        alarm_at=None,
    )


@pytest.fixture
def waiting() -> Reply:
    draft = Reply(
        id=ReplyId(3),
        case_id=CaseId(7),
        mention_id=MentionId(1),
        by=ANA.id,
        by_name=ANA.name,
        text="We found it.",
        written_at=START,
    )
    return draft.asked(at=START, why="priority P1", account="harbourline", resolves=True)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"priorities": {Priority.P1}}, "priority P1"),
        ({"routes": {"cases"}}, "public case"),
        ({"accounts": {"harbourline"}}, "account @harbourline"),
        ({"new_staff_replies": 5}, "Ana has sent 4 of the first 5 replies"),
        ({"words": ("refund",)}, "the word “refund”"),
        ({"words": ("legal  ACTION",)}, "the word “legal  ACTION”"),
    ],
)
def test_each_part_of_the_rule_asks_by_itself(case, rule, reason):
    given = ApprovalRule(**rule).reasons(case, by=ANA, sent=4, text="A ＲＥＦＵＮＤ? Or legal\naction.")

    assert given == (reason,)


def test_nothing_is_asked_by_default_except_by_the_writer(case):
    rule = ApprovalRule()

    assert rule.reasons(case, by=ANA, sent=0, text="refund") == ()
    assert rule.reasons(case, by=ANA, sent=0, asked=True) == ("Ana wants a second pair of eyes",)


def test_what_the_rule_does_not_name_needs_nobody(case):
    rule = ApprovalRule(
        priorities=frozenset({Priority.P2}),
        routes=frozenset({"private"}),
        accounts=frozenset({"ferries"}),
        new_staff_replies=4,
        words=("fund", "", "c++"),
    )

    assert rule.reasons(case, by=ANA, sent=4, text="We refund the funds in c++11.") == ()
    assert rule.reasons(replace(case, private=True), by=ANA, sent=4) == ("private case",)


@given(st.text(), st.text(), st.integers(1, 9), st.integers(1, 9), st.booleans(), st.booleans())
def test_an_approval_is_of_one_text_one_mention_one_account_and_one_audience(text, other, one, two, here, there):
    def print_of(words: str, number: int, private: bool) -> str:  # noqa: FBT001 - two of each are compared
        return text_hash(words, mention_id=MentionId(number), account=words, private=private)

    same = (text, one, here) == (other, two, there)
    assert (print_of(text, one, here) == print_of(other, two, there)) is same


def test_nobody_approves_what_they_wrote(waiting):
    with pytest.raises(NotAllowed, match="You wrote this, so somebody else has to approve it"):
        waiting.approved(by=ANA, at=START, send_at=START, account="harbourline")


@pytest.mark.parametrize("change", [{"text": "We lost it."}, {"mention_id": MentionId(2)}, {"private": True}])
def test_whatever_changed_since_it_was_asked_cannot_be_approved(waiting, change):
    with pytest.raises(NotAllowed, match="not what Ana asked about"):
        replace(waiting, **change).approved(by=BEN, at=START, send_at=START, account="harbourline")
    with pytest.raises(NotAllowed, match="not what Ana asked about"):
        waiting.approved(by=BEN, at=START, send_at=START, account="ferries")


def test_an_approved_reply_leaves_and_says_who_agreed(waiting):
    approved = waiting.approved(by=BEN, at=START, send_at=START, account="harbourline")

    assert (approved.state, approved.approver_name, approved.resolves) == (ReplyState.QUEUED, "Ben", True)
    with pytest.raises(NotAllowed, match="Ben approved this already"):
        approved.rejected(by=BEN, words="")


def test_a_rejected_reply_becomes_a_draft_that_nobody_approved(waiting):
    rejected = waiting.rejected(by=BEN, words="Name the boat.")
    draft = rejected.again(at=START, said="Ben: Name the boat.")

    with pytest.raises(NotAllowed, match="Ben rejected this already"):
        rejected.approved(by=BEN, at=START, send_at=START, account="harbourline")
    assert (draft.state, draft.text, draft.trouble) == (ReplyState.DRAFT, waiting.text, "Ben: Name the boat.")
    assert (draft.approver, draft.text_hash, draft.asked_for) == (None, "", "")


def test_what_its_writer_took_back_cannot_be_approved(waiting):
    with pytest.raises(NotAllowed, match="Ana took this back"):
        waiting.undone().approved(by=BEN, at=START, send_at=START, account="harbourline")


def test_a_request_is_made_once_and_keeps_nobody_from_writing(waiting):
    assert not waiting.under_way
    with pytest.raises(NotAllowed, match="on its way already"):
        waiting.asked(at=START, why="", account="", resolves=False)


def test_a_request_calls_the_lowest_role_that_may_approve_there(case):
    leads = Grant(role=Role.APPROVER, who=frozenset({"S0LEADS001", "U0BEN00001"}), names=("@leads", "ben"))
    boss = Grant(role=Role.ADMIN, who=frozenset({"U0CLEO0001"}), names=("cleo",))
    team = Grant(role=Role.RESPONDER, who=frozenset({"S0TEAM0001"}), names=("@team",))
    elsewhere = Grant(role=Role.APPROVER, who=frozenset({"U0DEV00001"}), accounts=frozenset({"ferries"}))

    assert approvers((boss, team, leads, elsewhere), case, but=ANA.id) == (
        ("S0LEADS001", "U0BEN00001"),
        ("@leads", "ben"),
    )
    assert approvers((boss, team), case, but=ANA.id) == (("U0CLEO0001",), ("cleo",))
    assert approvers((team,), case, but=ANA.id) == ((), ())


def test_an_only_approver_who_writes_calls_the_next_role(case):
    ben = Grant(role=Role.APPROVER, who=frozenset({BEN.id}), names=("ben",))
    boss = Grant(role=Role.ADMIN, who=frozenset({"U0CLEO0001", BEN.id}), names=("cleo", "ben"))

    assert approvers((ben, boss), case, but=BEN.id)[0] == ("U0CLEO0001",)
    assert approvers((ben,), case, but=BEN.id) == ((), ())
