"""Posts for the tests of triage: written here, or the project's labelled ones."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.mention import Author, Mention
from bot.triage.scorer import judge

WHEN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LABELLED = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "labelled_posts.jsonl").read_text("utf-8").splitlines()
]


def said(text, *, lang="", tagged=None):
    """Return ``text`` as a feed would bring it; tagged when a handle stands in it."""
    return Mention(
        feed="demo",
        platform="X",
        post_id="1",
        author=Author(handle="ann"),
        text=text,
        posted_at=WHEN,
        seen_at=WHEN,
        lang=lang,
        tagged="@" in text if tagged is None else tagged,
    )


def judged(text, *, lang="", tagged=None):
    """Return the verdict on ``text``."""
    return judge(said(text, lang=lang, tagged=tagged))
