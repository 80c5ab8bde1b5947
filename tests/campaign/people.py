"""Who writes and who presses in a simulation: customers on the square, and staff at the door of whoever lives."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import orjson
from starlette.requests import Request

from bot.sandbox import payloads
from tests.campaign.checker import CANARY
from tests.campaign.disk import last_case
from tests.campaign.network import dice_of

if TYPE_CHECKING:
    from tests.campaign.simulation import Simulation

STAFF: Final = ("U0ANA00001", "U0BEN00001", "U0CLEO0001")
CARE: Final = "C0CARE0001"
WORDS: Final = (
    "@harbourline my suitcase never arrived and nobody answers me!",
    "@harbourline you charged me twice for the same ticket and nobody answers",
    "@harbourline there is smoke in the car deck and the crew ignores it, this is dangerous",
    "@harbourline what time does the ferry leave on Sunday?",
    "@harbourline thank you for the lovely crossing, great crew!",
    f"@harbourline between us: my {CANARY} was left on board, nobody answers and I am furious",
)
COMMANDS: Final = {
    "claim {n}": 4,
    "claim next": 2,
    "release {n}": 4,
    "assign {n} @ben": 3,
    "snooze {n} 30m": 3,
    "resolve {n}": 3,
    "reopen {n}": 2,
    "escalate {n} it is in the papers": 3,
    "undo {n}": 3,
    "note {n} a word": 1,
    "freeze the website is down": 1,
    "unfreeze": 2,
}


class Crowd:
    """Everybody outside of the bot."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._square, self._slack = simulation.square, simulation.slack
        self._dice = dice_of(simulation.seed, "crowd")
        self._presses: set[asyncio.Task[None]] = set()
        self._typed = 0

    async def act(self, kind: str) -> None:
        """Do something of this kind."""
        posts = list(self._square.posts)
        match kind:
            case "post":
                for _ in range(6 if self._simulation.storms and self._dice.random() < 0.3 else 1):
                    self._post()
            case "repeat" if posts:
                self._square.show(self._dice.choice(posts))
            case "edit" if posts:
                self._square.edit(self._dice.choice(posts), self._dice.choice(WORDS[:3]) + " Really.")
            case "delete" if posts:
                self._square.delete(self._dice.choice(posts))
            case "command" if posts:
                self._draw_command()

    def _post(self) -> None:
        words = self._dice.choice(WORDS)
        private = CANARY in words
        self._square.post(
            words,
            by=f"{'nils' if private else 'mara'}{self._dice.randint(1, 12)}",
            posted_at=self._simulation.loop.now().isoformat(),
            visibility="private" if private else "public",
        )

    def _draw_command(self) -> None:
        case = self._dice.randint(1, max(1, last_case()))
        if self._dice.random() < 0.4:
            name, text = "/reply", f"{case} We found it, number {self._typed}."
        else:
            name, text = "/social", self._dice.choices(list(COMMANDS), list(COMMANDS.values()))[0].format(n=case)
        self.type(self._dice.choice(STAFF), name, text)

    def type(self, user: str, name: str, text: str) -> None:
        """Let somebody type a command, and not wait for the answer."""
        self._typed += 1
        press = asyncio.create_task(self._knock(user, name, text))
        self._presses.add(press)
        press.add_done_callback(self._ended)

    def _ended(self, press: asyncio.Task[None]) -> None:
        self._presses.discard(press)
        if not press.cancelled() and (fault := press.exception()):
            self._simulation.history.breaches.append(f"a press broke the door: {fault!r}")

    async def _knock(self, user: str, name: str, text: str) -> None:
        """Type a command; whoever gets no answer goes on with something else."""
        world, doors = self._slack._world, [one.door for one in self._simulation.lives if one.door]
        if not doors:
            return self._simulation.tell(f"{user} {name} {text}: nobody there")
        url = f"https://hooks.example/{self._typed}"
        grants = {"trigger_id": world.grants.trigger(user), "response_url": url}
        body = payloads.command(world.users[user], world.channels[CARE], name=name, text=text, grants=grants)
        answer = await self._dice.choice(doors).knock(
            _signed(urlencode(body).encode(), self._simulation.loop.now().timestamp())
        )
        said = orjson.loads(answer.body).get("text", "") if answer.body.startswith(b"{") else ""
        self._simulation.tell(f"{user} {name} {text}: {answer.status_code} {said[:60]!r}")
        return None


def _signed(body: bytes, now: float) -> Request:
    stamp = str(int(now))
    digest = hmac.new(b"simulation", f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = [
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"x-slack-request-timestamp", stamp.encode()),
        (b"x-slack-signature", f"v0={digest}".encode()),
    ]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "path": "/slack/events", "headers": headers}, receive)
