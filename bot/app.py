"""The one place where everything is built and joined, and closed again in order."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from bot.cases import promises
from bot.cases.approvals import Approvals
from bot.cases.attention import Attention
from bot.cases.board import Board
from bot.cases.boards import Boards
from bot.cases.bulletin import Bulletin
from bot.cases.context import Context
from bot.cases.copies import Copies
from bot.cases.courier import Courier
from bot.cases.desk import Desk
from bot.cases.drafts import Drafts
from bot.cases.erasure import Erasures
from bot.cases.gate import Gate
from bot.cases.heartbeat import Heartbeat, beating
from bot.cases.letters import Letters
from bot.cases.lookout import Lookout, rhythms
from bot.cases.originals import Originals
from bot.cases.outages import Outages
from bot.cases.overview import Overview
from bot.cases.reception import Reception
from bot.cases.retention import Retention
from bot.cases.sending import Sending
from bot.cases.timers import Timers
from bot.cases.upkeep import Upkeep, disk_of
from bot.clock import Clock, SystemClock
from bot.domain.policy import Policy
from bot.errors import Misconfigured, SlackTrouble, Unusable
from bot.feeds import catalog
from bot.feeds.base import Feed
from bot.feeds.http import Sleep
from bot.intake.listener import Listener
from bot.intake.pipeline import Pipeline
from bot.jobs.attempts import Attempts
from bot.jobs.pace import Pace
from bot.jobs.runner import Runner
from bot.jobs.vitals import Vitals
from bot.settings import Settings
from bot.slack import app as slack
from bot.slack.alarms import Alarms
from bot.slack.checkup import deep, ready, skew
from bot.slack.directory import Directory
from bot.slack.duties import duties
from bot.slack.gateway import Gateway, client_for, session_for
from bot.slack.homes import Homes
from bot.slack.policy import policy_of
from bot.slack.posting import Poster
from bot.slack.sockets import listening
from bot.slack.tokens import check_tokens
from bot.slack.tools import Tools
from bot.store.engine import Store
from bot.store.lock import alone
from bot.store.schema import ensure
from bot.triage.scorer import judge
from bot.web.health import Health
from bot.web.slack import Dispatch, Door

#: Seconds that what runs gets to finish when the process is told to stop; the rest is taken up by whoever comes next.
DRAIN_S: Final = 6.0
#: The same, after that, for private answers to what people did: with the web server's two seconds less than ten.
ANSWERS_S: Final = 1.5


class Part(StrEnum):
    """What a process does; several of them share one PostgreSQL database."""

    ALL = "run"
    WEB = "web"
    """Answers Slack over HTTP, webhooks and health checks."""
    WORKER = "worker"
    """Keeps promises, listens to feeds, and to Slack by Socket Mode."""

    @property
    def works(self) -> bool:
        """Whether it keeps promises."""
        return self is not Part.WEB

    @property
    def serves(self) -> bool:
        """Whether it answers over HTTP."""
        return self is not Part.WORKER


@dataclass(frozen=True, slots=True)
class Goshawk:
    """A bot that runs: what commands and tests may reach."""

    store: Store
    board: Board
    pipeline: Pipeline
    runner: Runner
    feeds: Mapping[str, Feed]
    clock: Clock
    sleep: Sleep = asyncio.sleep
    vitals: Vitals = field(default_factory=Vitals)
    """What ails it: the health page reads this."""
    health: Health = field(default_factory=lambda: Health({}))
    door: Door | None = None
    """Where Slack knocks, when it does so over HTTP."""
    listening: list[asyncio.Task[None]] = field(default_factory=list)

    def listener(self, feed: Feed) -> Listener:
        """Return a listener for one feed."""
        return Listener(feed, self.pipeline, self.store, self.clock, self.sleep)

    async def drain(self) -> None:
        """Begin nothing more, and finish what runs within ``DRAIN_S``; may be asked twice."""
        self.health.draining = True
        for task in self.listening:
            task.cancel()
        with contextlib.suppress(Unusable):  # what cannot be written down comes back after its lease
            await self.runner.stop(within_s=DRAIN_S)


async def _open(settings: Settings) -> Store:
    await asyncio.to_thread(ensure, settings.store_url)
    store = Store(settings.store_url, direct_url=settings.database_direct_url)
    store.open()
    return store


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a bot reaches what is outside of it; a simulation has ways of its own."""

    to_store: Callable[[Settings], Awaitable[Store]] = _open
    to_feeds: Callable[[Settings, Clock, Sleep], Mapping[str, Feed]] = catalog.build
    to_slack: Callable[[], Any] = session_for
    """A session of aiohttp."""


