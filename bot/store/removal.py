"""Takes strangers' words out of rows that stay: ids, times and figures are left, so that twins are still known.

Every column of a mention, a case and a reply is either kept or emptied here; a
test names the one that somebody forgot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    not_,
    select,
    update,
)
from sqlalchemy import case as choose

from bot.domain.event import WORDY, Happening
from bot.domain.ids import CaseId, MentionId
from bot.domain.job import JobState
from bot.domain.removed import NOBODY, Removed, hidden_id
from bot.store.outbox import job
from bot.store.rows import chunks
from bot.store.strangers import Person
from bot.store.tables import case, escalation, event, mention, reply

#: What an emptied mention says instead; ``text``, ``post_id``, ``thread`` and ``answers`` are written row by row.
MENTION: Final[Mapping[str, Any]] = {
    "handle": NOBODY, "name": "", "followers": None, "verified": False, "url": "", "lang": "", "likes": 0,
    "reposts": 0, "photos": 0, "photo_urls": "[]", "parent_text": "",
}  # fmt: skip
REPLY: Final[Mapping[str, Any]] = {"remote_url": "", "trouble": "", "asked_for": ""}

#: Written once: building a statement of so many columns costs more than running it.
_EMPTY: Final = (
    update(mention)
    .where(mention.c.id == bindparam("this"))
    .values(**MENTION, post_id=bindparam("p"), thread=bindparam("t"), answers=bindparam("a"), reasons=bindparam("r"))
)


class Removal:
    """What is taken out in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def empty_mentions(self, mention_ids: Sequence[MentionId], why: Removed, *, words: str) -> set[CaseId]:
        """Take words, names and addresses out of mentions; ``words`` stand in their place.

        Return the cases of others whose mentions quoted them, and do not any more.
        """
        quoting: set[CaseId] = set()
        for some in chunks(list(mention_ids), 500):
            rows = self._connection.execute(select(mention).where(mention.c.id.in_(some))).all()
            for row in rows:
                quoting |= self._unquote(row)
            if rows:
                self._connection.execute(_EMPTY.values(removed=why, text=words), [_hidden(row) for row in rows])
        return quoting

    def delete_mention(self, mention_id: MentionId, *, words: str) -> set[CaseId]:
        """Take out what an author deleted: who wrote, and where, is still known.

        Return the cases of others whose mentions quoted it, and do not any more.
        """
        row = self._connection.execute(select(mention).where(mention.c.id == mention_id)).one()
        gone = {"photos": 0, "photo_urls": "[]", "url": "", "reasons": wordless(row.reasons), "parent_text": ""}
        here = update(mention).where(mention.c.id == mention_id)
        self._connection.execute(here.values(text=words, removed=Removed.DELETED, **gone))
        return self._unquote(row)

    def _unquote(self, row: Row[Any]) -> set[CaseId]:
        answers = and_(
            mention.c.answers == row.post_id, mention.c.platform == row.platform, mention.c.parent_text != ""
        )
        changed = update(mention).where(answers).values(parent_text="").returning(mention.c.case_id)
        return {case_id for case_id in self._connection.execute(changed).scalars() if case_id is not None}

    def empty_cases(self, case_ids: Sequence[CaseId], why: Removed, *, words: str) -> None:
        """Take whoever wrote, and all that was written about them, out of cases; their numbers and times stay."""
        for some in chunks(list(case_ids), 500):
            rows = self._connection.execute(
                select(case.c.id, case.c.platform, case.c.thread).where(case.c.id.in_(some))
            ).all()
            if not rows:
                continue
            self._connection.execute(
                update(case)
                .where(case.c.id == bindparam("this"))
                .values(author=NOBODY, thread=bindparam("t"), removed=why, version=case.c.version + 1),
                [{"this": row.id, "t": hidden_id(row.platform, row.thread)} for row in rows],
            )
            self._empty_around(some, words=words)

    def _empty_around(self, case_ids: Sequence[CaseId], *, words: str) -> None:
        said = and_(reply.c.case_id.in_(case_ids), reply.c.text != "")
        self._connection.execute(update(reply).where(said).values(**REPLY, text=words))
        up = and_(escalation.c.case_id.in_(case_ids), escalation.c.reason != "")
        self._connection.execute(update(escalation).where(up).values(reason=words))
        noted = and_(event.c.case_id.in_(case_ids), event.c.what == Happening.NOTED)
        self._connection.execute(update(event).where(noted).values(detail=""))
        self._shorten(and_(event.c.case_id.in_(case_ids), event.c.what.in_(WORDY), event.c.detail.like("%: %")))

    def unname(self, case_ids: Sequence[CaseId], person: Person) -> None:
        """Take an author out of cases in which others wrote, too: out of notes that name them, and as who began them.

        Such a case is then that of whoever wrote first among the others.
        """
        begun = and_(case.c.id.in_(case_ids), case.c.platform == person.platform, case.c.author == person.handle)
        others = and_(mention.c.case_id == case.c.id, mention.c.removed.is_(None))
        first = select(mention.c.handle).where(others).order_by(mention.c.id).limit(1)
        heir = first.correlate(case).scalar_subquery()
        changed = {"author": func.coalesce(heir, NOBODY), "version": case.c.version + 1}
        self._connection.execute(update(case).where(begun).values(**changed))
        named = and_(
            event.c.case_id.in_(case_ids), func.lower(event.c.detail).contains(person.handle.lower(), autoescape=True)
        )
        self._connection.execute(update(event).where(and_(named, event.c.what == Happening.NOTED)).values(detail=""))
        self._shorten(and_(named, event.c.what.in_(WORDY)))

    def empty_replies_to(self, mention_ids: Sequence[MentionId], *, words: str) -> None:
        """Take out what we answered to some mentions."""
        for some in chunks(list(mention_ids), 1_000):
            said = and_(reply.c.mention_id.in_(some), reply.c.text != "")
            self._connection.execute(update(reply).where(said).values(**REPLY, text=words))

    def _shorten(self, which: ColumnElement[bool]) -> None:
        """Keep of an event's detail what stands before the colon: a name, a number, a reason of a closed list."""
        rows = self._connection.execute(select(event.c.id, event.c.detail).where(which)).all()
        if rows:
            self._connection.execute(
                update(event).where(event.c.id == bindparam("this")).values(detail=bindparam("d")),
                [{"this": row.id, "d": row.detail.partition(": ")[0]} for row in rows],
            )

    def forget_done(self, *, before: datetime) -> int:
        """Delete promises that were kept long ago; return their number.

        That a reply was sent stays known for as long as the words of its case: its key is never free again before.
        """
        kept = and_(job.c.state == JobState.DONE, job.c.wished_due < before)
        its_reply = choose((job.c.key.startswith("reply:"), cast(job.c.subject, BigInteger)), else_=None)
        in_use = exists().where(and_(reply.c.id == its_reply, reply.c.case_id == case.c.id, case.c.removed.is_(None)))
        return self._connection.execute(delete(job).where(and_(kept, not_(in_use)))).rowcount


def _hidden(row: Row[Any]) -> dict[str, Any]:
    """Return what is left of a post's own ids: enough to know a twin."""
    return {
        "this": row.id,
        "p": hidden_id(row.platform, row.post_id),
        "t": hidden_id(row.platform, row.thread),
        "a": hidden_id(row.platform, row.answers),
        "r": wordless(row.reasons),
    }


def wordless(reasons: str) -> str:
    """Return the grounds of a verdict without the author's own words."""
    return orjson.dumps([[family, "", weight] for family, _, weight in orjson.loads(reasons)]).decode()
