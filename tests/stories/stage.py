"""The stage of a story: sandbox, a town with its square, and the bot, in one process over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.app import Goshawk, running
from bot.clock import SystemClock
from bot.errors import Unusable
from bot.feeds.http import Sleep
from bot.sandbox.server import Sandbox
from bot.sandbox.sim import QUIET_S
from bot.sandbox.tricks import Trick
from bot.sandbox.workspace import Channel, User
from bot.settings import only
from bot.slack.manifest import manifest, printed
from bot.store.schema import ensure
from bot.store.unit import Unit
from bot.web.server import bind, serving
from tests.fakes.clock import TurnableClock
from tests.stories.town import Town

ANA, BEN, CLEO, DEV = "U0ANA00001", "U0BEN00001", "U0CLEO0001", "U0DEV00001"
GUS, OTTO = "U0GUS00001", "U0OTTO0001"
GOSHAWK = "U0GOSHAWK1"
CARE, ESCALATIONS, PRIVATE = "C0CARE0001", "C0ESCAL001", "C0PRIVATE1"
TOKEN = "story"

#: Looks, one behind the other, that find nothing under way before it is quiet, and the seconds between two of them.
LOOKS, LOOK_S = 3, 0.01
#: Longest that anybody waits for what must come, in seconds: a machine may be busy.
PATIENCE_S = 30

#: What customers write, by the promise it calls for.
PLAIN = "@harbourline my suitcase never arrived and nobody answers me!"
MONEY = "@harbourline you charged me twice for the same ticket and nobody answers"
DANGER = "@harbourline there is smoke in the car deck and the crew ignores it, this is dangerous"
THANKS = "@harbourline thank you for the lovely crossing, great crew!"


@dataclass
class Stage:
    """What a story may touch: people's hands and eyes in Slack, the town, the clock and the bot."""

    http: httpx.AsyncClient
    goshawk: Goshawk
    url: str
    town: Town
    sandbox: Sandbox
    clock: Any = field(default_factory=SystemClock)

    async def state(self) -> dict[str, Any]:
        return (await self.http.get("/sim/state")).json()

    async def _do(self, what: str, **body: Any) -> dict[str, Any]:
        return (await self.http.post(f"/sim/{what}", json=body)).json()

    # --- hands

    async def command(self, user: str, text: str, *, command: str = "/social", channel: str = CARE) -> dict[str, Any]:
        return await self._do("command", user=user, channel=channel, command=command, text=text)

    async def press(self, user: str, message: dict[str, Any], action_id: str, **more: Any) -> dict[str, Any]:
        where = message.get("channel", CARE)
        return await self._do("action", user=user, channel=where, message_ts=message["ts"], action_id=action_id, **more)

    async def more(self, user: str, message: dict[str, Any], label: str) -> dict[str, Any]:
        """Choose from the card's ⋯ menu."""
        menu = next(one for one in elements(message) if one["action_id"] == "case.more")
        chosen = next(one["value"] for one in menu["options"] if one["text"]["text"] == label)
        return await self.press(user, message, "case.more", selected=chosen)

    async def submit(self, user: str, **values: Any) -> dict[str, Any]:
        view = (await self.views(user))[-1]
        return await self._do("submit", user=user, view_id=view["id"], values=values)

    async def close(self, user: str) -> dict[str, Any]:
        return await self._do("close", user=user)

    async def react(self, user: str, message: dict[str, Any], name: str) -> dict[str, Any]:
        where = message.get("channel", CARE)
        return await self._do("reaction", user=user, channel=where, message_ts=message["ts"], name=name)

    async def shortcut(self, user: str, message: dict[str, Any], callback_id: str) -> dict[str, Any]:
        """Choose from a message's own menu."""
        where = message.get("channel", CARE)
        return await self._do("shortcut", user=user, channel=where, message_ts=message["ts"], callback_id=callback_id)

    async def say(self, user: str, text: str, *, channel: str = CARE, thread_ts: str = "") -> dict[str, Any]:
        return await self._do("message", user=user, channel=channel, text=text, thread_ts=thread_ts)

    async def home(self, user: str) -> dict[str, Any]:
        """Open somebody's Home and wait until it is there."""
        before = self._hash_of_home(user)
        await self._do("home", user=user)
        async for _ in looks():
            if self._hash_of_home(user) != before:
                break
        await self.quiet()
        return (await self.state())["homes"].get(user) or {}

    def _hash_of_home(self, user: str) -> str:
        home = self.sandbox._world.views.homes.get(user)
        return home.hash if home else ""

    async def answer(self, user: str, card: dict[str, Any], text: str, **options: Any) -> dict[str, Any]:
        """Press Reply, write, and send."""
        assert (await self.press(user, card, "case.reply"))["ok"]
        return await self.submit(user, text=text, **options)

    # --- eyes

    async def views(self, user: str) -> list[dict[str, Any]]:
        return (await self.state())["views"].get(user, [])

    async def messages(self, channel: str = CARE) -> list[dict[str, Any]]:
        found = (await self.state())["messages"].get(channel, [])
        return [{**message, "channel": channel} for message in found]

    async def cards(self, channel: str = CARE) -> list[dict[str, Any]]:
        """Return what stands in the channel itself, without threads."""
        return [message for message in await self.messages(channel) if not message["thread_ts"]]

    async def thread(self, card: dict[str, Any]) -> list[str]:
        """Return what Goshawk said in a card's thread."""
        found = await self.messages(card["channel"])
        return [text_of(one) for one in found if one["thread_ts"] == card["ts"] and one["user"] == GOSHAWK]

    async def card(self, words: str, *, channel: str = CARE) -> dict[str, Any]:
        """Wait for the card whose drawing holds ``words``."""
        return await self.see(lambda message: not message["thread_ts"] and words in text_of(message), channel)

    async def see(self, wanted: Callable[[dict[str, Any]], bool], channel: str = CARE) -> dict[str, Any]:
        """Wait until a message of the channel is as wanted."""
        async for _ in looks():
            for message in await self.messages(channel):
                if wanted(message):
                    return message
        seen = "\n---\n".join(text_of(message) for message in await self.messages(channel))
        raise AssertionError(f"never seen in {channel}; there is:\n{seen}")

    async def whispers(self, user: str) -> list[str]:
        """Return what only this person was told, oldest first."""
        await self.quiet()
        return [text_of(one) for one in (await self.state())["ephemerals"] if one["user"] == user]

    async def hears(self, user: str, words: str) -> str:
        """Wait until this person was told something privately."""
        async for _ in looks():
            for told in await self.whispers(user):
                if words in told:
                    return told
        raise AssertionError(f"{user} was never told “{words}”, but {await self.whispers(user)}")

    async def whispered(self, user: str) -> dict[str, Any]:
        """Return the newest message that only this person sees."""
        await self.quiet()
        found = [one for one in (await self.state())["ephemerals"] if one["user"] == user]
        assert found, f"{user} was told nothing"
        return found[-1]

    async def told(self, user: str, text: str, **where: Any) -> str:
        """Type a command and return its private answer."""
        before = len(await self.whispers(user))
        assert (await self.command(user, text, **where))["ok"], text
        answers = await self.whispers(user)
        return answers[-1] if len(answers) > before else ""

    async def pings(self) -> list[tuple[str, list[str]]]:
        """Return who was pinged by what, in order: (channel, people)."""
        return [(one["channel"], one["users"]) for one in (await self.state())["pings"] if one["users"]]

    # --- time

    async def read(self) -> None:
        """Wait until every post of the town is stored."""
        while await self.goshawk.store.read(lambda unit: unit.mentions.last_id()) < len(self.town.posts):  # noqa: ASYNC110 - no bell
            await asyncio.sleep(0.02)

    async def quiet(self) -> None:
        """Wait until nothing is under way, on either side; where that never is, until nothing has moved for a while."""
        looks = 0
        async with asyncio.timeout(PATIENCE_S):
            while looks < LOOKS and not self._is_still(QUIET_S):
                looks = looks + 1 if self._is_still(0) and await self._is_done() else 0
                await asyncio.sleep(LOOK_S)

    def _is_still(self, quiet_s: float) -> bool:
        """Whether every payload was answered, no call is served, and nothing has moved for so long."""
        world, looking = self.sandbox._world, self.sandbox._events.looking
        busy = world.delivery.waiting or looking or world.ledger.in_flight
        return not busy and world.ledger.quiet_s() >= quiet_s

    async def _is_done(self) -> bool:
        """Whether the bot has read every post, kept every promise that is due, and given every answer."""
        answering = any(task.get_coro().__qualname__ == "Errands._guard" for task in asyncio.all_tasks())
        if answering or self.goshawk is None:  # in other processes, where nobody can look
            return False
        now, posts = self.clock.now(), len(self.town.posts)

        def work(unit: Unit) -> bool:
            read = all(feed.last_read_at for feed in unit.feeds.all()) and unit.mentions.last_id() >= posts
            return read and not unit.jobs.any_due(at=now)

        with contextlib.suppress(Unusable):
            return await self.goshawk.store.read(work)
        return False

    async def settled(self) -> None:
        """Wait until every promise that is due was kept and Slack is quiet."""
        self.goshawk.runner.wake()
        await self.goshawk.runner.settled()
        await self.quiet()

    async def turn(self, **span: float) -> None:
        """Turn the clock on by so many minutes or hours, and let everything that rings be done."""
        await self.settled()
        self.clock.advance(timedelta(**span))
        await self.settled()


