"""Whatever the rooms of the desk give away to be drawn is a copy without personal data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.event import Happening
from bot.domain.mention import Visibility
from bot.domain.verdict import Kept, Reason
from bot.errors import NotAllowed
from bot.privacy.veil import WITHHELD
from tests.fakes.office import Office
from tests.fakes.people import ANA, BEN, DEV
from tests.fakes.posts import complaint, mention, praise

CARD, MAIL, PHONE = "4111 1111 1111 1111", "mara@post.example", "+45 20 12 34 56"
TEXT = f"You charged {CARD} twice. Write to {MAIL} or call {PHONE}."
MASKED = "You charged [card ••11] twice. Write to [e-mail] or call [phone ••56]."
QUOTING = replace(complaint(), reasons=(Reason("money", f"charged {CARD}", 1.0), Reason("x", "1111 1111 twice", 1.0)))


async def a_case(office: Office, **given):
    post = mention(TEXT, at=office.clock.now(), **given)
    return await office.case_of((post, QUOTING))


async def every_copy(office: Office, case_id, *, closed: bool) -> list[Kept]:
    desktop = await office.drafts.begin(case_id, by=ANA)
    timeline = await office.board.timeline(case_id, closed=closed)
    sheet = await office.board.sheet(case_id, closed=closed)
    copies = [desktop.kept, (await office.drafts.look(desktop.draft.id, by=ANA)).kept, sheet.kept, *timeline.mentions]
    lines = [*await office.board.queue(), *await office.board.unclaimed()]
    return [*copies, *([sheet.first] if sheet.first else []), *[line.kept for line in lines if line.kept]]


async def test_every_copy_is_masked_and_the_original_is_kept(office: Office):
    case = await a_case(office)
    await office.receive((mention(TEXT, by="mara", at=office.clock.now()), QUOTING))

    copies = await every_copy(office, case.id, closed=False)

    assert len(copies) >= 7
    assert {copy.mention.text for copy in copies} == {MASKED}
    assert {reason.words for copy in copies for reason in copy.verdict.reasons} == {"charged [card ••11]", ""}
    assert {copy.hidden for copy in copies} == {("an e-mail address", "a card number", "a phone number")}
    stored = await office.store.read(lambda unit: unit.mentions.of_case(case.id))
    assert {kept.mention.text for kept in stored} == {TEXT}


async def test_what_was_not_flagged_is_masked_in_lists_and_roll_ups(office: Office):
    await office.receive((mention(TEXT, at=office.clock.now()), praise()))

    rolled = await office.bulletin.rollup(0, shown=5)

    assert [kept.mention.text for kept in (*rolled.shown, *await office.board.unflagged())] == [MASKED, MASKED]


async def test_private_words_are_given_to_nobody_who_does_not_ask_for_them(office: Office):
    case = await a_case(office, visibility=Visibility.PRIVATE)
    await office.answer(case.id, "Your cabin is K12.")

    timeline = await office.board.timeline(case.id)
    sheet = await office.board.sheet(case.id)
    (line,) = await office.board.queue()

    assert {kept.mention.text for kept in (*timeline.mentions, sheet.kept, line.kept)} == {WITHHELD}
    assert {reply.text for reply in (*timeline.replies, sheet.reply)} == {WITHHELD}
    assert sheet.kept.withheld and not sheet.kept.hidden
    assert (await office.board.sheet(case.id, closed=True)).kept.mention.text == MASKED


async def test_a_platform_that_quotes_the_text_is_masked_too(office: Office):
    case = await a_case(office)
    reply = await office.answer(case.id)
    quoting = replace(reply, trouble=f"Not allowed: {TEXT}")
    await office.store.transact(lambda unit: unit.replies.save(reply, quoting))

    assert (await office.board.sheet(case.id)).reply.trouble == f"Not allowed: {MASKED}"


# --- reveal


async def test_the_assignee_sees_the_original_and_the_timeline_says_so(office: Office):
    case = await a_case(office)
    await office.receive((mention("And now?", by="mara", at=office.clock.now()), complaint()))
    await office.desk.claim(case.id, by=ANA)

    found = await office.originals.reveal(case.id, by=ANA)

    assert [kept.mention.text for kept in found] == [TEXT]
    told = (await office.board.timeline(case.id)).events[-1]
    assert (told.what, told.by, told.at) == (Happening.REVEALED, ANA.id, office.clock.now())
    assert told.detail == f"mentions {found[0].id}" and "4111" not in told.detail


@pytest.mark.parametrize(
    ("holder", "why"), [(None, "Claim it first, then press again."), (ANA, "Only Ana, who has case .*Ask them.")]
)
async def test_others_are_refused_and_told_whom_to_ask(office: Office, holder, why: str):
    case = await a_case(office)
    if holder:
        await office.desk.claim(case.id, by=holder)

    with pytest.raises(NotAllowed, match=why):
        await office.originals.reveal(case.id, by=BEN)

    events = (await office.board.timeline(case.id)).events
    assert Happening.REVEALED not in {event.what for event in events}


async def test_where_nothing_is_hidden_nothing_is_revealed(office: Office):
    case = await office.case_of()
    await office.desk.claim(case.id, by=ANA)

    with pytest.raises(NotAllowed, match="Nothing is hidden"):
        await office.originals.reveal(case.id, by=ANA)


async def test_who_left_the_private_channel_reveals_nothing(office: Office):
    case = await a_case(office, visibility=Visibility.PRIVATE)
    await office.desk.claim(case.id, by=ANA)

    with pytest.raises(NotAllowed, match="Only people in the private channel read it"):
        await office.originals.reveal(case.id, by=replace(ANA, reads_private=False))
    with pytest.raises(NotAllowed):
        await office.originals.reveal(case.id, by=DEV)
