"""Mentions in the database, with the verdict they got; the only place of the original text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from bot.domain.ids import CaseId, MentionId
from bot.domain.mention import Author, Mention, ReplyMode, Terms, Visibility
from bot.domain.removed import hidden_id
from bot.domain.verdict import Kept, Kind, Reason, Urgency, Verdict
from bot.errors import VersionConflict
from bot.store.rows import chunks, key_of
from bot.store.tables import mention as table


def _platforms() -> CTE:
    """Return every platform of which anything is stored."""
    first = select(func.min(table.c.platform).label("platform")).cte("platforms", recursive=True)
    after = select(func.min(table.c.platform)).where(table.c.platform > first.c.platform).scalar_subquery()
    return first.union_all(select(after).where(first.c.platform.is_not(None)))


#: Written once: building a statement of so many columns costs more than running it.
_ADD: Final = insert(table)
_KNOWN: Final = select(table.c.post_id).where(
    and_(table.c.platform == bindparam("on"), table.c.post_id.in_(bindparam("posts", expanding=True)))
)
_OF_CASE: Final = (
    select(table).where(table.c.case_id == bindparam("of")).order_by(table.c.id.desc()).limit(bindparam("most"))
)
_NEWEST: Final = (
    select(table)
    .where(table.c.case_id == bindparam("of"))
    .order_by((table.c.handle == bindparam("by")).desc(), table.c.removed.is_(None).desc(), table.c.id.desc())
    .limit(1)
)

_NEWEST_PRIVATE: Final = _NEWEST.where(table.c.visibility != Visibility.PUBLIC)

# Posts are found by platform and id. A feed does not say which platforms it brings; they are few, so that stepping
# from one to the next in the index costs nothing beside walking through everything the feed ever brought. Asked for
# the feed as well, SQLite would do just that.
_PLATFORMS: Final = _platforms()
_BROUGHT: Final = select(table).where(
    and_(
        table.c.platform.in_(select(_PLATFORMS.c.platform)),
        table.c.post_id.in_(bindparam("posts", expanding=True)),
        table.c.removed.is_(None),
    )
)


class Mentions:
    """The mentions of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, mentions: Sequence[Mention]) -> set[tuple[str, str]]:
        """Return which of these (platform, post id) are stored already."""
        found: set[tuple[str, str]] = set()
        for platform in {mention.platform for mention in mentions}:
            posts = [mention.post_id for mention in mentions if mention.platform == platform]
            shown = {hidden_id(platform, post): post for post in posts} | {post: post for post in posts}
            for some in chunks([*shown], 1_000):
                rows = self._connection.execute(_KNOWN, {"on": platform, "posts": some}).scalars()
                found.update((platform, shown[post]) for post in rows)
        return found

    def add(self, mention: Mention, verdict: Verdict, *, case_id: CaseId | None) -> MentionId:
        """Store one new mention."""
        done = self._connection.execute(_ADD, _row(mention, verdict, case_id))
        return MentionId(key_of(done))

    def add_all(self, judged: Sequence[tuple[Mention, Verdict, CaseId | None]]) -> None:
        """Store many at once."""
        if judged:
            self._connection.execute(_ADD, [_row(*one) for one in judged])

    def get(self, mention_id: MentionId) -> Kept | None:
        """Return one mention, if it is there."""
        return self._one(select(table).where(table.c.id == mention_id))

    def of_case(self, case_id: CaseId, *, limit: int = 50) -> list[Kept]:
        """Return the newest mentions of a case, oldest first."""
        found = self._connection.execute(_OF_CASE, {"of": case_id, "most": limit})
        return [kept_of(row) for row in found][::-1]

    def newest(self, case_id: CaseId, *, by: str, private: bool = False) -> Kept | None:
        """Return the newest mention of a case by its author, else the newest of all; of the ``private`` ones only."""
        return self._one(_NEWEST_PRIVATE if private else _NEWEST, of=case_id, by=by)

    def first_of(self, case_id: CaseId) -> Kept | None:
        """Return the oldest mention of a case."""
        query = select(table).where(table.c.case_id == case_id).order_by(table.c.id).limit(1)
        return self._one(query)

    def newest_of(self, case_ids: Sequence[CaseId]) -> dict[CaseId, Kept]:
        """Return the newest mention of each case."""
        newest = select(func.max(table.c.id)).where(table.c.case_id.in_(case_ids)).group_by(table.c.case_id)
        rows = self._connection.execute(select(table).where(table.c.id.in_(newest)))
        return {row.case_id: kept_of(row) for row in rows}

    def unflagged(self, *, after: int = 0, limit: int = 20) -> list[Kept]:
        """Return tagged mentions without a case and newer than number ``after``, newest first."""
        query = select(table).where(_left_aside(after))
        return [kept_of(row) for row in self._connection.execute(query.order_by(table.c.id.desc()).limit(limit))]

    def count_unflagged(self, *, after: int = 0) -> int:
        """Return how many tagged mentions have no case."""
        return self._connection.execute(select(func.count()).where(_left_aside(after))).scalar_one()

    def last_id(self) -> int:
        """Return the number of the newest mention, or 0."""
        return self._connection.execute(select(func.max(table.c.id))).scalar_one() or 0

    def join(self, mention_id: MentionId, case_id: CaseId) -> None:
        """Put a mention that has no case into one.

        Raises:
            VersionConflict: somebody else was quicker.
        """
        loose = and_(table.c.id == mention_id, table.c.case_id.is_(None))
        if self._connection.execute(update(table).where(loose).values(case_id=case_id)).rowcount != 1:
            raise VersionConflict(f"Mention {mention_id} joined a case meanwhile.")

    def add_parent(self, mention_id: MentionId, parent: str) -> None:
        """Keep what a mention answers."""
        self._connection.execute(update(table).where(table.c.id == mention_id).values(parent_text=parent))

    def at(self, platform: str, post_id: str) -> Kept | None:
        """Return the mention that is this post, if it is stored."""
        this = and_(table.c.platform == platform, table.c.post_id == post_id)
        return self._one(select(table).where(this))

    def standing(self, mentions: Sequence[Mention]) -> dict[tuple[str, str], Kept]:
        """Return those that are stored and were not removed, by (platform, post id)."""
        pair = tuple_(table.c.platform, table.c.post_id)
        found: dict[tuple[str, str], Kept] = {}
        for some in chunks([(mention.platform, mention.post_id) for mention in mentions], 1_000):
            rows = self._connection.execute(select(table).where(and_(pair.in_(some), table.c.removed.is_(None))))
            found.update(((row.platform, row.post_id), kept_of(row)) for row in rows)
        return found

    def brought(self, feed: str, posts: Sequence[str]) -> list[Kept]:
        """Return what a feed brought under these ids and is not removed."""
        return [
            kept_of(row)
            for some in chunks(posts, 1_000)
            for row in self._connection.execute(_BROUGHT, {"posts": some})
            if row.feed == feed
        ]

    def edit(self, mention_id: MentionId, mention: Mention, verdict: Verdict, *, at: datetime | None) -> None:
        """Keep what a mention says now, and how it is judged; what it said before is gone. Private stays private."""
        changed = ["text", "photos", "photo_urls", "lang", "kind", "score", "reasons", "urgency", "revised_at"]
        changed += ["visibility"] if mention.private else []
        row = _row(mention, verdict, None)
        values = {name: row[name] for name in changed} | {"edited_at": at}
        self._connection.execute(update(table).where(table.c.id == mention_id).values(**values))

    def count_standing(self, case_id: CaseId) -> int:
        """Return how many mentions of a case were not removed."""
        query = select(func.count()).where(and_(table.c.case_id == case_id, table.c.removed.is_(None)))
        return self._connection.execute(query).scalar_one()

    def _one(self, query: Select[Any], **bound: Any) -> Kept | None:
        row = self._connection.execute(query, bound).one_or_none()
        return None if row is None else kept_of(row)

    def case_at(self, url: str) -> CaseId | None:
        """Return the case of the mention at this address, if it has one."""
        query = select(table.c.case_id).where(and_(table.c.url == url, table.c.case_id.is_not(None))).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def like(self, mention: Mention) -> Kept | None:
        """Return the mention that is stored of the same post: by its network's name for it, or by its address."""
        same = and_(table.c.platform == mention.platform, table.c.post_id == mention.post_id)
        either = or_(same, table.c.url == mention.url) if mention.url else same
        return self._one(select(table).where(either).order_by(table.c.id).limit(1))


