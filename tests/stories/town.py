"""A town square whose posts are written by the test: it speaks the demo platform's interface over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json = dict[str, Any]


class Town:
    """Holds posts and our replies; can be down, refuse, or lose its answers."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self.posts: list[Json] = []
        self._listed: list[Json] = []
        """Every post as it came, then again as it was changed."""
        self.replies: list[Json] = []
        self.is_down = False
        self.refusal = ""
        """Why every reply is refused; empty: none is."""
        self.is_locked = False
        """Our account may write nothing."""
        self.lost_answers = 0
        """So many replies are published, and their answers lost."""
        self.swallowed = 0
        """So many replies are answered with 502 and not published."""
        self.calls = 0
        self.hangs = False
        """While it does, a reply is published and its answer never comes."""
        self.stalls = False
        """While it does, whoever asks for posts waits."""
        self.waiting = 0
        """So many wait for posts."""
        self.asgi = Starlette(
            routes=[
                Route("/api/posts", self._list),
                Route("/api/limits", self._limits),
                Route("/api/posts/{id}", self._one),
                Route("/api/posts/{id}/replies", self._found, methods=["GET"]),
                Route("/api/posts/{id}/replies", self._reply, methods=["POST"]),
            ]
        )

    def post(self, text: str, *, by: str = "mara", **given: Any) -> str:
        """Write a post, public and to the brand unless told otherwise; return its id."""
        post_id = f"p{len(self.posts) + 1}"
        written = {
            "id": post_id,
            "network": "mastodon",
            "author": {"handle": by, "name": by.title(), "followers": given.pop("followers", 40), "verified": False},
            "text": text,
            "posted_at": given.pop("at", self._now()).isoformat(),
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
        }
        self.posts.append({**written, **given})
        self._listed.append(self.posts[-1])
        return post_id

    def edit(self, post_id: str, text: str) -> None:
        """Let an author change what they wrote."""
        post = next(one for one in self.posts if one["id"] == post_id)
        post["text"] = text
        self._listed.append(post)

    def delete(self, post_id: str) -> None:
        """Let an author take a post back."""
        self._listed.append({"id": post_id, "deleted": True})

    def answer(self, text: str) -> str:
        """Let the customer answer our newest reply."""
        ours = self.replies[-1]
        first = next(post for post in self.posts if post["id"] == ours["post"])
        by, thread = first["author"]["handle"], first["thread"]
        return self.post(text, by=by, thread=thread, answers=ours["id"], visibility=first["visibility"])

    def own(self, text: str, *, answers: str) -> str:
        """Let somebody of us answer on the platform itself, without Slack."""
        first = next(post for post in self.posts if post["id"] == answers)
        given = {"answers": answers, "thread": first["thread"], "visibility": first["visibility"]}
        return self.post(text, by="harbourline", account="harbourline", mentions=[], **given)

    @property
    def said(self) -> list[str]:
        """What we said in public, in order."""
        return [reply["text"] for reply in self.replies]

    async def _list(self, request: Request) -> Response:
        self.waiting += 1
        while self.stalls and not await request.is_disconnected():  # noqa: ASYNC110 - the client's leaving rings no bell
            await asyncio.sleep(0.02)
        self.waiting -= 1
        if self.is_down:
            return JSONResponse({"error": "down for repairs"}, 503)
        since = int(request.query_params.get("since") or 0)
        some = self._listed[since : since + 50]
        return JSONResponse({"posts": some, "cursor": str(since + len(some))})

    async def _one(self, request: Request) -> Response:
        if self.is_down:
            return JSONResponse({"error": "down"}, 503)
        found = [post for post in self.posts if post["id"] == request.path_params["id"]]
        return JSONResponse(found[0]) if found else JSONResponse({"error": "gone"}, 404)

    async def _limits(self, _request: Request) -> Response:
        return JSONResponse({"error": "down"}, 503) if self.is_down else JSONResponse({"mastodon": 500})

    async def _found(self, request: Request) -> Response:
        if self.is_down:
            return JSONResponse({"error": "down"}, 503)
        return JSONResponse({"replies": [one for one in self.replies if one["post"] == request.path_params["id"]]})

    async def _reply(self, request: Request) -> Response:
        self.calls += 1
        if self.is_down:
            return JSONResponse({"error": "down for repairs"}, 429, {"Retry-After": "5"})
        if self.is_locked:
            return JSONResponse({"error": "To protect our users this account is temporarily locked."}, 403)
        if self.refusal:
            return JSONResponse({"error": self.refusal}, 422)
        if self.swallowed:
            self.swallowed -= 1
            return JSONResponse({"error": "bad gateway"}, 502)
        asked, key = await request.json(), request.headers["idempotency-key"]
        known = [one for one in self.replies if one["key"] == key]
        if not known:
            number = f"r{len(self.replies) + 1}"
            url = f"https://square.example/{number}"
            found = {"id": number, "post": request.path_params["id"], "text": asked["text"], "key": key, "url": url}
            self.replies.append({**found, "visibility": asked["visibility"]})
        while self.hangs and not await request.is_disconnected():  # noqa: ASYNC110 - the client's leaving rings no bell
            await asyncio.sleep(0.02)
        if self.lost_answers:
            self.lost_answers -= 1
            return JSONResponse({"error": "bad gateway"}, 502)
        receipt = next(one for one in self.replies if one["key"] == key)
        return JSONResponse({"id": receipt["id"], "url": receipt["url"]}, 200 if known else 201)
