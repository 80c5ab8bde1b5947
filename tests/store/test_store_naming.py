"""A handle is found wherever text can stand, as a whole word; nobody's column is forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import String

from bot.store.naming import ASIDE, _pattern
from bot.store.strangers import Person
from bot.store.tables import metadata
from bot.store.unit import Unit

MARA = Person("Square", "mara.quill", 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "mara.quill",
        "@mara.quill says",
        "for MARA.QUILL.",
        "(mara.quill)",
        "https://square.example/@mara.quill/7",
        "mara.quill's",
    ],
)
def test_a_handle_is_found_as_a_word(text: str):
    assert _pattern(MARA).search(text)


@pytest.mark.parametrize(
    "text", ["mara.quills", "mara.quill.b", "tamara.quill", "x.mara.quill", "mara-quill", "mara.quill-x"]
)
def test_a_longer_name_is_somebody_else(text: str):
    assert not _pattern(MARA).search(text)


def test_what_is_not_searched_holds_no_words_of_strangers():
    assert Unit  # joins every table
    aside = {f"{table.name}.{one.name}" for table in metadata.sorted_tables for one in table.c if one.name in ASIDE}
    text = {
        f"{table.name}.{one.name}"
        for table in metadata.sorted_tables
        for one in table.c
        if isinstance(one.type, String)
    }

    words = {"mention.text", "mention.parent_text", "mention.reasons", "reply.text", "event.detail", "job.trouble"}
    assert words <= text - aside and {"escalation.reason", "cases.author", "feed.cursor", "job.subject"} <= text - aside
