"""A press on a card, at the very moment at which the card is written down."""

# ruff: noqa: ARG002 - a fake takes what the real thing takes

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from bot.domain.card import Card
from bot.domain.ids import CaseId
from bot.slack.spares import notice_press
from tests.fakes.posts import START

PRESSED = {
    "container": {"type": "message", "channel_id": "C1", "message_ts": "1.1"},
    "actions": [{"block_id": "do-7-1-Reply"}],
}


class Late:
    """Tools that know a card only at the second look: it is written down between the two."""

    def __init__(self, ts: str) -> None:
        self.deleted: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []
        card = Card(case_id=CaseId(7), channel="C1", ts=ts, drawn_version=1, carded_at=START)
        self.board = SimpleNamespace(sheet=self._sheet)
        self.gateway = SimpleNamespace(delete=self._delete, permalink=self._permalink)
        self.errands = SimpleNamespace(spawn=lambda work: self.tasks.append(asyncio.ensure_future(work)))
        self._cards = (card,)

    async def case_of_card(self, channel: str, ts: str) -> None:
        return None

    async def answer(self, body: object, drawing: object) -> None:
        return None

    async def _sheet(self, case_id: CaseId, *, closed: bool) -> SimpleNamespace:
        return SimpleNamespace(cards=self._cards)

    async def _delete(self, channel: str, ts: str) -> None:
        self.deleted.append(ts)

    async def _permalink(self, channel: str, ts: str) -> str:
        return ""


async def pressed(tools: Late) -> list[str]:
    notice_press(tools, PRESSED)
    await asyncio.gather(*tools.tasks)
    return tools.deleted


async def test_a_card_that_is_written_down_while_it_is_pressed_stays():
    assert await pressed(Late("1.1")) == []


async def test_a_spare_one_goes():
    assert await pressed(Late("1.2")) == ["1.1"]
