"""What the sandbox keeps on disk: messages, reactions, Homes and unread counts; not triggers, modals, whispers."""

import sqlite3
import stat

import pytest

from bot.sandbox.errors import KeepUnusable
from bot.sandbox.server import Sandbox
from tests.sandbox.stage import ANA, BEN, CARE, MANIFEST, card, staged


async def test_everything_worth_keeping_is_there_after_a_restart(tmp_path):
    keep = tmp_path / "sandbox.db"
    async with staged(keep=keep) as stage:
        ts = (await stage.web.chat_postMessage(channel=CARE, text="card", blocks=card()))["ts"]
        await stage.web.chat_postMessage(channel=CARE, text=f"reply <@{BEN}>", thread_ts=ts)
        gone = (await stage.web.chat_postMessage(channel=CARE, text="gone"))["ts"]
        await stage.web.chat_delete(channel=CARE, ts=gone)
        await stage.web.chat_postEphemeral(channel=CARE, user=ANA, text="psst")
        await stage.sim("reaction", user=ANA, channel=CARE, message_ts=ts, name="eyes")
        await stage.web.views_publish(user_id=ANA, view={"type": "home", "blocks": card()})
        before = await stage.state()

    async with staged(keep=keep) as stage:
        after = await stage.state()
        later = (await stage.web.chat_postMessage(channel=CARE, text="later"))["ts"]
        updated = await stage.call("chat.update", channel=CARE, ts=ts, text="edited")

    assert after["messages"] == before["messages"]
    assert after["homes"] == before["homes"]
    assert after["ephemerals"] == []
    assert later > gone
    assert updated["ok"]


async def test_posting_does_not_wait_for_the_disk(tmp_path):
    keep = tmp_path / "sandbox.db"
    async with staged(keep=keep) as stage:
        blocker = sqlite3.connect(keep, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        posted = await stage.web.chat_postMessage(channel=CARE, text="while the file is locked")
        blocker.execute("ROLLBACK")
        blocker.close()

    async with staged(keep=keep) as stage:
        assert [message["ts"] for message in await stage.messages()] == [posted["ts"]]
    assert stat.S_ISREG(keep.stat().st_mode)


async def test_two_sandboxes_without_a_file_share_nothing():
    async with staged() as one, staged() as other:
        await one.web.chat_postMessage(channel=CARE, text="here")

        assert await other.messages() == []


@pytest.mark.parametrize("content", [b"this is no database at all", None])
def test_a_file_that_cannot_be_used_is_said_in_a_sentence(tmp_path, content):
    keep = tmp_path / "sandbox.db"
    if content is None:
        keep = tmp_path / "no such folder" / "sandbox.db"
    else:
        keep.write_bytes(content * 100)

    with pytest.raises(KeepUnusable, match=r"The sandbox cannot use .*sandbox\.db"):
        Sandbox(MANIFEST, keep=keep)


async def test_a_disk_that_fails_is_shown_and_what_waited_is_written_later(tmp_path, caplog):
    keep = tmp_path / "sandbox.db"
    async with staged(keep=keep) as stage:
        with sqlite3.connect(keep) as vandal:
            vandal.execute("ALTER TABLE kept RENAME TO lost")
        await stage.web.chat_postMessage(channel=CARE, text="hello")
        while not (await stage.state())["keep_failure"]:
            await stage.idle()
        with sqlite3.connect(keep) as vandal:
            vandal.execute("ALTER TABLE lost RENAME TO kept")
        vandal.close()

    assert [record.levelname for record in caplog.records if record.name == "bot.sandbox.keep"] == ["ERROR"]
    async with staged(keep=keep) as stage:
        assert [message["text"] for message in await stage.messages()] == ["hello"]


async def test_what_an_api_call_was_answered_is_on_disk_already(tmp_path):
    keep = tmp_path / "sandbox.db"
    async with staged(keep=keep) as stage:
        posted = await stage.web.chat_postMessage(channel=CARE, text="kept")

        with sqlite3.connect(keep) as looking:
            found = looking.execute("SELECT key FROM kept WHERE kind = 'message'").fetchall()
        looking.close()

    assert found == [(f"{CARE}:{posted['ts']}",)]
