"""Buttons and windows that bring what we never wrote end in one refusal, one line of the log, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from bot.domain.ids import CaseId
from bot.slack import ids
from bot.slack.actions import ACTS
from bot.slack.views import SUBMITS
from tests.stories.stage import ANA, CARE, CLEO, DEV, Stage, a_card, stage

#: No number, no case, no pile; too long for any database; digits that are none of ours.
FORGED: Final = ("", "x", "-1", " 1", "1e3", "0x1", "9" * 40, "9" * 1_900, "٣", "nan:1", "1:x", "1 OR 1=1", "team:-1")
#: What is pressed only to be acknowledged, or opens help: nothing is read from it.
SILENT: Final = {ids.OPEN_LINK, ids.HOME_QUEUE, ids.HOME_HELP}
READ: Final = sorted(ACTS.keys() - SILENT)
WORDS: Final = "This button is of an older Goshawk, or not ours at all. Nothing was done."


async def forged(scene: Stage, value: str) -> dict[str, Any]:
    """Let somebody who has the token post every button that there is, each with this value."""
    named = [{"type": "button", "action_id": one, "text": {"type": "plain_text", "text": one}} for one in READ]
    buttons = [one | ({"value": value} if value else {}) for one in named]
    blocks = [{"type": "actions", "elements": buttons[start : start + 20]} for start in range(0, len(buttons), 20)]
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {scene.sandbox.bot_token}"}) as http:
        body = {"channel": CARE, "text": "forged", "blocks": blocks}
        answer = (await http.post(f"{scene.url}/api/chat.postMessage", json=body)).json()
    assert answer["ok"], answer
    return {"ts": answer["ts"], "channel": CARE}


def kept(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "goshawk.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [str(database.execute(f"SELECT * FROM {name}").fetchall()) for name in tables if name != "feed"]  # noqa: S608 - names of our own


@pytest.mark.parametrize("value", FORGED, ids=lambda value: repr(value[:12]))
async def test_a_forged_button_does_nothing_and_says_so_once(tmp_path: Path, log_lines, value: str):
    async with stage(tmp_path, look_s=60) as scene:
        await a_card(scene)
        message = await forged(scene, value)
        await scene.settled()
        before = kept(tmp_path)

        for action_id in READ:
            assert (await scene.press(CLEO, message, action_id))["ok"], action_id

        told = await scene.whispers(CLEO)

        assert [one for one in told if WORDS not in one] == [] and len(told) == len(READ)
        assert log_lines().count("a control or window brought what was never written into it") == len(READ)
        assert "a listener failed" not in log_lines()
        assert kept(tmp_path) == before
        assert not await scene.views(CLEO)


async def test_a_forged_way_to_a_private_case_shows_nothing_of_it(tmp_path: Path):
    async with stage(tmp_path, look_s=60) as scene:
        scene.town.post(
            "@harbourline my secret booking 4711 is lost and nobody answers", by="quiet", visibility="direct"
        )
        await scene.read()
        await scene.settled()
        message = await forged(scene, ids.Drawn(CaseId(1), 1).value())
        before = kept(tmp_path)

        for action_id in (ids.SHOW_CARD, ids.CLAIM, ids.DETAILS):
            assert (await scene.press(DEV, message, action_id))["ok"], action_id
        await scene.settled()

        told = await scene.whispers(DEV)
        assert len(told) == 2 and "Only people in the private channel read it" in told[1]
        assert "4711" not in str([told, await scene.views(DEV), await scene.messages(CARE)])
        assert "quiet" not in str([told, await scene.views(DEV), await scene.messages(CARE)])
        assert kept(tmp_path) == before


#: A window whose memory is ours opens first; then its memory is forged on the way back.
WINDOWS: Final = {
    "case.reply": ({"text": "We found it"}, ["", "x", "1", "1:2:3:4:5", "x:1", f"{'9' * 40}:1"]),
    "case.escalate": ({"reason": "It burns"}, ["", "x", "9" * 40, "-1:1"]),
}


@pytest.mark.parametrize("action_id", WINDOWS)
async def test_a_window_with_a_forged_memory_does_nothing(tmp_path: Path, action_id: str):
    values, memories = WINDOWS[action_id]
    async with stage(tmp_path, look_s=60) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, action_id)
        view = scene.sandbox._world.views.top(ANA)
        for memory in memories:
            view.definition["private_metadata"] = memory
            answer = await scene.submit(ANA, **values)
            assert WORDS in str(answer), memory
        await scene.settled()
        assert scene.town.said == []


def test_every_window_is_known():
    assert all(name.startswith("view.") for name in SUBMITS)
