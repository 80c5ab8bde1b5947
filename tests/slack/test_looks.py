"""Every case that can be is a card that Slack takes: states, replies, priorities and audiences in all their pairs."""

from __future__ import annotations

import itertools

import pytest

from bot.domain.case import Resolution, State
from bot.domain.mention import ReplyMode, Terms, Visibility
from bot.domain.reply import ReplyState
from bot.domain.sla import Priority
from bot.domain.verdict import Kind
from bot.slack.cards import draw, standing
from tests.slack import rules, sheets

CALLED = frozenset({"<!subteam^S0LEADS001>"})
NEVER_SAID = {ReplyState.DRAFT, ReplyState.UNDONE, ReplyState.REJECTED}
REPLIES = [None, *(state for state in ReplyState if state not in NEVER_SAID)]


@pytest.mark.parametrize(("state", "priority"), list(itertools.product(State, Priority)))
def test_every_pair_of_state_and_reply_is_drawn(state: State, priority: Priority):
    for reply, mode, visibility, waits in itertools.product(REPLIES, ReplyMode, Visibility, (True, False)):
        case = sheets.claimed(
            state=state,
            priority=priority,
            assignee=None if state is State.OPEN else sheets.ANA_ID,
            snoozed_until=sheets.AT if state is State.SNOOZED else None,
            resolution=Resolution.ANSWERED if state is State.RESOLVED else None,
            due_at=sheets.AT if waits else None,
            last_reply_at=sheets.AT if reply else None,
        )
        mention = sheets.mention(terms=Terms(mode=mode), visibility=visibility)
        said = sheets.reply(reply) if reply else None
        given = {"waiting": (said,)} if reply is ReplyState.AWAITING else {"reply": said}

        rules.sent(draw(sheets.sheet(case, mention, **given), sheets.POLICY), calls=CALLED)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_mention_has_words(kind: Kind):
    drawing = draw(sheets.sheet(sheets.case(kind=kind), kind=kind), sheets.POLICY)

    rules.sent(drawing)


@pytest.mark.parametrize("resolution", Resolution)
def test_every_end_is_named_with_who_did_it(resolution: Resolution):
    said = standing(sheets.case(state=State.RESOLVED, resolution=resolution, resolved_by="Ana"))

    good = resolution in {Resolution.ANSWERED, Resolution.HANDED_OVER}
    assert f"{'Resolved' if good else 'Dismissed'} by Ana: {resolution}" in said
