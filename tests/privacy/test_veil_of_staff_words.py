"""The copies of what staff wrote beside a case: notes, reasons, replies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.card import Escalation
from bot.domain.event import WORDY, Event, Happening, event
from bot.domain.ids import CaseId, ReplyId
from bot.domain.reply import Reply, ReplyState
from bot.privacy.veil import ON_ITS_CARD, WITHHELD, shown_escalation, shown_event, shown_reply, typed
from tests.fakes.people import ANA
from tests.fakes.posts import START

MAIL = "mara@post.example"


def told(what: Happening, detail: str) -> Event:
    return event(CaseId(1), what, at=START, by=ANA, detail=detail)


def reply(state: ReplyState, *, private: bool = False) -> Reply:
    written = {"by": ANA.id, "by_name": ANA.name, "text": f"Write to {MAIL}", "written_at": START}
    return Reply(id=ReplyId(1), case_id=CaseId(1), mention_id=1, state=state, private=private, trouble="No.", **written)  # type: ignore[arg-type]


def test_what_staff_type_is_masked_once_for_all_who_read_it():
    assert typed(f"  ask {MAIL} ") == "ask [e-mail]" == typed(typed(f"ask {MAIL}"))


@pytest.mark.parametrize("what", sorted(WORDY))
def test_the_words_behind_the_colon_are_hidden_and_those_of_ours_stay(what: Happening):
    assert shown_event(told(what, "lead: she waits: long"), closed=False).detail == f"lead: {ON_ITS_CARD}"
    assert shown_event(told(what, "lead"), closed=False).detail == "lead"
    assert shown_event(told(what, "lead: she waits"), closed=True).detail == "lead: she waits"


def test_a_note_is_hidden_whole_and_an_empty_one_stays_empty():
    assert shown_event(told(Happening.NOTED, "she: waits"), closed=False).detail == ON_ITS_CARD
    assert shown_event(told(Happening.NOTED, ""), closed=False).detail == ""


def test_numbers_and_what_the_clock_says_are_no_secret():
    assert shown_event(told(Happening.HEARD, "17"), closed=False).detail == "17"
    late = replace(told(Happening.ESCALATED, "lead: no answer in time"), by=None)
    assert shown_event(late, closed=False) == late


def test_the_reason_of_an_escalation_is_hidden_unless_the_clock_gave_it():
    up = Escalation(case_id=CaseId(1), tier=1, reason="she waits", by_name="Ana", at=START)

    assert shown_escalation(up, closed=True) == up
    assert shown_escalation(up, closed=False).reason == ON_ITS_CARD
    assert shown_escalation(replace(up, by_name=""), closed=False).reason == "she waits"


@pytest.mark.parametrize("state", ReplyState)
def test_a_reply_is_exact_for_who_writes_or_approves_it(state: ReplyState):
    exact = state in {ReplyState.DRAFT, ReplyState.AWAITING}

    assert shown_reply(reply(state)).text == (f"Write to {MAIL}" if exact else "Write to [e-mail]")


def test_a_reply_is_as_private_as_its_case_has_become():
    assert shown_reply(reply(ReplyState.SENT), private=True).text == WITHHELD
    assert shown_reply(reply(ReplyState.SENT, private=True)).text == WITHHELD
    assert shown_reply(reply(ReplyState.SENT, private=True), private=True, closed=True).text == "Write to [e-mail]"