_REAL: Final = Ways()


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    clock: Clock | None = None,
    sleep: Sleep = asyncio.sleep,
    *,
    part: Part = Part.ALL,
    ways: Ways = _REAL,
) -> AsyncIterator[Goshawk]:
    """Run the bot, or one ``part`` of it, until the block ends. Feeds ``sleep`` between two looks.

    Raises:
        Misconfigured: tokens, channels or settings are wrong; Unusable: folder or database cannot be used.
    """
    clock = clock or SystemClock()
    check_tokens(settings)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(alone(settings.store_url, settings.data))
        store = await ways.to_store(settings)
        stack.callback(store.close)
        await store.recover(clock.now())
        feeds = ways.to_feeds(settings, clock, sleep)
        for feed in feeds.values():
            stack.push_async_callback(feed.aclose)
        session = await stack.enter_async_context(ways.to_slack())
        client = client_for(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        pace = Pace(store, clock, timedelta(seconds=settings.card_gap_s))
        vitals = Vitals(lambda: clock.now().timestamp())
        gateway = Gateway(client, session, pace, vitals=vitals)
        directory, policy = await _read(gateway, store, clock, settings)
        tools = _tools(store, clock, policy, directory, gateway, settings)
        stack.push_async_callback(tools.errands.drain, within_s=ANSWERS_S)
        app = slack.build(client, tools)
        token = settings.slack_app_token.get_secret_value() if part.works else ""
        sockets = await stack.enter_async_context(listening(app, token, gateway))
        lookout = Lookout(store, clock, rhythms(settings.feeds))
        beats = await stack.enter_async_context(beating(store, clock, settings, deep(lookout, sockets, gateway)))
        runner = _runner(store, clock, feeds, tools, beats)
        health = Health(ready(lookout, sockets))
        door = _door(functools.partial(slack.over_http, app), tools, clock, settings) if part.serves else None
        goshawk = Goshawk(store, tools.board, tools.pipeline, runner, feeds, clock, sleep, vitals, health, door)
        if part.works:
            await _begin(store, clock, tools, beats)
            upkeep = Upkeep(store, clock, disk_of(settings), functools.partial(skew, client, SystemClock()))
            await stack.enter_async_context(_working(goshawk, tools, upkeep, lookout))
        yield goshawk


def _door(dispatch: Dispatch, tools: Tools, clock: Clock, settings: Settings) -> Door | None:
    """Return where Slack knocks over HTTP, when there is a secret to know it by."""
    secrets = settings.slack_signing_secret.get_secret_value().split()
    return Door(dispatch, tools.bulletin, secrets, clock) if secrets else None


async def _begin(store: Store, clock: Clock, tools: Tools, beats: Heartbeat) -> None:
    """Promise what comes again and again, however many processes do."""
    await tools.bulletin.begin_rollups()
    await tools.attention.begin()
    await Retention(store, clock, tools.policy.keep).begin()
    await beats.begin()


@contextlib.asynccontextmanager
async def _working(goshawk: Goshawk, tools: Tools, upkeep: Upkeep, lookout: Lookout) -> AsyncIterator[None]:
    """Keep promises and listen to every feed that no other process listens to; a crash ends the block loudly."""
    store = goshawk.store
    told = functools.partial(Alarms, tools.gateway.unpaced(), tools.policy.routes.trouble, clock=goshawk.clock)
    here, late = told(upkeep.ails), told(lookout.late)
    async with asyncio.TaskGroup() as group:
        for name, feed in goshawk.feeds.items():
            listening = store.while_held(f"feed.{name}", goshawk.listener(feed).run)
            goshawk.listening.append(group.create_task(listening))
        watching = here.watch(), store.while_held("alarms", late.watch)
        tasks = [group.create_task(one) for one in (goshawk.runner.run(), store.listen(), *watching)]
        try:
            yield
        finally:
            await goshawk.drain()
            for task in tasks:
                task.cancel()


async def _read(gateway: Gateway, store: Store, clock: Clock, settings: Settings) -> tuple[Directory, Policy]:
    """Read who and what there is in the workspace, and what of it the settings name."""
    directory = Directory(gateway, lambda: clock.now().timestamp())
    try:
        await directory.read()
    except SlackTrouble as trouble:
        raise Misconfigured(f"{trouble} Check SLACK_BOT_TOKEN and SLACK_API_URL, then start again.") from trouble
    restored_at = await store.read(lambda unit: unit.restored.last_at())
    policy = replace(policy_of(settings, directory), restored_at=restored_at)
    directory.follow({one for grant in policy.grants for one in grant.who})
    return directory, policy


def _tools(
    store: Store, clock: Clock, policy: Policy, directory: Directory, gateway: Gateway, settings: Settings
) -> Tools:
    reception = Reception(store, clock, policy)
    return Tools(
        desk=Desk(store, clock, policy),
        drafts=Drafts(store, clock, policy),
        sending=Sending(store, clock, policy),
        approvals=Approvals(store, clock, policy),
        originals=Originals(store, clock, policy),
        reception=reception,
        attention=Attention(store, clock, policy),
        board=Board(store, clock, history=policy.history),
        boards=Boards(store, clock, policy),
        bulletin=Bulletin(store, clock, policy),
        gate=Gate(store, clock, policy),
        erasures=Erasures(store, clock, policy),
        letters=Letters(store, clock, policy),
        directory=directory,
        gateway=gateway,
        policy=policy,
        overview=Overview(store, clock, policy),
        homes=Homes(gateway, Copies(store, clock), settings.home_gap_s),
        pipeline=Pipeline(reception, judge, clock),
    )


def _runner(store: Store, clock: Clock, feeds: Mapping[str, Feed], tools: Tools, beats: Heartbeat) -> Runner:
    """Give each kind of job its handler."""
    policy = tools.policy
    poster = Poster(
        tools.gateway, Attempts(store, clock), tools.bulletin.copies, Outages(store, clock), clock, settle=policy.settle
    )
    timers = Timers(store, clock, policy)
    handlers = {
        promises.SEND: Courier(store, clock, feeds, per_day=policy.replies_per_day).deliver,
        promises.ALARM: timers.ring,
        promises.WAKE: timers.wake,
        promises.REMIND: tools.approvals.remind,
        promises.LOOK: tools.attention.look,
        promises.REST: tools.attention.rest,
        promises.CONTEXT: Context(store, clock, feeds).read,
        promises.PURGE: Retention(store, clock, policy.keep).purge,
        promises.HEARTBEAT: beats.beat,
    }
    kept = {**handlers, **duties(tools, poster, clock)}
    runner = Runner(store, clock, kept, settle=policy.settle, on_dead=tools.letters.given_up)
    store.on_promise = runner.wake
    return runner
