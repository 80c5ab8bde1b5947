"""A database that a former release filled is read by this one, on both engines."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from bot.domain.case import State
from bot.domain.event import Happening
from bot.domain.ids import CaseId, MentionId, ReplyId
from bot.domain.reply import ReplyState
from bot.store.engine import Store
from tests.fakes.posts import START
from tests.store.releases import fill, upgraded

MINUTE = timedelta(minutes=1)


async def test_what_the_first_release_kept_is_there_after_the_upgrade(empty_url):
    await asyncio.to_thread(upgraded, empty_url, "0001")
    fill(empty_url)

    await asyncio.to_thread(upgraded, empty_url, "head")

    store = Store(empty_url)
    store.open()
    case = await store.read(lambda unit: unit.cases.get(CaseId(1)))
    reply = await store.read(lambda unit: unit.replies.get(ReplyId(1)))
    kept = await store.read(lambda unit: unit.mentions.get(MentionId(1)))
    said = await store.read(lambda unit: unit.events.of_case(CaseId(1)))
    store.close()
    assert (case.state, case.account, case.author) == (State.OPEN, "", "x")
    assert (reply.state, reply.text, reply.approver) == (ReplyState.SENT, "x", None)
    assert (kept.mention.text, kept.mention.photo_urls) == ("x", ())
    assert [(one.what, one.text_hash) for one in said] == [(Happening.OPENED, "")]


async def test_what_the_second_release_promised_is_kept_after_the_upgrade(empty_url):
    await asyncio.to_thread(upgraded, empty_url, "0002")
    fill(empty_url)

    await asyncio.to_thread(upgraded, empty_url, "head")

    store = Store(empty_url)
    store.open()
    [job] = await store.transact(lambda unit: unit.jobs.claim(["x"], at=START, lease=MINUTE, limit=9))
    case = await store.read(lambda unit: unit.cases.get(CaseId(1)))
    kept = await store.read(lambda unit: unit.mentions.get(MentionId(1)))
    store.close()
    assert (job.subject, job.lane, job.faults, job.attempted_at) == ("x", "", 0, None)
    assert (case.account, kept.mention.text) == ("x", "x")


async def test_what_was_given_up_before_the_upgrade_is_listed_after_it(empty_url):
    await asyncio.to_thread(upgraded, empty_url, "0002")
    engine = create_engine(empty_url)
    fill(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE job SET state = 'dead'"))
    engine.dispose()

    await asyncio.to_thread(upgraded, empty_url, "head")

    store = Store(empty_url)
    store.open()
    [dead] = await store.read(lambda unit: unit.jobs.dead())
    store.close()
    assert dead.dead_at == dead.due


@pytest.mark.parametrize("release", ["0001", "0002", "0003"])
async def test_a_mention_of_any_release_is_the_first_version_and_its_case_stands_in_the_queue(empty_url, release):
    await asyncio.to_thread(upgraded, empty_url, release)
    fill(empty_url)

    await asyncio.to_thread(upgraded, empty_url, "head")

    store = Store(empty_url)
    store.open()
    kept = await store.read(lambda unit: unit.mentions.get(MentionId(1)))
    queue = await store.read(lambda unit: unit.queues.first(limit=9))
    store.close()
    assert (kept.mention.text, kept.mention.revised_at, [spot.id for spot in queue]) == ("x", None, [1])
