"""A crowd that complains: a platform whose posts appear at a given rate, each by somebody else."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.domain.sla import Priority, priority_of
from bot.triage.scorer import judge
from tests.fakes.posts import mention

POSTS = Path(__file__).parents[2] / "data" / "labelled_posts.jsonl"
#: Of a thousand posts, so many are complaints, and of these one in so many is critical.
FLAGGED, CRITICAL = 300, 100


def pools() -> tuple[list[str], list[str], list[str]]:
    """Return texts of ours that are critical, other complaints, and none."""
    critical, others, quiet = [], [], []
    for line in POSTS.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        found = mention(text)
        verdict = judge(found)
        if not verdict.flagged:
            quiet.append(text)
        elif priority_of(verdict, found, reach_p1=50_000, unanswered_before=False) is Priority.P1:
            critical.append(text)
        else:
            others.append(text)
    return critical, others, quiet


class Crowd:
    """So many posts, so many a second, from the moment it is let loose."""

    def __init__(self, number: int, per_second: float, *, flagged: int = FLAGGED, critical: int = CRITICAL) -> None:
        self.number = number
        self.per_second = per_second
        self._flagged = flagged
        self._critical_each = critical
        self._pools = pools()
        self._begun_at = 0.0
        self.asgi = Starlette(routes=[Route("/api/posts", self._list), Route("/api/limits", self._limits)])

    def let_loose(self) -> None:
        """Begin now."""
        self._begun_at = time.time()

    def is_flagged(self, one: int) -> bool:
        """Whether a post is a complaint: spread evenly over the posts."""
        return (one * 7) % 1_000 < self._flagged if self._flagged < 1_000 else True

    def is_critical(self, one: int) -> bool:
        """Whether a post is one of the critical complaints."""
        return self.is_flagged(one) and (one * 7_919) % self._critical_each == 0

    def appears_at(self, one: int) -> float:
        """Return when a post can be read."""
        return self._begun_at + one / self.per_second

    def flagged(self) -> list[int]:
        """Return the numbers of all complaints."""
        return [one for one in range(self.number) if self.is_flagged(one)]

    def critical(self) -> list[int]:
        """Return the numbers of the critical ones."""
        return [one for one in range(self.number) if self.is_critical(one)]

    def _post(self, one: int) -> dict[str, Any]:
        critical, others, quiet = self._pools
        pool: Sequence[str] = critical if self.is_critical(one) else others if self.is_flagged(one) else quiet
        posted_at = datetime.fromtimestamp(self.appears_at(one), UTC)
        return {
            "id": f"p{one}",
            "network": "mastodon",
            "author": {"handle": f"guest{one}", "name": f"Guest {one}", "followers": one * 37 % 9_000},
            "text": pool[one % len(pool)],
            "posted_at": (posted_at - timedelta(milliseconds=1)).isoformat(),
            "url": f"https://square.example/p{one}",
            "thread": f"p{one}",
            "mentions": ["harbourline"],
            "visibility": "public",
        }

    async def _list(self, request: Request) -> JSONResponse:
        since, most = int(request.query_params.get("since") or 0), int(request.query_params.get("limit") or 100)
        there = int((time.time() - self._begun_at) * self.per_second) + 1 if self._begun_at else 0
        upto = min(self.number, there, since + most)
        return JSONResponse({"posts": [self._post(one) for one in range(since, upto)], "cursor": str(max(since, upto))})

    async def _limits(self, _request: Request) -> JSONResponse:
        return JSONResponse({"mastodon": 500})
