"""The town on that day: its platform can be out, and its customers write back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.bench.shift.hours import Hours, dice_of
from tests.stories.town import Json, Town

#: How often a customer writes after an answer, and how often that is a thank-you.
WRITES_BACK, THANKS = 0.35, 0.45
#: Median seconds until then, and the spread (sigma) of its logarithm.
BACK_S: Final = (480.0, 0.8)
#: How long the platform falters before it is out.
FALTERS: Final = timedelta(minutes=3)
#: The most answers to answers that one thread gets.
MOST_BACK: Final = 2

THANK_YOUS: Final = (
    "Thank you, that helps a lot!",
    "Brilliant, thanks for the quick answer. All good now.",
    "It works again, many thanks to your team!",
)
STILL: Final = (
    "Still nothing here, and nobody at the desk knows anything. What now?",
    "I did that an hour ago and it is still not working. Can anybody help me?",
    "That is what your colleague told me last week. It never arrived.",
)


class BusyTown(Town):
    """Knows when each reply was published, and answers 503 to everything while it is out."""

    def __init__(self, hours: Hours, *, seed: int) -> None:
        super().__init__(hours.now)
        self._hours = hours
        self._seed = seed
        self.sends_in_vain = 0
        self.reads_in_vain = 0

    async def _list(self, request: Request) -> Response:
        self.reads_in_vain += self.is_down
        return await super()._list(request)

    async def _limits(self, request: Request) -> Response:
        self.reads_in_vain += self.is_down
        return await super()._limits(request)

    async def _reply(self, request: Request) -> Response:
        if self.is_down:
            self.sends_in_vain += 1
            return JSONResponse({"error": "down for repairs"}, 503)
        published = len(self.replies)
        answer = await super()._reply(request)
        for reply in self.replies[published:]:
            reply["at"] = self._now().isoformat()
            self._hours.begin(self._write_back(reply))
        return answer

    async def _write_back(self, reply: Json) -> None:
        """Let the customer write again, or not: decided by the post alone, whoever answers it and when."""
        first = next(post for post in self.posts if post["id"] == reply["post"])
        before = sum(post["thread"] == first["thread"] for post in self.posts) - 1
        dice = dice_of(self._seed, first["thread"], before)
        if before >= MOST_BACK or dice.random() > WRITES_BACK:
            return
        words = THANK_YOUS if dice.random() < THANKS else STILL
        await self._hours.sleep(dice.lognormvariate(0, BACK_S[1]) * BACK_S[0])
        given = {"network": first["network"], "visibility": first["visibility"], "answers": reply["id"]}
        self.post(dice.choice(words), by=first["author"]["handle"], thread=first["thread"], **given)

    async def be_out(self, begins: datetime, ends: datetime) -> None:
        """Break down and come back; in the minutes before, one reply is lost and one published without an answer."""
        await self._hours.until(begins - FALTERS)
        self.swallowed, self.lost_answers = 1, 1
        await self._hours.until(begins)
        self.is_down = True
        await self._hours.until(ends)
        self.is_down = False
