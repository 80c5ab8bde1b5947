"""A file of old posts: what it may look like, and at what pace it is read."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.mention import ReplyMode
from bot.errors import SendRefused
from bot.feeds.replay import Mapping, Replay
from tests.fakes.clock import TurnableClock
from tests.feeds.files import HEADER, counted, json_lines, mentions, read, record

# What files look like


async def test_reads_json_lines(file):
    pages = await read(file("posts.jsonl", json_lines(record(likes=3, url="https://x.example/1", lang="pt-BR"))))

    (mention,) = mentions(pages)
    assert (mention.feed, mention.platform, mention.post_id) == ("replay", "Replay", "1")
    assert (mention.text, mention.author.handle, mention.likes, mention.lang) == ("Post 1", "a1", 3, "pt")
    assert mention.posted_at == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert mention.terms.mode is ReplyMode.OPEN_IN_PLATFORM
    assert not mention.private


async def test_reads_a_table_with_quotes_and_line_breaks(file):
    text = HEADER + '1,"He said ""wait"",\nand we waited",mira,2026-11-01\n2,plain 5" pipe,ben,2026-11-02\n'

    pages = await read(file("posts.csv", text))

    assert [mention.text for mention in mentions(pages)] == ['He said "wait",\nand we waited', 'plain 5" pipe']
    assert pages[-1].rejected == {}


async def test_an_export_of_support_threads_is_understood_without_a_mapping(file):
    rows = [
        "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id,thread",
        "10,1166,True,Tue Oct 31 22:10:47 +0000 2017,@brand the app ate my ticket,11,,10",
        "11,brand,False,Tue Oct 31 22:12:47 +0000 2017,@1166 Sorry to hear,12,10,10",
        "12,1166,True,2017-10-31 22:15:00 UTC,@brand so?,,11,10",
    ]

    pages = await read(file("threads.csv.gz", gzip.compress("\n".join(rows).encode())), platform="X")

    first, second = mentions(pages)
    assert (first.platform, first.thread, first.answers) == ("X", "10", "")
    assert (second.thread, second.answers) == ("10", "11")
    assert second.posted_at - first.posted_at == timedelta(minutes=4, seconds=13)
    assert counted(pages, "skipped") == {"written by us": 1}


async def test_an_export_of_labelled_posts_is_understood_without_a_mapping(file):
    rows = "tweet_id,created_at,airline,author,text,retweet_count,label\n57,2015-02-24T19:42:41Z,Gull Air,u5,late,4,1\n"

    (mention,) = mentions(await read(file("labelled.csv", rows)))

    assert (mention.post_id, mention.author.handle, mention.reposts) == ("57", "u5", 4)


async def test_a_mapping_names_the_columns(file):
    rows = "nr;wer;was;wann;von uns\n1;mira;kalt;2026-11-01;nein\n2;wir;Danke;2026-11-01;ja\n"
    mapping = Mapping(id="nr", text="was", author="wer", posted_at="wann", own="von uns=JA")

    pages = await read(file("beitraege.csv", rows), mapping=mapping)

    assert [mention.author.handle for mention in mentions(pages)] == ["mira"]
    assert counted(pages, "skipped") == {"written by us": 1}


async def test_a_mapping_reaches_into_objects(file):
    nested = {"data": {"nr": 7, "body": "cold food"}, "user": {"screen_name": "@mira"}}

    (mention,) = mentions(
        await read(file("posts.jsonl", json_lines(nested)), mapping=Mapping(id="data.nr", text="data.body"))
    )

    assert (mention.post_id, mention.text, mention.author.handle) == ("7", "cold food", "mira")


@pytest.mark.parametrize("name", ["posts", "posts.txt", "posts.json", "posts.ndjson.gz"])
async def test_what_a_file_is_shows_in_its_content(file, name):
    content = json_lines(record())

    assert mentions(await read(file(name, gzip.compress(content) if name.endswith("gz") else content)))


async def test_marks_at_the_beginning_and_windows_line_ends_do_no_harm(file):
    text = "\ufeff" + HEADER + "1,hello,mira,2026-11-01\n"

    (mention,) = mentions(await read(file("posts.csv", text.replace("\n", "\r\n"))))

    assert (mention.post_id, mention.text) == ("1", "hello")


# Reading on, pace and progress


async def test_reads_on_after_a_cursor_of_the_same_file(file):
    path = file("posts.jsonl", json_lines(*(record(number) for number in range(1, 451))))
    pages = await read(path)

    rest = await read(path, since=pages[0].cursor)

    assert [len(page.mentions) for page in pages] == [200, 200, 50]
    assert mentions(rest) == mentions(pages[1:])


@pytest.mark.parametrize("since", ["0123456789abcdef:300", "nonsense", ":", "\x00:5", "x:٣"])
async def test_a_cursor_of_another_file_begins_anew(file, since):
    path = file("posts.jsonl", json_lines(*(record(number) for number in range(1, 10))))

    assert len(mentions(await read(path, since=since))) == 9


async def test_keeps_the_original_spacing(file):
    clock = TurnableClock()
    posts = [record(number, posted_at=f"2026-11-01T08:{minute:02}:00Z") for number, minute in ((1, 0), (2, 0), (3, 10))]

    pages = await read(file("posts.jsonl", json_lines(*posts, record(4, posted_at=""))), clock=clock, speed=60)

    assert [[mention.post_id for mention in page.mentions] for page in pages] == [["1", "2"], ["3", "4"]]
    assert clock.now() - TurnableClock().now() == timedelta(seconds=10)
    assert pages[1].mentions[0].seen_at == clock.now()


async def test_a_cursor_between_two_spaced_posts_loses_neither(file):
    posts = [record(number, posted_at=f"2026-11-01T0{number}:00:00Z") for number in (1, 2, 3)]
    path = file("posts.jsonl", json_lines(*posts))
    pages = await read(path, speed=60)

    rest = await read(path, since=pages[0].cursor)

    assert [mention.post_id for mention in mentions(rest)] == ["2", "3"]


async def test_a_file_that_is_newest_first_is_spaced_as_well(file):
    clock = TurnableClock()
    posts = [record(number, posted_at=f"2026-11-01T{10 - number}:00:00Z") for number in (0, 1, 2)]
    posts[1:] = [{**each, "posted_at": each["posted_at"].replace("T", "T0")} for each in posts[1:]]

    pages = await read(file("posts.jsonl", json_lines(*posts)), clock=clock, speed=3600)

    assert [len(page.mentions) for page in pages] == [1, 1, 1]
    assert clock.now() - TurnableClock().now() == timedelta(seconds=2)


@pytest.mark.parametrize("name", ["posts.jsonl", "posts.jsonl.gz"])
async def test_progress_ends_at_the_whole_file(file, name):
    content = json_lines(*(record(number) for number in range(1, 451)))
    path = file(name, gzip.compress(content) if name.endswith("gz") else content)
    told = []

    await read(path, progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    assert told == sorted(told)


async def test_a_replayed_post_cannot_be_answered_here(file, outgoing):
    replay = Replay(path=file("posts.csv", HEADER), clock=TurnableClock())

    with pytest.raises(SendRefused):
        await replay.reply(outgoing)