def _left_aside(after: int) -> ColumnElement[bool]:
    return and_(table.c.case_id.is_(None), table.c.tagged, table.c.id > after)


def _row(mention: Mention, verdict: Verdict, case_id: CaseId | None) -> dict[str, Any]:
    return {
        "feed": mention.feed,
        "platform": mention.platform,
        "post_id": mention.post_id,
        "handle": mention.author.handle,
        "name": mention.author.name,
        "followers": mention.author.followers,
        "verified": mention.author.verified,
        "text": mention.text,
        "posted_at": mention.posted_at,
        "seen_at": mention.seen_at,
        "url": mention.url,
        "thread": mention.thread,
        "answers": mention.answers,
        "lang": mention.lang,
        "tagged": mention.tagged,
        "visibility": mention.visibility,
        "likes": mention.likes,
        "reposts": mention.reposts,
        "photos": mention.photos,
        "photo_urls": orjson.dumps(mention.photo_urls).decode(),
        "parent_text": mention.parent,
        "revised_at": mention.revised_at,
        "terms": orjson.dumps(mention.terms).decode(),
        "kind": verdict.kind,
        "score": verdict.score,
        "reasons": orjson.dumps([[r.family, r.words, r.weight] for r in verdict.reasons]).decode(),
        "urgency": " ".join(sorted(verdict.urgency)),
        "case_id": case_id,
    }


def kept_of(row: Row[Any]) -> Kept:
    """Return a mention and its verdict out of a row of the table."""
    terms = orjson.loads(row.terms)
    mention = Mention(
        feed=row.feed,
        platform=row.platform,
        post_id=row.post_id,
        author=Author(handle=row.handle, name=row.name, followers=row.followers, verified=row.verified),
        text=row.text,
        posted_at=row.posted_at,
        seen_at=row.seen_at,
        url=row.url,
        thread=row.thread,
        answers=row.answers,
        lang=row.lang,
        tagged=row.tagged,
        visibility=row.visibility,
        likes=row.likes,
        reposts=row.reposts,
        photos=row.photos,
        photo_urls=tuple(orjson.loads(row.photo_urls)),
        parent=row.parent_text,
        revised_at=row.revised_at,
        terms=Terms(**{**terms, "mode": ReplyMode(terms["mode"])}),
    )
    verdict = Verdict(
        kind=Kind(row.kind),
        score=row.score,
        reasons=tuple(Reason(*reason) for reason in orjson.loads(row.reasons)),
        urgency=frozenset(Urgency(word) for word in row.urgency.split()),
    )
    return Kept(MentionId(row.id), mention, verdict, row.case_id, removed=row.removed, edited_at=row.edited_at)
