"""What a promised line says when things went on before it was drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.reply import ReplyState
from bot.slack import threads
from tests.slack import sheets


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (ReplyState.UNKNOWN, "I can't tell whether your reply arrived."),
        (ReplyState.REFUSED, "Nothing was sent."),
        (ReplyState.SENT, ""),
    ],
)
def test_a_doubt_that_a_person_settled_is_not_told_as_it_was(stands: ReplyState, said: str):
    sheet = sheets.sheet(reply=sheets.reply(state=stands))
    timeline = replace(sheets.timeline(sheet), replies=(sheet.reply,))

    line = threads.line(timeline, "unknown", str(sheet.reply.id))

    assert said in line.drawing.text if line else not said
