"""Authors edit and delete: what they said before is not kept, and no answer leaves to what is not there."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.reception import Taken
from bot.domain.case import State
from bot.domain.event import Happening
from bot.domain.mention import Visibility
from bot.domain.removed import Removed
from bot.domain.reply import ReplyState
from bot.domain.sla import Priority
from bot.domain.verdict import Urgency
from bot.errors import NotAllowed
from tests.fakes.people import ANA, DEV
from tests.fakes.posts import START, complaint, mention, praise

CHANGED = r"^The author changed this after you began\. Read it again, then send\.$"
GONE = r"^The author deleted it\. Nothing was sent\.$"


async def says_now(office, one, text, verdict=None):
    office.clock.advance(timedelta(minutes=1))
    return await office.receive((replace(one, text=text), verdict or complaint()))


async def deletes(office, *mentions):
    office.clock.advance(timedelta(minutes=1))
    gone = [one.post_id for one in mentions]
    return await office.reception.receive([], feed="square", gone=gone)


async def kept(office, case):
    return (await office.board.sheet(case.id)).kept


async def happened(office, case):
    return [one.what for one in (await office.board.timeline(case.id)).events]


async def test_an_edited_post_is_kept_as_it_reads_now(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))

    taken = await says_now(office, one, "My bag is lost in Lisbon.")

    now = await kept(office, case)
    assert (taken.edited, taken.stored, taken.twins) == (1, 0, 1)
    assert (now.mention.text, now.edited_at) == ("My bag is lost in Lisbon.", office.clock.now())
    assert Happening.EDITED in await happened(office, case)


@pytest.mark.parametrize("text", ["My bag is lost.", "My bag is lost, my passport is K0815."])
async def test_a_post_that_its_author_makes_private_is_private_from_then_on(office, text):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    await office.answer(case.id)

    await says_now(office, replace(one, visibility=Visibility.PRIVATE), text)
    await office.pass_time(office.policy.undo)

    assert (await office.case(case.id)).private and (await kept(office, case)).withheld
    assert office.feed.ledger == []
    with pytest.raises(NotAllowed, match="it is private"):
        await office.drafts.begin(case.id, by=DEV)
    await office.answer(case.id)
    await office.pass_time(office.policy.undo)
    assert [outgoing.private for outgoing in office.feed.ledger] == [True]


async def test_a_private_post_is_never_made_public_by_an_edit(office):
    one = mention("My bag is lost.", visibility=Visibility.PRIVATE)
    case = await office.case_of((one, complaint()))

    await says_now(office, replace(one, visibility=Visibility.PUBLIC), "My bag is lost in Lisbon.")

    assert (await office.case(case.id)).private and (await kept(office, case)).withheld


async def test_blanks_and_the_same_words_are_no_edit(office):
    one = mention("My bag is lost.")
    await office.case_of((one, complaint()))

    assert (await says_now(office, one, "My bag  is lost.\n")).edited == 0


def version(one, minute, text):
    return replace(one, text=text, revised_at=START + timedelta(minutes=minute))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_versions_of_one_page_count_by_their_age(office, order):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    told = [version(one, 1, "In Lisbon."), version(one, 2, "In Porto."), version(one, 3, "In Faro.")]

    await office.receive(*[(told[index], complaint()) for index in order])

    assert (await kept(office, case)).mention.text == "In Faro."


async def test_a_version_that_says_the_same_still_outdates_those_before(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    await office.receive((version(one, 3, one.text), complaint()))

    late = await office.receive((version(one, 2, "Thank you!"), praise()))

    now = await kept(office, case)
    assert (late.edited, now.mention.text, now.edited_at) == (0, "My bag is lost.", None)
    assert Happening.EDITED not in await happened(office, case)


async def test_who_goes_back_to_what_they_said_is_heard_where_versions_are_told(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    await office.receive((version(one, 1, "My cat is lost."), complaint()))

    await office.receive((version(one, 2, "My bag is lost."), complaint()))

    assert (await kept(office, case)).mention.text == "My bag is lost."


async def test_an_old_version_that_was_private_makes_private_and_changes_no_words(office):
    one = mention("My bag is lost.")
    case = await office.case_of((version(one, 5, "My bag is lost."), complaint()))

    await office.receive((replace(version(one, 1, "K0815"), visibility=Visibility.PRIVATE), complaint()))

    assert (await office.case(case.id)).private
    assert (await office.board.sheet(case.id, closed=True)).kept.mention.text == "My bag is lost."


async def test_kind_words_that_become_a_complaint_twice_in_one_page_open_one_case(office):
    one = mention("Lovely crossing!")

    await office.receive(
        (one, praise()),
        (version(one, 1, "My bag is lost."), complaint()),
        (version(one, 2, "And my cat."), complaint()),
    )

    (case,) = await office.cases()
    assert (await kept(office, case)).mention.text == "And my cat."


async def test_another_feed_changes_and_deletes_nothing(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))

    other = replace(one, feed="archive", text="Give me money.")
    taken = await office.reception.receive([(other, complaint())], feed="archive", gone=[one.post_id])

    assert (taken.edited, taken.deleted) == (0, 0)
    assert (await kept(office, case)).mention.text == "My bag is lost."


async def test_a_danger_that_is_written_in_later_presses(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))

    await says_now(office, one, "My bag is lost and there is smoke.", complaint({Urgency.SAFETY}))

    after = await office.case(case.id)
    assert (after.priority, after.due_at < case.due_at) == (Priority.P1, True)


async def test_kind_words_that_become_a_complaint_open_a_case(office):
    one = mention("Lovely crossing!")
    await office.receive((one, praise()))

    await says_now(office, one, "My bag is lost.")

    (case,) = await office.cases()
    assert (await kept(office, case)).mention.text == "My bag is lost."


async def test_kind_words_that_become_a_complaint_join_the_case_that_their_author_has(office):
    one = mention("Lovely crossing!")
    await office.receive((one, praise()))
    await office.receive((mention("My bag is lost."), complaint()))

    await says_now(office, one, "My cat is lost, too.")

    (case,) = await office.cases()
    assert (case.mentions, (await kept(office, case)).id) == (2, 2)
    assert [one.mention.text for one in (await office.board.timeline(case.id)).mentions] == [
        "My cat is lost, too.",
        "My bag is lost.",
    ]


async def test_an_edit_of_what_nobody_knows_makes_nothing(office):
    one = mention()

    taken = await office.reception.receive([], feed="square", edited=[(one, complaint())])

    assert (taken, await office.cases()) == (Taken(), [])


async def test_send_refuses_once_when_the_author_changed_it(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    draft = (await office.drafts.begin(case.id, by=ANA)).draft
    await says_now(office, one, "My bag is lost, and so is my cat.")

    def send():
        return office.sending.send(draft.id, by=ANA, text="We found it.", resolves=False, drawn=case.version)

    with pytest.raises(NotAllowed, match=CHANGED):
        await send()
    sent = await send()

    assert (sent.state, sent.text) == (ReplyState.QUEUED, "We found it.")


async def test_who_opens_the_window_again_has_read_it(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    await office.drafts.begin(case.id, by=ANA)
    await says_now(office, one, "My bag is lost, and so is my cat.")

    assert (await office.answer(case.id)).state is ReplyState.QUEUED


async def test_a_deleted_post_leaves_no_words(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))

    taken = await deletes(office, one)

    now = await kept(office, case)
    assert (taken.deleted, now.removed, now.mention.text) == (1, Removed.DELETED, "(The author deleted this post.)")
    assert (now.mention.author.handle, now.mention.url) == ("mara", "")
    assert not any(reason.words for reason in now.verdict.reasons)
    assert Happening.DELETED in await happened(office, case)


async def test_a_deleted_post_does_not_come_back(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    await deletes(office, one)

    again = await says_now(office, one, "My bag is lost.")
    twice = await deletes(office, one)

    assert (again.stored, again.edited, twice.deleted) == (0, 0, 0)
    assert (await kept(office, case)).removed is Removed.DELETED


async def test_a_deletion_that_overtakes_its_post_keeps_it_out_of_that_feed_alone(office):
    one = mention("My bag is lost.")
    await deletes(office, one)

    ours = await says_now(office, one, one.text)
    theirs = await office.reception.receive([(replace(one, feed="archive"), complaint())], feed="archive")

    assert (ours.stored, ours.twins, theirs.stored) == (0, 1, 1)


async def test_send_refuses_when_the_author_deleted_it_and_keeps_the_draft(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    draft = (await office.drafts.begin(case.id, by=ANA)).draft
    await office.drafts.keep(draft.id, by=ANA, text="We found it.")
    await deletes(office, one)

    with pytest.raises(NotAllowed, match=GONE):
        await office.sending.send(draft.id, by=ANA, text="We found it.", resolves=False, drawn=99)
    with pytest.raises(NotAllowed, match=GONE):
        await office.drafts.begin(case.id, by=ANA)

    assert (await office.board.reply(draft.id)).text == "We found it."


async def test_a_queued_reply_to_a_deleted_post_does_not_leave(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    reply = await office.answer(case.id)
    await office.reception.receive([], feed="square", gone=[one.post_id])

    await office.pass_time(timedelta(minutes=1))

    ended = await office.board.reply(reply.id)
    assert (office.feed.calls, ended.state, ended.trouble) == ([], ReplyState.REFUSED, "The author deleted it.")
    assert f"{case.id}:refused:{reply.id}" in office.lines
    drafts = [one for one in (await office.board.timeline(case.id)).replies if one.state is ReplyState.DRAFT]
    assert [one.text for one in drafts] == ["We found it."]


async def test_when_nothing_is_left_the_assignee_hears_it_and_no_bell_rings(office):
    one = mention("My bag is lost.")
    case = await office.case_of((one, complaint()))
    await office.desk.claim(case.id, by=ANA)

    await deletes(office, one)
    await office.pass_time(timedelta(days=3))

    after = await office.case(case.id)
    assert (after.state, after.waits) == (State.CLAIMED, False)
    assert [line for line in office.lines if ":deleted:" in line] and not [
        line for line in office.lines if "ping" in line
    ]


async def test_an_older_post_is_answered_when_the_newer_one_is_gone(office):
    one, two = mention("My bag is lost."), mention("Hello?")
    case = await office.case_of((one, complaint()), (two, complaint()))

    await deletes(office, two)

    assert (await kept(office, case)).mention.text == "My bag is lost."
    assert (await office.case(case.id)).waits