async def looks() -> AsyncIterator[None]:
    """Let somebody look again and again, as long as their patience lasts."""
    clock = asyncio.get_running_loop()
    begun = clock.time()
    while clock.time() < begun + PATIENCE_S:
        yield
        await asyncio.sleep(LOOK_S)


def hire(sandbox: Sandbox, number: int) -> list[str]:
    """Let so many people join the workspace and #social-care; a bot that runs has never heard of them."""
    world = sandbox._world
    hired = [f"U0NEW{one:05}" for one in range(number)]
    for user in hired:
        world.users[user] = User(user, f"new{user[-3:]}", f"New {user[-3:]}")
        world.channels[CARE].members.append(user)
        world.channels[f"D{user[1:]}"] = Channel(f"D{user[1:]}", "", "app", "", [user, GOSHAWK])
    return hired


def text_of(thing: Any) -> str:
    """Return all words of a message or a view as people read them, however deep."""
    if isinstance(thing, dict):
        skipped = {"value", "private_metadata", "block_id", "action_id", "type", "callback_id", "ts", "thread_ts"}
        return " ".join(text_of(value) for key, value in thing.items() if key not in skipped)
    if isinstance(thing, list):
        return " ".join(text_of(value) for value in thing)
    return thing.replace("\u200b", "").replace("\u2060", "") if isinstance(thing, str) else ""


