"""Who may do what on a private case without reading private words: the table below is the specification."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cases.rights import NEEDS, allowed, may
from bot.domain.case import Resolution
from bot.domain.mention import Visibility
from bot.domain.role import Place
from bot.domain.route import Routes
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, CLEO, DEV

#: With a private channel, for who is not in it; and without one, when nobody reads private words in Slack at all.
MATRIX = """
verb             outside  nowhere
look             yes      yes
escalate         yes      yes
assign           yes      yes
release          yes      yes
reopen           yes      yes
track            yes      yes
claim            no       yes
resolve          no       yes
snooze           no       yes
note             no       yes
flag             no       yes
stay             no       yes
undo             no       yes
settle           no       yes
take over        no       yes
reply            no       no
reveal           no       no
approve          no       no
request changes  no       no
reject           no       no
"""
#: Never asked for on one case: they are about all of them, an account, or a window that asks again.
ABOUT_NO_CASE = {"act", "freeze", "unfreeze", "export", "erase", "retry", "drop"}
NOWHERE = replace(POLICY, routes=Routes("C0CARE0001"))
SECRET = Place(account="acme", private=True)
#: Every right there is, and not in the private channel.
OUTSIDE = replace(CLEO, reads_private=False)


def rows() -> list[tuple[str, bool, bool]]:
    found = []
    for line in MATRIX.strip().splitlines()[1:]:
        *words, outside, nowhere = line.split()
        found.append((" ".join(words), outside == "yes", nowhere == "yes"))
    return found


@pytest.mark.parametrize(("verb", "outside", "nowhere"), rows())
def test_who_reads_no_private_words_may_do_what_the_table_says(verb: str, outside: bool, nowhere: bool):  # noqa: FBT001
    assert allowed(OUTSIDE, verb, POLICY, SECRET) is outside
    assert allowed(OUTSIDE, verb, NOWHERE, SECRET) is nowhere
    assert allowed(CLEO, verb, POLICY, SECRET)
    assert allowed(OUTSIDE, verb, POLICY, replace(SECRET, private=False))
    if not outside:
        with pytest.raises(NotAllowed, match="Only people in the private channel read it: ask them to invite you"):
            may(OUTSIDE, verb, POLICY, SECRET)


def test_the_table_holds_every_verb_that_is_asked_for_on_a_case():
    assert {verb for verb, _, _ in rows()} == NEEDS.keys() - ABOUT_NO_CASE


async def test_the_verbs_themselves_refuse(office: Office):
    case = await office.case_of(visibility=Visibility.PRIVATE)
    await office.answer(case.id, by=ANA)

    for deed in (
        lambda by: office.sending.undo(case.id, by=by),
        lambda by: office.desk.note(case.id, by=by, text="hm"),
        lambda by: office.desk.snooze(case.id, by=by, note="hm"),
        lambda by: office.desk.resolve(case.id, by=by, resolution=Resolution.SPAM, note="hm"),
        lambda by: office.desk.claim(case.id, by=by),
    ):
        with pytest.raises(NotAllowed, match="it is private"):
            await deed(DEV)


@pytest.mark.parametrize("by", [DEV, OUTSIDE], ids=["a responder", "who leads"])
async def test_help_is_never_refused(office: Office, by: Staff):
    case = await office.case_of(visibility=Visibility.PRIVATE)

    await office.desk.escalate(case.id, by=by, reason="nobody looks at this")
    await office.desk.assign(case.id, to=ANA, by=by)


async def test_who_left_the_private_channel_gives_their_case_back(office: Office):
    case = await office.case_of(visibility=Visibility.PRIVATE)
    await office.desk.claim(case.id, by=ANA)

    free = await office.desk.release(case.id, by=replace(ANA, reads_private=False))

    assert free.assignee is None
