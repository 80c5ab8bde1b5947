"""What is taken out of rows, and what stays, on both databases."""

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from bot.domain.removed import NOBODY, Copy, CopyOf, Removed, hidden_id
from bot.store import removal
from bot.store.schema import _FOLDER
from bot.store.tables import case, mention, reply
from tests.fakes.posts import START, complaint
from tests.fakes.posts import mention as post

#: Columns that stay when a mention's words go: numbers, times, closed lists, and what is written row by row.
KEPT_OF_MENTION = {
    "id", "feed", "platform", "posted_at", "seen_at", "tagged", "visibility", "terms", "kind", "score", "urgency",
    "case_id", "edited_at", "revised_at",
}  # fmt: skip
ROW_BY_ROW = {"text", "post_id", "thread", "answers", "reasons", "removed"}
KEPT_OF_REPLY = {
    "id", "case_id", "mention_id", "by", "by_name", "state", "resolves", "private", "written_at", "open_since",
    "send_at", "tried_at", "sent_at", "remote_id", "asked_at", "text_hash", "approver", "approver_name",
    "approved_at", "read_at",
}  # fmt: skip
EMPTIED_OF_CASE = {"author", "thread", "removed"}


def names(table):
    return {column.name for column in table.columns}


def test_every_column_of_a_mention_is_kept_or_emptied():
    assert names(mention) == KEPT_OF_MENTION | ROW_BY_ROW | set(removal.MENTION)


def test_every_column_of_a_reply_is_kept_or_emptied():
    assert names(reply) == KEPT_OF_REPLY | {"text"} | set(removal.REPLY)


def test_every_column_of_a_case_that_can_name_a_stranger_is_emptied():
    free_text = {column.name for column in case.columns if str(column.type) == "VARCHAR(2000)"}

    assert free_text - EMPTIED_OF_CASE == {"account"}


async def test_an_emptied_mention_is_still_a_twin(store):
    one = post("Where is my bag?", by="mara", thread="p0", answers="p0")
    number = await store.transact(lambda unit: unit.mentions.add(one, complaint(), case_id=None))

    await store.transact(lambda unit: unit.removal.empty_mentions([number], Removed.ERASED, words="(Erased.)"))
    kept = await store.read(lambda unit: unit.mentions.get(number))

    assert (kept.mention.text, kept.mention.author.handle, kept.mention.url) == ("(Erased.)", NOBODY, "")
    assert [reason.words for reason in kept.verdict.reasons] == [""]
    assert kept.mention.post_id == hidden_id("Square", one.post_id) != one.post_id
    assert await store.read(lambda unit: unit.mentions.known([one])) == {("Square", one.post_id)}


async def test_emptying_twice_changes_nothing(store):
    number = await store.transact(lambda unit: unit.mentions.add(post(), complaint(), case_id=None))
    for _ in range(2):
        await store.transact(lambda unit: unit.removal.empty_mentions([number], Removed.ERASED, words="(Erased.)"))

    assert (await store.read(lambda unit: unit.mentions.get(number))).mention.post_id.count(":") == 1


async def test_what_an_answer_quotes_goes_with_what_it_quotes(store):
    first = post("My bag is lost.", by="mara")
    answer = post("Mine too!", by="joe", answers=first.post_id, parent="My bag is lost.")
    numbers = [
        await store.transact(lambda unit, one=one: unit.mentions.add(one, complaint(), case_id=None))
        for one in (first, answer)
    ]

    await store.transact(lambda unit: unit.removal.empty_mentions(numbers[:1], Removed.ERASED, words="(Erased.)"))

    kept = await store.read(lambda unit: unit.mentions.get(numbers[1]))
    assert (kept.mention.text, kept.mention.parent) == ("Mine too!", "")


async def test_a_message_is_found_by_what_it_shows(store):
    def card(ts, what, **given):
        return Copy(channel="C1", ts=ts, what=what, at=START, **given)

    await store.transact(
        lambda unit: unit.copies.add([
            card("1", CopyOf.CARD, case_id=7),
            card("2", CopyOf.LINE, case_id=7, line="heard", ref=3),
            card("3", CopyOf.LINE, case_id=7, line="ping", ref=3),
            card("4", CopyOf.ROLLUP, ref=3),
            card("4", CopyOf.ROLLUP, ref=4),
            card("5", CopyOf.DIRECT),
        ])
    )  # fmt: skip

    def look(unit):
        return (
            unit.copies.of_cases([7], kinds=[CopyOf.CARD]),
            sorted(unit.copies.of_cases([7])),
            sorted(unit.copies.of_mentions([3])),
            unit.copies.direct(since=START),
            len(unit.copies.at("C1", "4")),
        )

    assert await store.read(look) == (
        [("C1", "1")], [("C1", "1"), ("C1", "2"), ("C1", "3")], [("C1", "2"), ("C1", "4")], [("C1", "5")], 2
    )  # fmt: skip


def test_cards_of_the_first_version_are_remembered_as_copies(tmp_path):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["url"] = url
    command.upgrade(config, "0001")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO card VALUES (7, 'C1', '1.2', 3, 5)"))
    command.upgrade(config, "head")

    with engine.connect() as connection:
        found = connection.execute(text("SELECT channel, ts, what, case_id, at FROM copy")).all()
    engine.dispose()
    assert [tuple(row) for row in found] == [("C1", "1.2", "card", 7, 5)]
