"""Words are kept for a time; open cases are never touched; rows, figures and twins stay."""

from datetime import timedelta

import pytest

from bot.cases.rations import key_of
from bot.cases.retention import BATCH, Retention, Swept
from bot.domain.case import Resolution, State
from bot.domain.event import DESK, Happening
from bot.domain.removed import NOBODY, Copy, CopyOf, Removed
from bot.domain.reply import ReplyState
from bot.errors import NotAllowed
from tests.fakes.people import ANA
from tests.fakes.posts import START, complaint, mention, praise

KEEP = timedelta(days=180)
WORDS = "(Removed after 180 days.)"


@pytest.fixture
def retention(office):
    return Retention(office.store, office.clock, KEEP)


async def over(office, *judged, text="We found it."):
    """Open a case, answer it, note and escalate it, and resolve it."""
    case = await office.case_of(*judged)
    await office.answer(case.id, text)
    await office.pass_time(timedelta(minutes=1))
    await office.desk.note(case.id, by=ANA, text="Mara called us about the bag.")
    await office.desk.escalate(case.id, by=ANA, reason="Mara lost a bag")
    return await office.desk.resolve(case.id, by=ANA, resolution=Resolution.ANSWERED, note="Mara has her bag")


async def purged(office):
    return [one.detail for one in await office.store.read(lambda unit: unit.events.of_case(DESK))
            if one.what is Happening.PURGED]  # fmt: skip


async def test_a_case_that_is_over_for_long_loses_its_words(office, retention):
    one = mention("My bag is lost.")
    case = await over(office, (one, complaint()))
    office.clock.advance(KEEP + timedelta(days=1))

    swept = await retention.sweep()

    told = await office.board.timeline(case.id, closed=True)
    assert (swept.cases, swept.mentions, swept.promises > 0) == (1, 1, True)
    assert (told.sheet.case.removed, told.sheet.case.author) == (Removed.EXPIRED, NOBODY)
    assert (told.sheet.kept.mention.text, told.sheet.kept.mention.author.name) == (WORDS, "")
    assert {reply.text for reply in told.replies} == {WORDS}
    assert told.sheet.escalation.reason == WORDS
    assert "Mara" not in repr(told.events) and "bag" not in repr(told.events)
    assert await purged(office) == ["1 mentions, 1 cases, 0 Slack messages"]


async def test_figures_moments_and_twins_stay(office, retention):
    one = mention("My bag is lost.")
    case = await over(office, (one, complaint()))
    office.clock.advance(KEEP + timedelta(days=1))

    await retention.sweep()
    again = await office.receive((one, complaint()))

    after = await office.case(case.id)
    assert (after.first_reply_at, after.resolved_at, after.resolution) == (
        case.first_reply_at, case.resolved_at, Resolution.ANSWERED
    )  # fmt: skip
    assert (again.stored, again.twins) == (0, 1)
    (sent,) = [reply for reply in (await office.board.timeline(case.id)).replies if reply.state is ReplyState.SENT]
    assert (sent.remote_id, sent.by_name) == ("r1", "Ana")


async def test_open_and_fresh_cases_are_never_touched(office, retention):
    waiting = await office.case_of((mention("My bag is lost.", by="mara"), complaint()))
    office.clock.advance(KEEP + timedelta(days=1))
    fresh = await over(office, (mention("My cat is lost.", by="nils"), complaint()))

    assert (await retention.sweep()).cases == 0
    for case, text in ((waiting, "My bag is lost."), (fresh, "My cat is lost.")):
        assert (await office.board.sheet(case.id)).kept.mention.text == text


async def test_a_word_in_the_timeline_keeps_a_case(office, retention):
    case = await over(office)
    office.clock.advance(KEEP - timedelta(days=1))
    await office.desk.note(case.id, by=ANA, text="They thanked us.")
    office.clock.advance(timedelta(days=2))

    assert (await retention.sweep()).cases == 0


async def test_what_never_became_a_case_goes_by_its_age(office, retention):
    await office.receive(*[(mention(f"Lovely {number}", by=f"a{number}"), praise()) for number in range(BATCH + 5)])
    office.clock.advance(KEEP + timedelta(days=1))

    swept = await retention.sweep()

    assert (swept.mentions, swept.batches) == (BATCH + 5, 2)
    assert {one.mention.text for one in await office.board.unflagged()} == {WORDS}


