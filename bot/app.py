"""The one place where everything is built and joined, and closed again in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from bot.cases import promises
from bot.cases.approvals import Approvals
from bot.cases.attention import Attention
from bot.cases.board import Board
from bot.cases.bulletin import Bulletin
from bot.cases.context import Context
from bot.cases.courier import Courier
from bot.cases.desk import Desk
from bot.cases.drafts import Drafts
from bot.cases.erasure import Erasures
from bot.cases.gate import Gate
from bot.cases.originals import Originals
from bot.cases.overview import Overview
from bot.cases.reception import Reception
from bot.cases.retention import Retention
from bot.cases.sending import Sending
from bot.cases.timers import Timers
from bot.clock import Clock, SystemClock
from bot.domain.approval import ApprovalRule
from bot.domain.ids import StaffId
from bot.domain.policy import Policy
from bot.domain.role import Grant, Role
from bot.domain.route import Routes, Tier
from bot.domain.voice import Template, Voice
from bot.errors import Misconfigured, SlackTrouble
from bot.feeds import catalog
from bot.feeds.addresses import on_this_machine, web_url
from bot.feeds.base import Feed
from bot.feeds.http import Sleep
from bot.intake.listener import Listener
from bot.intake.pipeline import Pipeline
from bot.jobs.limiter import Limiter
from bot.jobs.runner import Runner
from bot.sections import ApprovalSettings, RoleSettings
from bot.settings import Settings
from bot.slack import app as slack
from bot.slack.directory import Directory
from bot.slack.erasing import Eraser
from bot.slack.freezes import Announcer
from bot.slack.gateway import Gateway, client_for
from bot.slack.homes import Homes
from bot.slack.notifier import Notifier
from bot.slack.redactor import Redactor
from bot.slack.tools import Tools
from bot.store.engine import Store
from bot.store.lock import held
from bot.store.schema import ensure
from bot.triage.scorer import judge


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

    def listener(self, feed: Feed) -> Listener:
        """Return a listener for one feed."""
        return Listener(feed, self.pipeline, self.store, self.clock, self.sleep)


@contextlib.asynccontextmanager
async def running(
    settings: Settings, clock: Clock | None = None, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[Goshawk]:
    """Run the whole bot until the block ends: database, Slack, feeds, jobs. Feeds ``sleep`` between two looks.

    Raises:
        Misconfigured: tokens, channels or settings are wrong; Unusable: folder or database cannot be used.
    """
    clock = clock or SystemClock()
    check_tokens(settings)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(held(settings.data))
        store = await _open(settings)
        stack.callback(store.close)
        await store.recover(clock.now())
        feeds = catalog.build(settings, clock, sleep)
        for feed in feeds.values():
            stack.push_async_callback(feed.aclose)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = client_for(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        gateway = Gateway(client, session, Limiter(settings.card_gap_s))
        directory = await _read(Directory(gateway, lambda: clock.now().timestamp()))
        policy = policy_of(settings, directory)
        directory.follow({one for grant in policy.grants for one in grant.who})
        tools = _tools(store, clock, policy, directory, gateway, settings)
        stack.push_async_callback(tools.errands.drain)
        runner = _runner(store, clock, policy, feeds, tools)
        store.on_promise = runner.wake
        goshawk = Goshawk(store, tools.board, tools.pipeline, runner, feeds, clock, sleep)
        socket = slack.socket(slack.build(client, tools), settings.slack_app_token.get_secret_value())
        stack.push_async_callback(socket.close_async)
        await slack.connect(socket, gateway, settings.slack_app_token.get_secret_value())
        await tools.bulletin.begin_rollups()
        await tools.attention.begin()
        await Retention(store, clock, policy.keep).begin()
        await stack.enter_async_context(_working(goshawk))
        yield goshawk


@contextlib.asynccontextmanager
async def _working(goshawk: Goshawk) -> AsyncIterator[None]:
    """Keep promises and listen to every feed; a crash of either ends the block loudly."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(goshawk.runner.run())]
        tasks += [group.create_task(goshawk.listener(feed).run()) for feed in goshawk.feeds.values()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _open(settings: Settings) -> Store:
    await asyncio.to_thread(ensure, settings.store_url)
    store = Store(settings.store_url)
    store.open()
    return store


async def _read(directory: Directory) -> Directory:
    try:
        await directory.read()
    except SlackTrouble as trouble:
        raise Misconfigured(f"{trouble} Check SLACK_BOT_TOKEN and SLACK_API_URL, then start again.") from trouble
    return directory


def _tools(
    store: Store, clock: Clock, policy: Policy, directory: Directory, gateway: Gateway, settings: Settings
) -> Tools:
    return Tools(
        desk=Desk(store, clock, policy),
        drafts=Drafts(store, clock, policy),
        sending=Sending(store, clock, policy),
        approvals=Approvals(store, clock, policy),
        originals=Originals(store, clock, policy),
        reception=Reception(store, clock, policy),
        attention=Attention(store, clock, policy),
        board=Board(store, clock, history=policy.history),
        bulletin=Bulletin(store, clock, policy),
        gate=Gate(store, clock, policy),
        erasures=Erasures(store, clock, policy),
        directory=directory,
        gateway=gateway,
        policy=policy,
        overview=Overview(store, clock, policy),
        homes=Homes(gateway, settings.home_gap_s),
        pipeline=Pipeline(Reception(store, clock, policy), judge, clock),
    )


def _runner(store: Store, clock: Clock, policy: Policy, feeds: Mapping[str, Feed], tools: Tools) -> Runner:
    """Give each kind of job its handler; a lane's backlog never delays another's."""
    notifier = Notifier(tools.gateway, tools.directory.backroom, tools.board, tools.bulletin, policy, clock)
    timers = Timers(store, clock, policy)
    replies = {promises.SEND: Courier(store, clock, feeds).deliver}
    cards = {promises.REDRAW: notifier.redraw}
    alarms = {promises.ALARM: timers.ring, promises.WAKE: timers.wake, promises.REMIND: tools.approvals.remind}
    alarms |= {promises.LOOK: tools.attention.look, promises.REST: tools.attention.rest}
    lines = {
        promises.LINE: notifier.line,
        promises.TELL: notifier.tell,
        promises.ROLLUP: notifier.rollup,
        promises.FEED_NOTICE: notifier.feed_notice,
        promises.FREEZE_NOTICE: Announcer(tools.gateway, tools.gate, policy).tell,
    }
    around = {promises.CONTEXT: Context(store, clock, feeds).read}
    removing = {
        promises.COPY: Redactor(tools.gateway, notifier, tools.board, tools.bulletin.copies, policy).redraw,
        promises.ERASED: Eraser(tools.gateway, tools.erasures).report,
        promises.PURGE: Retention(store, clock, policy.keep).purge,
    }
    return Runner(store, clock, [replies, cards, alarms, lines, around, removing])


def policy_of(settings: Settings, directory: Directory) -> Policy:
    """Turn names into ids and numbers into spans.

    Raises:
        Misconfigured: a channel, person or group that the settings name does not exist.
    """
    channels = settings.channels
    return Policy(
        routes=Routes(
            cases=directory.channel(channels.cases),
            private=directory.channel(channels.private, private=True) if channels.private else "",
            operators=directory.channel(channels.operators) if channels.operators else "",
        ),
        tiers=tuple(
            Tier(tier.name, directory.channel(tier.channel), tuple(map(directory.group_or_person, tier.notify)))
            for tier in settings.tiers
        ),
        grants=tuple(_grant(role, directory) for role in settings.roles),
        oncall=directory.group_or_person(settings.oncall) if settings.oncall else "",
        promises=settings.all_promises,
        reach_p1=settings.reach_p1,
        undo=timedelta(seconds=settings.undo_s),
        undo_p1=timedelta(seconds=settings.undo_p1_s),
        thaw=timedelta(seconds=settings.unfreeze_s),
        check_new_replies=settings.check_new_replies,
        direct_reply=settings.direct_reply,
        check_always=settings.check_view == "always",
        approval=_rule_of(settings.approval),
        voice=_voice(settings, directory),
        history=timedelta(days=settings.history_days),
        tier_gap=timedelta(minutes=settings.stale_tier_minutes),
        stale_claim=timedelta(minutes=settings.stale_claim_minutes),
        stale_return=timedelta(minutes=settings.stale_return_minutes),
        rollup=timedelta(minutes=settings.rollup_minutes),
        keep=timedelta(days=settings.keep_days),
        zone=settings.zone,
    )


def _grant(role: RoleSettings, directory: Directory) -> Grant:
    found = [directory.holder(name) for name in role.who]
    return Grant(
        role=Role[role.role.upper()],
        who=frozenset(one for one, _ in found),
        names=tuple(name for _, name in found),
        accounts=frozenset(account.removeprefix("@").casefold() for account in role.accounts),
        routes=frozenset(role.routes),
    )


def _voice(settings: Settings, directory: Directory) -> Voice:
    return Voice(
        signs=settings.signature != "off",
        signatures={StaffId(directory.group_or_person(who)): mark for who, mark in settings.signatures.items()},
        templates=tuple(Template(**one.model_dump()) for one in settings.templates),
        dm_links={network.casefold(): link for network, link in settings.dm_links.items()},
    )


def _rule_of(wanted: ApprovalSettings) -> ApprovalRule:
    return ApprovalRule(
        priorities=frozenset(wanted.priorities),
        routes=frozenset(wanted.routes),
        accounts=frozenset(name.removeprefix("@").casefold() for name in wanted.accounts),
        new_staff_replies=wanted.new_staff_replies,
        words=wanted.words,
        box=wanted.box,
        remind=timedelta(minutes=wanted.remind_minutes),
    )


def check_tokens(settings: Settings) -> None:
    """Refuse tokens and an address of Slack that cannot be right.

    Raises:
        Misconfigured: one of them is missing, swapped or cut.
    """
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        raise Misconfigured(
            "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: xoxb-... is the bot's, xapp-... the app's."
        )
    for name, token, prefix in (("SLACK_BOT_TOKEN", bot, "xoxb-"), ("SLACK_APP_TOKEN", app, "xapp-")):
        if not token:
            raise Misconfigured(f"{name} is not set. docs/slack.md says where to find it; `goshawk demo` needs none.")
        if not token.startswith(prefix) or token != token.strip():
            raise Misconfigured(f"{name} must begin with {prefix} and hold no blanks. docs/slack.md says where it is.")
    url = settings.slack_api_url
    found = web_url(url)
    if found is None or not (found.scheme == "https" or on_this_machine(url)):
        raise Misconfigured("SLACK_API_URL must begin with https:// unless it is on this machine.")
