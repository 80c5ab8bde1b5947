"""What must hold in every database of ours, whatever happened to it: counted, row by row, in a database at rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    Table,
    and_,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.exc import DBAPIError

from bot.domain.case import State
from bot.domain.event import Happening
from bot.domain.job import JobState
from bot.domain.mention import Visibility
from bot.domain.reply import ReplyState
from bot.errors import Unusable
from bot.store import trouble
from bot.store.connect import plain_engine
from bot.store.outbox import folded, job
from bot.store.tables import card, case, event, mention, reply

_OPEN: Final = (JobState.READY, JobState.RUNNING, JobState.DEAD)
#: What gives somebody a case, or an answer the right to leave.
_GIVEN: Final = (Happening.CLAIMED, Happening.ASSIGNED)
_LET: Final = (Happening.QUEUED, Happening.APPROVED)


@dataclass(frozen=True, slots=True)
class Law:
    """One thing that must hold."""

    text: str
    broken: int
    """Rows that break it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a database."""

    laws: tuple[Law, ...]
    counts: dict[str, int]

    @property
    def is_sound(self) -> bool:
        """Whether every law holds."""
        return not any(law.broken for law in self.laws)


def examine(url: str) -> Examined:
    """Look at every page and every row of a database that nobody writes to.

    Raises:
        Unusable: it is damaged, or cannot be read.
    """
    engine = plain_engine(url)
    try:
        with engine.connect() as connection:
            _refuse_damage(connection, engine)
            laws = tuple(Law(words, int(connection.execute(query()).scalar_one())) for words, query in LAWS.items())
            return Examined(laws, dict(_counts(connection)))
    except DBAPIError as error:
        raise Unusable(trouble.sentence(url, error) or f"The database cannot be read: {error.orig}.") from error
    finally:
        engine.dispose()


def _refuse_damage(connection: Connection, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if found != "ok":
        raise Unusable(f"{engine.url.database} is damaged ({' '.join(str(found).split())}). Take another backup.")


def _counts(connection: Connection) -> Iterator[tuple[str, int]]:
    """Give how much there is, in the words of the house."""
    wanted: dict[str, Select[Any]] = {
        "mentions": select(func.count()).select_from(mention),
        "cases": select(func.count()).select_from(case),
        "open cases": select(func.count()).where(case.c.state != State.RESOLVED),
        "cards": select(func.count()).select_from(card),
        "replies sent": select(func.count()).where(reply.c.state == ReplyState.SENT),
        "replies in doubt": select(func.count()).where(reply.c.state.in_([ReplyState.SENDING, ReplyState.UNKNOWN])),
        "events": select(func.count()).select_from(event),
        "promises to keep": select(func.count()).where(job.c.state.in_(_OPEN)),
    }
    for name, query in wanted.items():
        yield name, int(connection.execute(query).scalar_one())


def _rows(table: Table, *broken: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(table).where(and_(*broken))


def _redraw_of(case_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the card of a case is promised; looked up by the key that it has, which is indexed."""
    key = literal("card.redraw:") + cast(case_id, String)
    return exists().where(and_(job.c.key == key, job.c.state.in_(_OPEN)))


def _lost_case() -> Select[Any]:
    """Count mentions of a case that there is not."""
    known = exists().where(case.c.id == mention.c.case_id)
    return _rows(mention, mention.c.case_id.is_not(None), not_(known))


def _stray_card() -> Select[Any]:
    """Count cards of a case that there is not."""
    known = exists().where(case.c.id == card.c.case_id)
    return _rows(card, not_(known))


def _nowhere() -> Select[Any]:
    """Count open cases without a card and without the promise of one, which no board shows either."""
    carded = exists().where(card.c.case_id == case.c.id) | exists().where(folded.c.case_id == case.c.id)
    return _rows(case, case.c.state != State.RESOLVED, not_(carded), not_(_redraw_of(case.c.id)))


def _sent_twice() -> Select[Any]:
    """Count pairs of replies that are the same post on one platform."""
    sent = select(mention.c.platform, reply.c.remote_id).join(mention, mention.c.id == reply.c.mention_id)
    known = sent.where(and_(reply.c.state == ReplyState.SENT, reply.c.remote_id != ""))
    twice = known.group_by(mention.c.platform, reply.c.remote_id).having(func.count() > 1).subquery()
    return select(func.count()).select_from(twice)


def _unapproved() -> Select[Any]:
    """Count replies that left, or may have, and that nobody let leave."""
    out = reply.c.state.in_([ReplyState.QUEUED, ReplyState.SENDING, ReplyState.SENT, ReplyState.UNKNOWN])
    let = exists().where(
        and_(event.c.case_id == reply.c.case_id, event.c.what.in_(_LET), event.c.detail == cast(reply.c.id, String))
    )
    return _rows(reply, out, reply.c.by != "", not_(let))


def _exposed() -> Select[Any]:
    """Count private mentions in public cases."""
    return (
        select(func.count())
        .select_from(mention)
        .join(case, case.c.id == mention.c.case_id)
        .where(and_(mention.c.visibility == Visibility.PRIVATE, not_(case.c.private)))
    )


def _unlogged() -> Select[Any]:
    """Count cases that somebody has without a line in their timeline."""
    given = exists().where(and_(event.c.case_id == case.c.id, event.c.what.in_(_GIVEN)))
    return _rows(case, case.c.assignee.is_not(None), not_(given))


def _unasked() -> Select[Any]:
    """Count replies in doubt whose case nobody sees."""
    seen = exists().where(card.c.case_id == reply.c.case_id)
    return _rows(reply, reply.c.state == ReplyState.UNKNOWN, not_(or_(seen, _redraw_of(reply.c.case_id))))


#: Each law with what counts the rows that break it.
LAWS: Final[dict[str, Callable[[], Select[Any]]]] = {
    "every mention of a case has that case": _lost_case,
    "every card is of a case": _stray_card,
    "every open case has a card, or is promised one": _nowhere,
    "no two replies are one post": _sent_twice,
    "no reply left without a person's word": _unapproved,
    "nothing private is in a public case": _exposed,
    "who has a case was given it": _unlogged,
    "every doubtful reply asks somebody": _unasked,
}
