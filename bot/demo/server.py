"""The demo platform as a web server: a JSON interface for feeds, pages for people, faults for tests."""

import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.demo import pages, script, wire
from bot.demo.ledger import Ledger, Row
from bot.demo.square import Square

#: Posts in one page of the list: when nothing is asked for, and at most.
PAGE: Final = 50
PAGE_MOST: Final = 200
#: Posts on the overview page.
OVERVIEW: Final = 60
#: Seconds of the clock that a storm lasts.
STORM_S: Final = 40


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Platform:
    """One platform. Serve `asgi` on loopback; it opens and closes its file in its lifespan."""

    def __init__(
        self,
        *,
        keep: Path | None = None,
        speed: float = 1.0,
        token: str = "demo-token",  # noqa: S107 - opens a toy on loopback, nothing else
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Prepare the platform; nothing is opened yet.

        Args:
            keep: the SQLite file that survives a restart; None = forget everything.
            speed: stream seconds in one second of the clock, above 0.
            token: what a feed must present as ``Authorization: Bearer``.
            clock: gives aware UTC.
        """
        if not speed > 0:
            raise ValueError("speed must be above 0")
        self._keep, self._speed, self._token, self._clock = keep, speed, token, clock
        self._square: Square
        self._storm = script.load_storm()
        self._down_until = datetime.min.replace(tzinfo=UTC)
        self._back_in_s: int | None = None
        self._doubtful = 0
        self.asgi = Starlette(
            routes=self._routes(),
            lifespan=self._lifespan,
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
            exception_handlers=wire.REFUSALS,
        )

    def _routes(self) -> list[Route]:
        up, known = self._up, self._known
        return [
            Route("/api/posts", up(known(self.list_posts))),
            Route("/api/posts/{id}", up(known(self.show_post))),
            Route("/api/posts/{id}/replies", up(known(self.list_replies)), methods=["GET"]),
            Route("/api/posts/{id}/replies", up(known(self.send_reply)), methods=["POST"]),
            Route("/api/limits", up(_show_limits)),
            Route("/sim/down", known(self.go_down), methods=["POST"]),
            Route("/sim/storm", known(self.raise_storm), methods=["POST"]),
            Route("/sim/doubt", known(self.cast_doubt), methods=["POST"]),
            Route("/sim/edit", known(self._edit_post), methods=["POST"]),
            Route("/sim/delete", known(self._delete_post), methods=["POST"]),
            Route("/", up(self.overview_page)),
            Route("/p/{id}", up(self.post_page)),
            Route("/static/demo.css", _show_style),
        ]

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        ledger = Ledger(self._keep)
        try:
            self._square = Square(script.load(), ledger, speed=self._speed, clock=self._clock, storm=self._storm)
            self._square.advance()
            yield
            self._square.advance()
        finally:
            ledger.close()

    async def list_posts(self, request: Request) -> Response:
        """Give the posts after a cursor, oldest first."""
        asked = request.query_params
        after = wire.amount(asked.get("since") or "0", "since", most=2**53)
        limit = wire.amount(asked.get("limit") or str(PAGE), "limit", least=1, most=PAGE_MOST)
        rows, last = self._square.page(after=after, limit=limit)
        told = [self._json(row, request) if self._square.stands(row) else wire.tombstone(row) for row in rows]
        return JSONResponse({"posts": told, "cursor": str(last)})

    async def show_post(self, request: Request) -> Response:
        """Give one post as it stands now."""
        return JSONResponse(self._json(self._square.find(request.path_params["id"]), request))

    async def list_replies(self, request: Request) -> Response:
        """Give our replies to one post: the look-up after a send whose outcome is in doubt."""
        replies = [
            {**wire.receipt(sent, request), "text": sent.text, "key": sent.key, "posted_at": row.posted_at}
            for sent, row in self._square.sent_to(request.path_params["id"])
        ]
        return JSONResponse({"replies": replies})

    async def send_reply(self, request: Request) -> Response:
        """Publish a reply once: 201, and 200 with the same answer when its key comes again."""
        key = request.headers.get("idempotency-key", "").strip()
        if not key:
            raise HTTPException(400, "The header Idempotency-Key is missing.")
        asked = await wire.read_json(request)
        text, visibility = asked.get("text"), asked.get("visibility", "public")
        if not isinstance(text, str) or visibility not in ("public", "private"):
            raise HTTPException(422, "text must be a string, visibility public or private.")
        sent, is_new = self._square.reply(request.path_params["id"], key=key, text=text, visibility=visibility)
        if self._doubtful:
            self._doubtful -= 1
            raise HTTPException(502, "The answer was lost on its way back.")
        return JSONResponse(wire.receipt(sent, request), 201 if is_new else 200)

    async def go_down(self, request: Request) -> Response:
        """Answer everything but /sim with 503 for so many seconds of the clock; 0 = come back."""
        asked = await wire.read_json(request)
        seconds = wire.amount(asked.get("seconds"), "seconds", most=86_400)
        told = asked.get("retry_after")
        self.down(seconds, retry_after_s=None if told is None else wire.amount(told, "retry_after", most=86_400))
        return JSONResponse({"ok": True})

    def down(self, seconds: int, *, retry_after_s: int | None = None) -> None:
        """Be down for so many seconds; ``Retry-After`` tells the truth, or always ``retry_after_s``."""
        self._down_until = self._clock() + timedelta(seconds=seconds)
        self._back_in_s = retry_after_s

    async def raise_storm(self, request: Request) -> Response:
        """Let many people complain about one trouble: so many posts in so many seconds of the clock."""
        asked = await wire.read_json(request)
        posts = wire.amount(asked.get("posts", len(self._storm)), "posts", least=1, most=len(self._storm))
        seconds = wire.amount(asked.get("seconds", STORM_S), "seconds", least=1, most=3_600)
        self.storm(posts=posts, seconds=seconds)
        return JSONResponse({"ok": True, "posts": posts, "seconds": seconds})

    def storm(self, *, posts: int | None = None, seconds: int = STORM_S) -> int:
        """Begin a storm of so many posts, or of all there are; give their number.

        Raises:
            StormUnderWayError: one is not over.
        """
        return self._square.brew(posts=posts or len(self._storm), seconds=seconds)

    async def cast_doubt(self, request: Request) -> Response:
        """Apply the next so many replies but answer each with 502; 0 = stop."""
        self._doubtful = wire.amount((await wire.read_json(request)).get("next"), "next", most=10_000)
        return JSONResponse({"ok": True})

    async def _edit_post(self, request: Request) -> Response:
        """Let an author change what a post says: ``id`` and ``text``."""
        asked = await wire.read_json(request)
        self._square.edit(str(asked.get("id")), str(asked.get("text") or ""))
        return JSONResponse({"ok": True})

    async def _delete_post(self, request: Request) -> Response:
        """Let an author delete a post: ``id``."""
        self._square.delete(str((await wire.read_json(request)).get("id")))
        return JSONResponse({"ok": True})

    async def overview_page(self, request: Request) -> Response:
        """Show what is new, on all networks or on one."""
        asked = request.query_params.get("network")
        network = asked if asked in script.LIMITS else None
        found = self._square.latest(network, limit=OVERVIEW)
        shown = [(self._json(row, request), below) for row, below in found]
        return wire.html(pages.overview(shown, network=network, now=self._clock()))

    async def post_page(self, request: Request) -> Response:
        """Show one post in its thread."""
        row = self._square.find(request.path_params["id"])
        thread = [self._json(each, request) for each in self._square.thread(row.thread)]
        return wire.html(pages.thread(thread, chosen=row.id, now=self._clock()))

    def _json(self, row: Row, request: Request) -> dict[str, Any]:
        return wire.post_json(row, request, age_s=self._square.age_s(row))

    def _known(self, serve: wire.Serve) -> wire.Serve:
        """Let in only those who present the token."""
        right = f"Bearer {self._token}".encode()

        async def checked(request: Request) -> Response:
            shown = request.headers.get("authorization", "")
            if not hmac.compare_digest(shown.encode("utf-8", "replace"), right):
                raise HTTPException(401, "Authorization: Bearer with the platform's token is needed.")
            return await serve(request)

        return checked

    def _up(self, serve: wire.Serve) -> wire.Serve:
        """Play dead while the platform is down."""

        async def alive(request: Request) -> Response:
            left_s = (self._down_until - self._clock()).total_seconds()
            if left_s > 0:
                back_in_s = int(left_s) + 1 if self._back_in_s is None else self._back_in_s
                raise HTTPException(503, "The platform is down.", {"Retry-After": str(back_in_s)})
            return await serve(request)

        return alive


async def _show_limits(_request: Request) -> Response:
    return JSONResponse(script.LIMITS)


async def _show_style(_request: Request) -> Response:
    style = (files(__package__) / "static" / "demo.css").read_text("utf-8")
    return Response(style, media_type="text/css")
