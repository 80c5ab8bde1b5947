"""The tables on both databases: migrations, versions, and what each column gives back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.domain.card import Card, Escalation
from bot.domain.case import Case, Resolution, State
from bot.domain.event import Happening, event
from bot.domain.health import FeedHealth, Pulse
from bot.domain.ids import CaseId, MentionId, ReplyId
from bot.domain.mention import Author, Mention, Terms, Visibility
from bot.domain.reply import Reply, ReplyState
from bot.domain.sla import Priority
from bot.domain.verdict import Kind, Reason, Urgency, Verdict
from bot.errors import CaseGone, Misconfigured, NotAllowed, Unusable, VersionConflict
from bot.store import schema
from bot.store.engine import Store
from bot.store.tables import Moment, metadata
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import START, complaint, mention, praise

ODD_MOMENT = datetime(2026, 11, 21, 23, 59, 59, 999_999, tzinfo=UTC)


def new_case(**given) -> Case:
    plain = {"priority": Priority.P3, "feed": "square", "platform": "Square", "author": "mara"}
    moments = {"posted_at": START, "seen_at": START, "due_at": None, "alarm_at": None}
    return Case(**{"id": CaseId(0), **plain, **moments, **given})


async def count(store) -> int:
    query = "SELECT count(*) FROM mention"
    return await store.read(lambda unit: unit.mentions._connection.exec_driver_sql(query).scalar_one())


def test_the_migrations_make_exactly_the_tables(store_url):
    engine = create_engine(store_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = compare_metadata(context, metadata)
        indexes = {index["name"] for table in metadata.tables for index in inspect(connection).get_indexes(table)}
    engine.dispose()

    assert difference == []
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= indexes


def test_a_new_file_is_brought_up_to_date_by_a_child_process(tmp_path):
    url = f"sqlite:///{tmp_path / 'goshawk.db'}"

    assert schema.version_of(url) == ""
    schema.ensure(url)
    schema.ensure(url)

    assert schema.version_of(url) == schema.head() == "0004"


def test_a_newer_database_is_refused(new_file):
    url = new_file()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(Misconfigured, match=r"version 9999, newer than this Goshawk \(0004\)\. Upgrade Goshawk\."):
        schema.ensure(url)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [("/proc/goshawk/goshawk.db", "The folder /proc/goshawk cannot be written"), ("{tmp}/diary", "no database")],
)
def test_a_place_that_cannot_be_used_is_named_before_the_upgrade(tmp_path, place, sentence):
    (tmp_path / "diary").write_text("Dear diary, this is no database. " * 40)

    with pytest.raises(Unusable, match=sentence):
        schema.ensure(f"sqlite:///{place.format(tmp=tmp_path)}")


def test_a_failed_upgrade_ends_with_what_the_database_said(tmp_path):
    url = f"sqlite:///{tmp_path / 'theirs.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE card (colour TEXT)"))
    engine.dispose()

    with pytest.raises(Unusable, match=r"could not be brought up to date: table card already exists$"):
        schema.ensure(url)


@given(at=st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_moments_keep_their_microseconds(at):
    column = Moment()

    kept = column.process_bind_param(at, None)

    assert column.process_result_value(kept, None) == at
    assert isinstance(kept, int)


def test_a_moment_comes_back_in_utc_and_a_naive_one_is_refused():
    column = Moment()
    lisbon_summer = timezone(timedelta(hours=1))

    back = column.process_result_value(column.process_bind_param(START.astimezone(lisbon_summer), None), None)

    assert (back, back.tzinfo) == (START, UTC)
    with pytest.raises(TypeError):
        column.process_bind_param(START.replace(tzinfo=None), None)


async def test_every_field_of_a_case_comes_back(store):
    full = new_case(
        state=State.RESOLVED,
        kind=Kind.UNSURE,
        thread="t1",
        private=True,
        assignee=ANA.id,
        assignee_name=ANA.name,
        tier=2,
        due_at=ODD_MOMENT,
        alarm_at=ODD_MOMENT,
        late_at=ODD_MOMENT,
        pinged=True,
        claimed_at=ODD_MOMENT,
        first_reply_at=ODD_MOMENT,
        last_reply_at=ODD_MOMENT,
        snoozed_until=ODD_MOMENT,
        resolved_at=ODD_MOMENT,
        resolved_by="Ana",
        resolution=Resolution.HANDED_OVER,
        mentions=3,
        version=9,
        heard_version=8,
    )

    stored = await store.transact(lambda unit: unit.cases.add(full))
    found = await store.read(lambda unit: unit.cases.get(stored.id))

    assert found == replace(full, id=stored.id)
    assert type(found.resolution) is Resolution


async def test_every_field_of_a_mention_and_its_verdict_comes_back(store):
    full = Mention(
        feed="square",
        platform="Square",
        post_id="x" * 2_000,
        author=Author(handle="m" * 2_000, name="Mara ✈️", followers=2**40, verified=True),
        text="Where is my bag? 🧳\n" * 900,
        posted_at=ODD_MOMENT,
        seen_at=ODD_MOMENT,
        url="https://square.example/p1",
        thread="t1",
        answers="t0",
        lang="en",
        tagged=True,
        visibility=Visibility.PRIVATE,
        likes=3,
        reposts=4,
        photos=2,
        terms=Terms(why="because", limit=7),
    )
    verdict = Verdict(
        kind=Kind.COMPLAINT,
        score=1.25,
        reasons=(Reason("loss", "my bag", 1.5), Reason("polite", "please", -0.25)),
        urgency=frozenset({Urgency.STUCK, Urgency.MONEY}),
    )

    number = await store.transact(lambda unit: unit.mentions.add(full, verdict, case_id=None))
    kept = await store.read(lambda unit: unit.mentions.get(number))

    assert (kept.mention, kept.verdict, kept.case_id) == (full, verdict, None)


async def test_every_field_of_a_reply_comes_back_and_its_key_is_the_same(store):
    full = Reply(
        id=ReplyId(0),
        case_id=CaseId(1),
        mention_id=MentionId(1),
        by=ANA.id,
        by_name=ANA.name,
        text="We found it. 🎉",
        state=ReplyState.UNKNOWN,
        resolves=True,
        private=True,
        written_at=ODD_MOMENT,
        send_at=ODD_MOMENT,
        tried_at=ODD_MOMENT,
        sent_at=ODD_MOMENT,
        remote_id="r1",
        remote_url="https://square.example/r1",
        trouble="It may have arrived.",
    )

    stored = await store.transact(lambda unit: unit.replies.add(full))
    found = await store.read(lambda unit: unit.replies.get(stored.id))

    assert found == stored == replace(full, id=stored.id)
    assert found.key == stored.key


async def test_an_older_version_of_a_case_is_not_saved(store):
    case = await store.transact(lambda unit: unit.cases.add(new_case()))
    await store.transact(lambda unit: unit.cases.save(case, case.claimed(by=ANA, at=START)))

    with pytest.raises(VersionConflict):
        await store.transact(lambda unit: unit.cases.save(case, case.claimed(by=BEN, at=START)))
    assert (await store.read(lambda unit: unit.cases.get(case.id))).assignee == ANA.id


async def test_what_is_not_there_is_said(store):
    with pytest.raises(CaseGone, match="I know no case 99"):
        await store.read(lambda unit: unit.cases.get(CaseId(99)))
    with pytest.raises(NotAllowed, match="draft is gone"):
        await store.read(lambda unit: unit.replies.get(ReplyId(99)))
    assert await store.read(lambda unit: unit.mentions.get(MentionId(99))) is None


async def test_the_queue_shows_who_waits_first_then_by_urgency_and_due_moment(store):
    hour = timedelta(hours=1)
    wishes = [
        ("calm", Priority.P1, None),
        ("late p3", Priority.P3, START + hour),
        ("later p2", Priority.P2, START + 2 * hour),
        ("sooner p2", Priority.P2, START + hour),
        ("p1", Priority.P1, START + 9 * hour),
    ]
    for author, priority, due in wishes:
        case = new_case(author=author, priority=priority, due_at=due)
        await store.transact(lambda unit, case=case: unit.cases.add(case))

    queue = await store.read(lambda unit: unit.cases.queue())
    spots = await store.read(lambda unit: unit.queues.first(due_by=START + hour + timedelta(minutes=1), limit=9))
    late = await store.read(lambda unit: unit.cases.some([spot.id for spot in spots]))

    assert [case.author for case in queue] == ["p1", "sooner p2", "later p2", "late p3", "calm"]
    assert [case.author for case in late] == ["sooner p2", "late p3"]


async def test_the_timeline_is_in_order_and_cut_at_its_newest(store):
    for number in range(5):
        line = event(CaseId(1), Happening.NOTED, at=START, by=ANA, detail=str(number))
        await store.transact(lambda unit, line=line: unit.events.add(line))

    newest = await store.read(lambda unit: unit.events.of_case(CaseId(1), limit=3))

    assert [line.detail for line in newest] == ["2", "3", "4"]
    assert newest[0] == event(CaseId(1), Happening.NOTED, at=START, by=ANA, detail="2")


async def test_a_card_is_one_a_channel_and_found_by_its_message(store):
    card = Card(case_id=CaseId(1), channel="C1", ts="1.1", drawn_version=1, carded_at=START)
    again = replace(card, ts="1.2", drawn_version=4, carded_at=ODD_MOMENT)

    await store.transact(lambda unit: unit.cards.put(card))
    await store.transact(lambda unit: unit.cards.put(again))

    assert await store.read(lambda unit: unit.cards.of_case(CaseId(1))) == [replace(again, carded_at=START)]
    assert await store.read(lambda unit: unit.cards.at("C1", "1.1")) is None
    await store.transact(lambda unit: unit.cards.drop(again))
    assert await store.read(lambda unit: unit.cards.at("C1", "1.2")) is None


async def test_a_tier_hears_of_each_escalation_once(store):
    for number in (1, 2):
        call = Escalation(case_id=CaseId(number), tier=1, reason="angry", by_name="Ana", at=START)
        await store.transact(lambda unit, call=call: unit.escalations.add(call))

    untold = await store.read(lambda unit: unit.escalations.untold(1))
    await store.transact(lambda unit: unit.escalations.told(untold, at=ODD_MOMENT))

    assert [call.case_id for call in untold] == [1, 2]
    assert await store.read(lambda unit: unit.escalations.untold(1)) == []
    assert await store.read(lambda unit: unit.escalations.last_told(1)) == ODD_MOMENT
    assert await store.read(lambda unit: unit.escalations.last_told(2)) is None


async def test_a_feed_keeps_its_place_while_its_health_changes(store):
    well = FeedHealth(feed="square", pulse=Pulse.LISTENING, since=START, last_read_at=ODD_MOMENT)

    await store.transact(lambda unit: unit.feeds.note(well))
    await store.transact(lambda unit: unit.feeds.go_on("square", "page 2", at=START))
    await store.transact(lambda unit: unit.feeds.note(replace(well, pulse=Pulse.FAILING, trouble="silent")))

    assert await store.read(lambda unit: unit.feeds.cursor("square")) == "page 2"
    assert (await store.read(lambda unit: unit.feeds.health("square"))).trouble == "silent"
    assert await store.read(lambda unit: unit.feeds.cursor("unheard")) == ""


async def test_a_delivery_is_new_once(store):
    first = await store.transact(lambda unit: unit.feeds.first_time("hook:1", at=START))
    again = await store.transact(lambda unit: unit.feeds.first_time("hook:1", at=ODD_MOMENT))

    assert (first, again) == (True, False)


async def test_a_page_of_thousands_is_looked_up_and_stored(store):
    many = [mention(by=f"author {number}") for number in range(3_000)]

    await store.transact(lambda unit: unit.mentions.add_all([(one, praise(), None) for one in many]))
    known = await store.read(lambda unit: unit.mentions.known([*many, mention()]))

    assert known == {(one.platform, one.post_id) for one in many}
    assert await count(store) == 3_000


async def test_a_twin_is_refused_by_the_database_itself(store):
    one = mention()
    await store.transact(lambda unit: unit.mentions.add(one, complaint(), case_id=None))

    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.transact(lambda unit: unit.mentions.add(one, complaint(), case_id=None))
    assert await count(store) == 1


async def test_an_error_never_repeats_a_strangers_words(store):
    one = mention("I am at 4 Mill Lane.")
    await store.transact(lambda unit: unit.mentions.add(one, complaint(), case_id=None))

    with pytest.raises(IntegrityError) as broken:
        await store.transact(lambda unit: unit.mentions.add(one, complaint(), case_id=None))
    assert "Mill Lane" not in str(broken.value)


async def test_everything_is_there_after_a_restart(store_url):
    before = Store(store_url)
    before.open()
    case = await before.transact(lambda unit: unit.cases.add(new_case(due_at=ODD_MOMENT)))
    before.close()

    after = Store(store_url)
    after.open()
    assert await after.read(lambda unit: unit.cases.get(case.id)) == case
    after.close()
