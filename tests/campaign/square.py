"""The public side: a platform that forgets no post, ignores idempotency keys, and keeps a ledger of what stands there.

It is worse than a good platform on purpose: a reply that is sent twice stands
there twice. Only its list of replies tells under which key each was sent.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.broken_calls import BrokenCall, Fault
from tests.campaign.faults import Plan

Json = dict[str, Any]


@dataclass(frozen=True)
class Applied:
    """One reply that stands on the platform."""

    key: str
    post: str
    text: str
    visibility: str


class Square:
    """Posts, and what we said under them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.offset = timedelta()
        self.posts: dict[str, Json] = {}
        self.listed: list[Json] = []
        """Every post as it was shown, also again: changed, deleted, delivered once more."""
        self.ledger: list[Applied] = []
        self.blind = False
        """Nobody can look up what stands there."""
        self.is_down = False
        self.calls: Counter[str] = Counter()
        self.asgi = Starlette(
            routes=[
                Route("/api/posts", self._list),
                Route("/api/limits", self._limits),
                Route("/api/posts/{id}", self._one),
                Route("/api/posts/{id}/replies", self._found, methods=["GET"]),
                Route("/api/posts/{id}/replies", self._reply, methods=["POST"]),
            ]
        )

    def write(self, text: str, **given: Any) -> str:
        """Make a post that nobody has seen yet; return its id."""
        post_id = f"p{len(self.posts) + 1}"
        handle = given.pop("by", f"mara{len(self.posts) + 1}")
        at = datetime.now(UTC) + self.offset
        self.posts[post_id] = {
            "id": post_id,
            "network": "mastodon",
            "author": {"handle": handle, "name": handle.title(), "followers": 40, "verified": False},
            "text": text,
            "posted_at": at.isoformat(),
            "url": f"https://square.example/{post_id}",
            "thread": post_id,
            "answers": None,
            "lang": "en",
            "mentions": ["harbourline"],
            "visibility": "public",
            "likes": 0,
            "reposts": 0,
            "photos": 0,
            "account": None,
            **given,
        }
        return post_id

    def show(self, post_id: str) -> None:
        """Show a post at the end of the list, for the first time or once more."""
        self.listed.append(self.posts[post_id])

    def post(self, text: str, **given: Any) -> str:
        """Write and show."""
        post_id = self.write(text, **given)
        self.show(post_id)
        return post_id

    def edit(self, post_id: str, text: str) -> None:
        """Let an author change what they wrote."""
        self.posts[post_id] = {**self.posts[post_id], "text": text}
        self.show(post_id)

    def delete(self, post_id: str) -> None:
        """Let an author take a post back."""
        self.listed.append({"id": post_id, "deleted": True})

    async def _list(self, request: Request) -> Response:
        if self.is_down:
            return JSONResponse({"error": "down for repairs"}, 503)
        since = int(request.query_params.get("since") or 0)
        some = self.listed[since : since + 50]
        return JSONResponse({"posts": some, "cursor": str(since + len(some))})

    async def _limits(self, _request: Request) -> Response:
        return JSONResponse({"error": "down"}, 503) if self.is_down else JSONResponse({"mastodon": 500})

    async def _one(self, request: Request) -> Response:
        post = self.posts.get(request.path_params["id"])
        return JSONResponse(post) if post else JSONResponse({"error": "gone"}, 404)

    async def _found(self, request: Request) -> Response:
        self.calls["look"] += 1
        if self.is_down or self.blind:
            return JSONResponse({"error": "nobody can look just now"}, 503, {"Retry-After": "0"})
        under = [one for one in self.ledger if one.post == request.path_params["id"]]
        return JSONResponse({"replies": [_shown(one, self.ledger.index(one)) for one in under]})

    async def _reply(self, request: Request) -> Response:
        self.calls["reply"] += 1
        if self.is_down:
            return JSONResponse({"error": "down for repairs"}, 429, {"Retry-After": "1"})
        fault = self.plan.fault()
        return await (self._broken(fault, request) if fault else self._apply(request))

    async def _broken(self, fault: Fault, request: Request) -> Response:
        await request.body()
        return await BrokenCall(fault, request, self._apply, asyncio.sleep).answer()

    async def _apply(self, request: Request) -> Response:
        asked = await request.json()
        applied = Applied(
            request.headers["idempotency-key"], request.path_params["id"], asked["text"], asked["visibility"]
        )
        self.ledger.append(applied)
        return JSONResponse(_shown(applied, len(self.ledger) - 1), 201)


def _shown(applied: Applied, number: int) -> Json:
    return {"id": f"r{number + 1}", "url": f"https://square.example/r{number + 1}", "key": applied.key}
