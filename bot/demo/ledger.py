"""What the platform remembers, in one SQLite file: posts that are out, our replies, answers to come."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS stream (one INTEGER PRIMARY KEY CHECK (one = 1), settled_s REAL NOT NULL);
CREATE TABLE IF NOT EXISTS post (
    id TEXT PRIMARY KEY, story TEXT NOT NULL, thread TEXT NOT NULL, answers TEXT,
    due_s REAL NOT NULL, posted_at TEXT NOT NULL, gone_s REAL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS post_thread ON post (thread);
CREATE INDEX IF NOT EXISTS post_answers ON post (answers);
CREATE TABLE IF NOT EXISTS listing (seq INTEGER PRIMARY KEY AUTOINCREMENT, post TEXT NOT NULL REFERENCES post);
CREATE TABLE IF NOT EXISTS reply (
    key TEXT PRIMARY KEY, id TEXT NOT NULL REFERENCES post, target TEXT NOT NULL REFERENCES post,
    story TEXT NOT NULL, text TEXT NOT NULL, visibility TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS coming (id TEXT PRIMARY KEY, due_s REAL NOT NULL, answers TEXT NOT NULL, text TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Row:
    """One post that is out."""

    id: str
    story: str
    """The scripted post whose author's answers this post may set off."""
    thread: str
    answers: str | None
    due_s: float
    """Stream seconds at which it came out."""
    posted_at: str
    """The same moment on the wall clock, ISO 8601 in UTC."""
    gone_s: float | None
    """Stream seconds at which its author deletes it."""
    body: Mapping[str, Any]
    """network, author, text, lang, visibility, likes, reposts, photos, account."""


@dataclass(frozen=True)
class Sent:
    """One reply of ours, as it was asked for."""

    key: str
    id: str
    target: str
    story: str
    text: str
    visibility: str


@dataclass(frozen=True)
class Coming:
    """What is not out yet: an author's answer, or a post of a storm."""

    id: str
    due_s: float
    answers: str = ""
    """Our reply that the author answers; empty for a post of a storm."""
    text: str = ""


_POST: Final = "SELECT id, story, thread, answers, due_s, posted_at, gone_s, body FROM post"


class Ledger:
    """The memory of the platform. Not thread-safe: it belongs to the event loop."""

    def __init__(self, keep: Path | None) -> None:
        """Open ``keep``, or a memory that ends with this object when it is None."""
        self._db = sqlite3.connect(keep or ":memory:", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep everything that is written inside, or nothing of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def settled_s(self) -> float:
        """Up to which stream second everything due is out; below 0 when the stream never ran."""
        found = self._db.execute("SELECT settled_s FROM stream").fetchone()
        return float(found[0]) if found else -1.0

    def settle(self, settled_s: float) -> None:
        """Remember that everything due up to ``settled_s`` is out."""
        self._db.execute("INSERT OR REPLACE INTO stream VALUES (1, ?)", (settled_s,))

    def publish(self, row: Row) -> None:
        """Store a new post and show it at the end of the list."""
        values = (row.id, row.story, row.thread, row.answers, row.due_s, row.posted_at, row.gone_s)
        self._db.execute("INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*values, json.dumps(row.body)))
        self.show_again(row.id)

    def show_again(self, post_id: str) -> None:
        """Show a stored post at the end of the list (once more)."""
        self._db.execute("INSERT INTO listing (post) VALUES (?)", (post_id,))

    def rewrite(self, post_id: str, body: Mapping[str, Any]) -> None:
        """Store what a post says now."""
        self._db.execute("UPDATE post SET body = ? WHERE id = ?", (json.dumps(body), post_id))

    def vanish(self, post_id: str, gone_s: float) -> None:
        """Store when its author deleted a post; the words are gone."""
        self._db.execute(
            "UPDATE post SET gone_s = ?, body = json_set(body, '$.text', '') WHERE id = ?", (gone_s, post_id)
        )

    def going(self, after_s: float, until_s: float) -> list[str]:
        """Posts that their authors delete after one stream second and not later than another."""
        found = self._db.execute("SELECT id FROM post WHERE gone_s > ? AND gone_s <= ?", (after_s, until_s))
        return [post_id for (post_id,) in found.fetchall()]

    def post(self, post_id: str) -> Row | None:
        """Find one post."""
        return next(self._rows(f"{_POST} WHERE id = ?", post_id), None)

    def listed(self, after: int, limit: int) -> tuple[list[Row], int]:
        """Posts shown after listing number ``after``, oldest first, and the number of the last of them."""
        found = self._db.execute(
            "SELECT seq, post FROM listing WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit)
        ).fetchall()
        rows = [row for _, post_id in found if (row := self.post(post_id))]
        return rows, found[-1][0] if found else after

    def latest(self, network: str | None, limit: int) -> list[Row]:
        """The youngest posts that open a thread, newest first; of one network, or of all when None."""
        return list(
            self._rows(
                f"{_POST} WHERE answers IS NULL AND (?1 IS NULL OR json_extract(body, '$.network') = ?1)"
                " ORDER BY due_s DESC LIMIT ?2",
                network,
                limit,
            )
        )

    def thread(self, root: str) -> list[Row]:
        """Every post of a thread, oldest first."""
        return list(self._rows(f"{_POST} WHERE thread = ? ORDER BY due_s, rowid", root))

    def answered(self, root: str) -> int:
        """How many posts stand below the first one of a thread."""
        return int(self._db.execute("SELECT count(*) - 1 FROM post WHERE thread = ?", (root,)).fetchone()[0])

    def remember(self, sent: Sent) -> None:
        """Store the request that a published reply of ours came from."""
        values = (sent.key, sent.id, sent.target, sent.story, sent.text, sent.visibility)
        self._db.execute("INSERT INTO reply VALUES (?, ?, ?, ?, ?, ?)", values)

    def sent_under(self, key: str) -> Sent | None:
        """Find the reply that was sent with this idempotency key."""
        return next(self._sent("key = ?", key), None)

    def sent_to(self, target: str) -> list[Sent]:
        """Our replies to one post, oldest first."""
        return list(self._sent("target = ?", target))

    def sent_in(self, story: str) -> list[Sent]:
        """Our replies to one author's post and to their answers, oldest first."""
        return list(self._sent("story = ?", story))

    def expect(self, coming: Coming) -> None:
        """Promise an author's answer, or a post of a storm."""
        values = (coming.id, coming.due_s, coming.answers, coming.text)
        self._db.execute("INSERT OR IGNORE INTO coming VALUES (?, ?, ?, ?)", values)

    def take_due(self, until_s: float) -> list[Coming]:
        """Hand out, once, what is due by ``until_s``."""
        found = self._db.execute("SELECT * FROM coming WHERE due_s <= ? ORDER BY due_s", (until_s,)).fetchall()
        self._db.execute("DELETE FROM coming WHERE due_s <= ?", (until_s,))
        return [Coming(*row) for row in found]

    def storm_left(self) -> int:
        """How many posts of a storm are still to come."""
        return int(self._db.execute("SELECT count(*) FROM coming WHERE answers = ''").fetchone()[0])

    def _rows(self, query: str, *values: object) -> Iterator[Row]:
        for row in self._db.execute(query, values):
            yield Row(*(*row[:-1], json.loads(row[-1])))

    def _sent(self, where: str, value: str) -> Iterator[Sent]:
        for fields in self._db.execute(f"SELECT * FROM reply WHERE {where} ORDER BY rowid", (value,)):  # noqa: S608 - `where` is one of three constants above
            yield Sent(*fields)