def elements(thing: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every control of a message or view."""
    found = []
    for block in thing["blocks"]:
        inside = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
        found += [one for one in inside if isinstance(one, dict) and "action_id" in one]
    return found


def labels(message: dict[str, Any]) -> list[str]:
    """Return the words on a message's buttons, and behind its ⋯ menu."""
    found = []
    for one in elements(message):
        found += [option["text"]["text"] for option in one["options"]] if "options" in one else [one["text"]["text"]]
    return found


def field_of(view: dict[str, Any]) -> dict[str, Any]:
    """Return the text field of a window."""
    return next(one for one in elements(view) if one["type"] == "plain_text_input")


async def a_card(scene: Stage, text: str = PLAIN, **given: Any) -> dict[str, Any]:
    """Let somebody write, and wait for the card."""
    scene.town.post(text, **given)
    return await scene.card("Unclaimed")


@functools.cache
def _blank() -> bytes:
    """Return an empty database of the newest version: migrated once a process, not once a story."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "goshawk.db"
        ensure(f"sqlite:///{file}")
        return file.read_bytes()


def lay_out(folder: Path) -> Path:
    """Prepare a data folder, unless it is one already."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "goshawk.db").exists():
        (folder / "goshawk.db").write_bytes(_blank())
    return folder


@contextlib.asynccontextmanager
async def stage(
    folder: Path,
    *,
    clock: TurnableClock | None = None,
    town: Town | None = None,
    staff: int = 0,
    tricks: Sequence[Trick] = (),
    sleep: Sleep = asyncio.sleep,
    look_s: float = 0.05,
    look_back: bool = False,
    **settings: Any,
) -> AsyncIterator[Stage]:
    """Set the stage: the sandbox, the town, and the bot connected to both. The same folder goes on where it was.

    ``staff`` more colleagues work there from the beginning; ``tricks`` are what its page offers to play;
    the feed looks every ``look_s`` seconds and sleeps between; ``look_back`` grants the right to read history.
    """
    lay_out(folder)
    time = clock or SystemClock()
    town = town or Town(time.now)
    keep = folder / "slack.db"
    sandbox = Sandbox(manifest(look_back=look_back), keep=keep, sim_token=TOKEN, tricks=tricks, connect=printed())
    sandbox.limits.tighten("off")  # a story is no place to wait; how the bot keeps to them is tested apart
    hire(sandbox, staff)
    async with serving(sandbox.asgi, bind(0)) as url, serving(town.asgi, bind(0)) as square:
        given = {
            "data": folder,
            "slack_bot_token": sandbox.bot_token,
            "slack_app_token": sandbox.app_token,
            "slack_api_url": f"{url}/api/",
            "channels": {"cases": "#social-care", "private": "#social-private"},
            "tiers": [
                {"name": "lead", "channel": "#social-escalations", "notify": ["@social-leads"]},
                {"name": "pr", "channel": "#social-escalations", "notify": ["@pr"]},
            ],
            "feeds": [{"kind": "demo", "name": "town", "url": square, "every_s": look_s}],
            "undo_s": 0,
            "undo_p1_s": 0,
            "card_gap_s": 0,
            "home_gap_s": 0,
            "storm_per_minute": 0,
        }
        async with running(only(**{**given, **settings}), clock, sleep) as goshawk:
            async with httpx.AsyncClient(base_url=url, headers={"X-Sim-Token": TOKEN}, timeout=20) as http:
                yield Stage(http, goshawk, url, town, sandbox, time)
