"""What customers write in the tests, and how it is judged."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.domain.mention import Author, Mention, ReplyMode, Terms, Visibility
from bot.domain.verdict import Kind, Reason, Urgency, Verdict

#: The moment at which every test begins.
START: Final = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
#: On what terms the written platform takes answers.
OPEN_TERMS: Final = Terms(mode=ReplyMode.API, account="harbourline", limit=280)

_numbers = itertools.count(1)


def mention(text: str = "My bag is lost.", *, by: str = "mara", at: datetime = START, **given: Any) -> Mention:
    """Return a public post on the feed ``square``; anything else can be given by name."""
    number = next(_numbers)
    written: dict[str, Any] = {
        "feed": "square",
        "platform": "Square",
        "post_id": f"p{number}",
        "author": Author(handle=by, name=by.title(), followers=given.pop("followers", 40)),
        "text": text,
        "posted_at": at,
        "seen_at": at + timedelta(seconds=2),
        "url": f"https://square.example/p{number}",
        "visibility": Visibility.PUBLIC,
        "tagged": True,
        "terms": OPEN_TERMS,
    }
    return Mention(**{**written, **given})


def complaint(urgency: Iterable[Urgency] = ()) -> Verdict:
    """Return the verdict on a complaint."""
    return Verdict(
        kind=Kind.COMPLAINT, score=2.5, reasons=(Reason("loss", "is lost", 2.5),), urgency=frozenset(urgency)
    )


def praise() -> Verdict:
    """Return the verdict on a kind word."""
    return Verdict(kind=Kind.PRAISE, score=-3.0, reasons=(Reason("thanks", "thank you", -3.0),))
