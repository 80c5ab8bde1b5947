"""What was emptied is looked at once more: verified, told to read differently, or told to be unread, never assumed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.removed import HOME_TS
from bot.errors import SlackBusy, SlackRefused
from bot.slack.cards import Drawing
from bot.slack.readback import MOST, Readback, same_words
from bot.slack.text import say

GONE = Drawing(say("🧹 Erased on request."), [])


class Shelf:
    """Messages as Slack gives them back; an error in the place of one is raised."""

    def __init__(self, **said: str | Exception) -> None:
        self.said = said
        self.asked: list[str] = []

    async def pages(self, method: str, key: str, **arguments: Any) -> list[dict[str, Any]]:
        assert (method, key) == ("conversations.replies", "messages")
        channel, ts = arguments["channel"], arguments["ts"]
        self.asked.append(channel)
        found = self.said.get(channel, "")
        if isinstance(found, Exception):
            raise found
        return [{"ts": ts, "text": found}] if found else []


async def drawn(_channel: str, _ts: str) -> Drawing:
    return GONE


async def test_each_message_is_counted_as_what_it_was_found_to_be():
    shelf = Shelf(C1=":broom: Erased on request.", C2="Mara lost a bag.", C3=SlackRefused("No.", code="missing_scope"))

    found = await Readback(shelf, drawn).of([("C1", "1"), ("C2", "1"), ("C3", "1"), ("C3", "2"), ("C4", "1")])

    assert (found.verified, found.other, dict(found.unread)) == (2, 1, {"missing_scope": 2})
    assert shelf.asked == ["C1", "C2", "C3", "C4"]


async def test_a_slack_that_asks_to_wait_is_asked_no_more():
    shelf = Shelf(C1=SlackBusy("Slow down.", retry_after_s=1))

    found = await Readback(shelf, drawn).of([("C1", "1"), ("C2", "1")])

    assert (found.verified, dict(found.unread), shelf.asked) == (0, {"ratelimited": 2}, ["C1"])


async def test_so_many_are_read_and_of_the_others_it_is_said():
    many = [("C1", str(number)) for number in range(MOST + 2)]

    found = await Readback(Shelf(), drawn).of([*many, ("U0ANA00001", HOME_TS)])

    assert (found.verified, dict(found.unread)) == (MOST, {"too_many": 2, "a Home": 1})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("🧹 Gone.", ":broom: Gone.", True), ("a_b &amp; c", "ab &amp; c", True), ("Gone.", "Mara. Gone.", False)],
)
def test_signs_and_emoji_make_no_difference(one: str, other: str, *, same: bool):
    assert same_words(one, other) is same
