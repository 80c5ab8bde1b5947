"""The card is a function of its sheet: every look is stored, read by people, and taken by Slack."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.slack.cards import draw, draw_withheld
from tests.slack import rules, sheets

CALLED = frozenset({"<!subteam^S0LEADS001>"})


@pytest.mark.parametrize("name", sheets.LOOKS)
def test_a_card_is_drawn_as_it_is_stored(name: str, stored):
    drawing = draw(sheets.LOOKS[name], sheets.POLICY)
    fresh = {"text": drawing.text, "blocks": drawing.blocks}

    assert fresh == stored(name, fresh)


def test_every_stored_drawing_is_of_a_look():
    names = {file.stem for file in (Path(__file__).parent / "cards").glob("*.json")}

    assert names == {*sheets.LOOKS, "withheld"}


def test_the_notice_for_a_private_mention_is_drawn_as_it_is_stored(stored):
    drawing = draw_withheld(sheets.LOOKS["private"])
    fresh = {"text": drawing.text, "blocks": drawing.blocks}

    assert fresh == stored("withheld", fresh)
    assert "suitcase" not in str(fresh)


@pytest.mark.parametrize("name", sheets.LOOKS)
def test_slack_takes_every_look(name: str):
    rules.sent(draw(sheets.LOOKS[name], sheets.POLICY), calls=CALLED if name == "critical" else frozenset())


@pytest.mark.parametrize("name", sheets.LOOKS)
def test_a_card_has_at_most_three_buttons_and_one_primary(name: str):
    drawing = draw(sheets.LOOKS[name], sheets.POLICY)

    (row,) = [block["elements"] for block in drawing.blocks if block["type"] == "actions"]
    buttons = [one for one in row if one["type"] == "button"]
    assert len(buttons) <= 3 and sum(one.get("style") == "primary" for one in buttons) <= 1
    assert row[-1]["type"] == "overflow" and 1 <= len(row[-1]["options"]) <= 5
    assert all(one.get("style") != "danger" for one in buttons)


@pytest.mark.parametrize("name", sheets.LOOKS)
def test_the_facts_for_the_decision_stand_in_the_first_lines(name: str):
    drawing = draw(sheets.LOOKS[name], sheets.POLICY)

    heads = [block for block in drawing.blocks if block["type"] == "section" and "P" in str(block.get("text"))]
    assert heads and drawing.blocks.index(heads[0]) <= 2


def test_drawing_twice_gives_the_same_card():
    sheet = sheets.LOOKS["late-and-escalated"]

    assert draw(sheet, sheets.POLICY) == draw(sheet, sheets.POLICY)


def test_row_block_ids_change_with_what_they_hold():
    ids = [
        next(
            block["block_id"] for block in draw(sheets.LOOKS[name], sheets.POLICY).blocks if block["type"] == "actions"
        )
        for name in ("claimed", "sending-soon", "sending", "in-doubt", "replied")
    ]

    assert len(set(ids)) == len(ids)
