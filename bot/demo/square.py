"""The public square: what has been said up to now, and what our replies set off.

Everything is computed when somebody asks: `advance` lets out whatever became due since the last
look. There is no background task that could die, and a test turns the clock instead of waiting.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from bot.demo.ledger import Coming, Ledger, Row, Sent
from bot.demo.script import LIMITS, Author, Beat, Post
from bot.demo.timeline import Timeline, delay_s

#: Our own account, as the platform knows it.
OURS: Final = Author("harbourline", "Harbourline", followers=18_400, verified=True)


class PostGoneError(LookupError):
    """No such post is out, or its author deleted it."""


class UnfitTextError(ValueError):
    """The reply is empty, holds characters that cannot be stored, or is too long for the network."""


class KeyTakenError(ValueError):
    """Another reply was sent under this idempotency key."""


class StormUnderWayError(RuntimeError):
    """Another storm is not over."""


class Square:
    """Posts, replies and answers of one platform."""

    def __init__(
        self,
        beats: Sequence[Beat],
        ledger: Ledger,
        *,
        speed: float,
        clock: Callable[[], datetime],
        storm: Sequence[Post] = (),
    ) -> None:
        """Go on from what ``ledger`` remembers; ``clock`` gives aware UTC, ``storm`` is what `brew` lets out."""
        self._ledger = ledger
        self._clock = clock
        self._speed = speed
        self._storm = storm
        self._stories = {post.id: post for post in (*(beat.post for beat in beats), *storm)}
        self._timeline = Timeline(beats, speed=speed, settled_s=ledger.settled_s(), opened_at=clock())

    def advance(self) -> float:
        """Let out everything that is due and give the stream second of now."""
        now_s = max(self._timeline.elapsed_s(self._clock()), self._ledger.settled_s())
        with self._ledger.together():
            beats = self._timeline.between(self._ledger.settled_s(), now_s)
            due: list[Beat | Coming] = [*beats, *self._ledger.take_due(now_s)]
            for step in sorted(due, key=lambda step: step.due_s):
                self._let_out(step)
            for post_id in self._ledger.going(self._ledger.settled_s(), now_s):
                self._ledger.show_again(post_id)
            self._ledger.settle(now_s)
        return now_s

    def page(self, *, after: int, limit: int) -> tuple[list[Row], int]:
        """Posts listed after number ``after``, oldest first, also deleted ones, and the number to go on from."""
        self.advance()
        return self._ledger.listed(after, limit)

    def stands(self, row: Row) -> bool:
        """Whether its author has not deleted a post."""
        return row.gone_s is None or self._ledger.settled_s() < row.gone_s

    def edit(self, post_id: str, text: str) -> None:
        """Let an author change what a post says; the list shows it once more.

        Raises:
            PostGoneError: there is no such post.
            UnfitTextError: the text cannot be published on that network.
        """
        row = self.find(post_id)
        _check(text, LIMITS[row.body["network"]])
        with self._ledger.together():
            edited_at = self._clock().isoformat()
            self._ledger.rewrite(post_id, {**row.body, "text": text, "edited_at": edited_at})
            self._ledger.show_again(post_id)

    def delete(self, post_id: str) -> None:
        """Let an author delete a post; the list says so.

        Raises:
            PostGoneError: there is no such post.
        """
        row = self.find(post_id)
        with self._ledger.together():
            self._ledger.vanish(row.id, self._ledger.settled_s())
            self._ledger.show_again(row.id)

    def find(self, post_id: str) -> Row:
        """Give one post.

        Raises:
            PostGoneError: it is not out, or no longer.
        """
        now_s = self.advance()
        row = self._ledger.post(post_id)
        if row is None or not any(standing([row], now_s)):
            raise PostGoneError(f"There is no post {post_id} here.")
        return row

    def thread(self, root: str) -> list[Row]:
        """Every post of a thread that still stands, oldest first."""
        now_s = self.advance()
        return list(standing(self._ledger.thread(root), now_s))

    def latest(self, network: str | None, *, limit: int) -> list[tuple[Row, int]]:
        """Public posts that open a thread, newest first, each with the number of posts below it."""
        now_s = self.advance()
        rows = standing(self._ledger.latest(network, limit), now_s)
        return [(row, self._ledger.answered(row.id)) for row in rows if row.body["visibility"] == "public"]

    def sent_to(self, post_id: str) -> list[tuple[Sent, Row]]:
        """Our replies to one post, oldest first; also when it is gone, for they were sent."""
        return [(sent, row) for sent in self._ledger.sent_to(post_id) if (row := self._ledger.post(sent.id))]

    def reply(self, post_id: str, *, key: str, text: str, visibility: str) -> tuple[Sent, bool]:
        """Publish our reply once and say whether this call did it.

        Below a private post everything is private, whatever was asked.

        Raises:
            PostGoneError: there is nothing to answer.
            UnfitTextError: the text cannot be published on that network.
            KeyTakenError: the key stands for something else.
        """
        earlier = self._ledger.sent_under(key)
        if earlier is not None:
            if (earlier.target, earlier.text) != (post_id, text):
                raise KeyTakenError("This Idempotency-Key stands for another reply.")
            return earlier, False
        target = self.find(post_id)
        _check(text, LIMITS[target.body["network"]])
        private = "private" in {visibility, target.body["visibility"]}
        return self._publish(target, key, text, "private" if private else "public"), True

    def brew(self, *, posts: int, seconds: float) -> int:
        """Let the first ``posts`` of the storm out, evenly over so many seconds of the clock; give their number.

        Raises:
            StormUnderWayError: one is not over; two at once would be noise.
        """
        now_s = self.advance()
        if left := self._ledger.storm_left():
            raise StormUnderWayError(f"A storm is under way: {left} of its posts are still to come.")
        told = next(n for n in itertools.count(1) if self._ledger.post(f"{self._storm[0].id}-s{n}") is None)
        with self._ledger.together():
            for number, post in enumerate(self._storm[:posts], start=1):
                due_s = now_s + self._speed * seconds * number / posts
                self._ledger.expect(Coming(f"{post.id}-s{told}", due_s))
        return posts

    def age_s(self, row: Row) -> float:
        """How long a post has been out, in stream seconds."""
        return self._timeline.elapsed_s(self._clock()) - row.due_s

    def _publish(self, target: Row, key: str, text: str, visibility: str) -> Sent:
        now_s = self.advance()
        story, before = target.story, len(self._ledger.sent_in(target.story))
        reply_id = f"{target.id}-r{len(self._ledger.sent_to(target.id)) + 1}"
        sent = Sent(key, reply_id, target.id, story, text, visibility)
        body = {**_body(target.body["network"], OURS, text, visibility), "account": OURS.handle}
        with self._ledger.together():
            self._place(reply_id, story, target, now_s, body)
            self._ledger.remember(sent)
            for number, answer in list(enumerate(self._post(story).follow_ups, start=1))[before : before + 1]:
                answer_id = f"{story}-a{number}"
                self._ledger.expect(Coming(answer_id, now_s + delay_s(answer_id), reply_id, answer))
        return sent

    def _let_out(self, step: Beat | Coming) -> None:
        if isinstance(step, Beat) and step.again:
            self._ledger.show_again(step.post.id)
        elif isinstance(step, Beat):
            post, parent = step.post, self._ledger.post(step.post.answers or "")
            gone_s = None if post.gone_after_s is None else step.due_s + post.gone_after_s
            self._place(post.id, post.id, parent, step.due_s, _body_of(post), gone_s=gone_s)
        elif step.answers:
            self._let_out_answer(step)
        else:
            self._place(step.id, step.id, None, step.due_s, _body_of(self._post(step.id)))

    def _post(self, story: str) -> Post:
        """What an author wrote; a storm that is told again has the same posts under new ids."""
        return self._stories[story.partition("-s")[0]]

    def _let_out_answer(self, coming: Coming) -> None:
        ours = self._ledger.post(coming.answers)
        author = self._ledger.post(ours.story) if ours else None
        if ours is None or author is None:
            raise LookupError(f"the reply that {coming.id} answers is missing from the file")
        body = {**author.body, "text": coming.text, "visibility": ours.body["visibility"]}
        self._place(coming.id, ours.story, ours, coming.due_s, {**body, "likes": 0, "reposts": 0, "photos": 0})

    def _place(
        self,
        post_id: str,
        story: str,
        parent: Row | None,
        due_s: float,
        body: dict[str, Any],
        *,
        gone_s: float | None = None,
    ) -> None:
        thread, answers = (parent.thread, parent.id) if parent else (post_id, None)
        moment = iso(self._timeline.moment(due_s))
        self._ledger.publish(Row(post_id, story, thread, answers, due_s, moment, gone_s, body))


def standing(rows: Sequence[Row], now_s: float) -> Iterator[Row]:
    """Keep those that their author has not deleted by ``now_s`` stream seconds."""
    return (row for row in rows if row.gone_s is None or now_s < row.gone_s)


def iso(moment: datetime) -> str:
    """Write an aware UTC moment as ISO 8601 with milliseconds and a Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _check(text: str, limit: int) -> None:
    if not text.strip():
        raise UnfitTextError("The reply is empty.")
    if len(text) > limit:
        raise UnfitTextError(f"The reply has {len(text)} characters; {limit} fit here.")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise UnfitTextError("The reply holds half a character.")


def _body(network: str, author: Author, text: str, visibility: str) -> dict[str, Any]:
    said = {"network": network, "author": asdict(author), "text": text, "visibility": visibility}
    return {**said, "lang": "en", "likes": 0, "reposts": 0, "photos": 0, "account": None}


def _body_of(post: Post) -> dict[str, Any]:
    body = _body(post.network, post.author, post.text, post.visibility)
    return {**body, "lang": post.lang, "likes": post.likes, "reposts": post.reposts, "photos": post.photos}