async def test_a_dry_run_counts_and_changes_nothing(office, retention):
    case = await over(office)
    office.clock.advance(KEEP + timedelta(days=1))

    counted = await retention.old()

    assert counted == Swept(cases=1, mentions=1)
    assert (await office.case(case.id)).removed is None


async def test_zero_days_keep_for_ever(office):
    await over(office)
    office.clock.advance(timedelta(days=9_000))
    forever = Retention(office.store, office.clock, timedelta())

    assert (await forever.sweep()).cases == 0
    assert await forever.old() == Swept()


async def test_messages_in_slack_are_promised_to_be_emptied(office, retention):
    case = await over(office)
    copies = [Copy(channel="C1", ts="1.1", what=CopyOf.CARD, at=START, case_id=case.id),
              Copy(channel="C1", ts="1.2", what=CopyOf.LINE, at=START, case_id=case.id, line="sent", ref=1),
              Copy(channel="D1", ts="1.3", what=CopyOf.DIRECT, at=START)]  # fmt: skip
    await office.store.transact(lambda unit: unit.copies.add(copies))
    office.clock.advance(KEEP + timedelta(days=1))

    swept = await retention.sweep()

    assert swept.messages == 3
    assert [job.subject for job in await office.jobs("copy.redraw")] == ["C1:1.1", "C1:1.2", "D1:1.3"]
    message = await office.bulletin.copies.look("C1", "1.1")
    assert (message.why, message.what) == (Removed.EXPIRED, CopyOf.CARD)


async def test_the_job_comes_back_every_day(office, retention):
    await retention.begin()
    (job,) = await office.jobs("purge")

    await retention.purge(job)
    (again,) = await office.jobs("purge")

    assert again.due == office.clock.now() + timedelta(days=1)


async def test_nothing_is_done_to_a_case_without_words(office, retention):
    case = await over(office)
    office.clock.advance(KEEP + timedelta(days=1))
    await retention.sweep()

    with pytest.raises(NotAllowed, match="are not kept any more, so there is nothing to reopen"):
        await office.desk.reopen(case.id, by=ANA)
    assert (await office.case(case.id)).state is State.RESOLVED


async def test_that_a_reply_was_sent_stays_known_as_long_as_the_words_of_its_case(office, retention):
    await over(office, (mention("My bag is lost.", by="mara"), complaint()))
    office.clock.advance(KEEP - timedelta(days=1))
    other = await office.case_of(by="nils")
    await office.answer(other.id)
    await office.pass_time(timedelta(days=1, minutes=1))

    await retention.sweep()  # now the words of the older case go
    await retention.sweep()  # and with them what was promised for it

    def keys(unit):
        rows = unit.jobs._connection.exec_driver_sql("SELECT key FROM job")
        return [row[0] for row in rows if row[0].startswith("reply:")]

    assert await office.store.read(keys) == ["reply:2"]


async def test_a_delivery_is_remembered_for_a_day_and_a_deletion_for_a_month(office, retention):
    one = mention("My bag is lost.")
    await office.reception.receive([], feed="square", delivery="d1", gone=[one.post_id])

    async def comes_again():
        return (await office.receive((one, complaint()))).stored

    async def is_repeated():
        return (await office.reception.receive([(mention(), praise())], feed="square", delivery="d1")).stored == 0

    await retention.sweep()
    assert (await is_repeated(), await comes_again()) == (True, 0)
    office.clock.advance(timedelta(days=2))
    await retention.sweep()
    assert (await is_repeated(), await comes_again()) == (False, 0)
    office.clock.advance(timedelta(days=31))
    await retention.sweep()
    assert await comes_again() == 1


async def test_turns_and_allowances_of_earlier_days_are_deleted(office, retention):
    def work(unit):
        unit.quotas.take(key_of("square", "harbourline", office.clock.now()), cap=9)
        unit.paces.take(f"C{office.clock.now().day}", at=office.clock.now(), gap=timedelta(seconds=1))

    def rows(unit):
        counts = ("SELECT count(*) FROM quota", "SELECT count(*) FROM pace")
        return [unit.jobs._connection.exec_driver_sql(count).scalar_one() for count in counts]

    left = []
    for _ in range(4):
        await office.store.transact(work)
        await retention.sweep()
        left.append(await office.store.read(rows))
        office.clock.advance(timedelta(days=1))

    yesterday = key_of("square", "harbourline", office.clock.now() - timedelta(days=1))
    assert left == [[1, 1], [2, 2], [2, 2], [2, 2]]
    assert await office.store.read(lambda unit: unit.quotas.used(yesterday)) == 1
