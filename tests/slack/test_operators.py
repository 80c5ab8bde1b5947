"""What the operators read of dead jobs: few words, no stranger's, within what Slack takes."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cases import promises
from bot.cases.letters import Letter
from bot.cases.rations import key_of
from bot.domain.job import Burst, Job
from bot.slack.blocks import SECTION_LIMIT
from bot.slack.operators import NAMED, message, rationed
from tests.fakes.posts import START
from tests.stories.stage import labels, text_of


def letter(count: int, **given: object) -> Letter:
    plain = {"kind": "card.redraw", "due": START, "subject": "12", "tries": 20, "trouble": "Slack refused: no_text."}
    dead = tuple(Job(**{**plain, "key": f"card.redraw:{n}", **given}) for n in range(count))
    return Letter(Burst(id=7, begun_at=START, ended_by_name="Cleo"), dead)


def test_one_job_is_named_with_its_trouble_and_what_can_be_done():
    drawing = message(letter(1))

    words = text_of({"blocks": drawing.blocks})
    assert "*One job was given up*" in words
    assert "Draw the card of case 12: Slack refused: no_text. (20 tries)" in words
    assert labels({"blocks": drawing.blocks}) == ["Try again", "Drop"]


def test_of_many_a_few_are_named_and_the_rest_is_counted():
    drawing = message(letter(500, trouble="x" * 5_000))

    words = str(drawing.text)
    assert words.count("Draw the card") == NAMED
    assert f"And {500 - NAMED} more" in words and len(words) <= SECTION_LIMIT


def test_what_is_seen_to_says_by_whom_and_bears_no_button():
    drawing = message(letter(0))

    assert "are seen to by Cleo" in drawing.text
    assert labels({"blocks": drawing.blocks}) == []


def test_a_kind_without_words_is_called_by_its_name_and_nothing_formats():
    assert "context.read" not in message(letter(1)).text
    assert "\\n• feed.notice &lt;!channel&gt;: " in repr(
        message(letter(1, kind="feed.notice", subject="<!channel>")).text
    )


def test_four_fifths_of_a_days_replies_and_all_of_them_are_told_apart():
    assert "*800 of 1000 replies of @acme on bluesky for today have left.*" in rationed(
        "800|1000|bluesky:acme:2026-11-22"
    )
    assert "*All 5 replies of demo for today have left.*" in rationed("5|5|demo::2026-11-22")


def test_of_an_account_that_a_job_has_no_room_for_the_feed_is_told():
    job = promises.ration(key_of("bluesky", "a" * 2_000, START), used=800, cap=1_000, at=START)

    assert "*800 of 1000 replies of bluesky for today have left.*" in rationed(job.subject)


def test_a_long_account_is_told_of_again_the_next_day_and_apart_from_another():
    def said(account: str, at: datetime) -> str:
        return promises.ration(key_of("bluesky", account, at), used=800, cap=1_000, at=at).key

    long, tomorrow = "a" * 199, START + timedelta(days=1)
    keys = {said(long, START), said(long, tomorrow), said(long + "b", START)}

    assert len(keys) == 3 and said(long, START) in keys
    assert max(map(len, keys)) <= 200
