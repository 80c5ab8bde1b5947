"""The jobs that the Slack room keeps, each with its handler."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping

from bot.cases import promises
from bot.clock import Clock
from bot.domain.job import Job
from bot.slack.boards import Billboard
from bot.slack.erasing import Eraser
from bot.slack.freezes import Announcer
from bot.slack.home import publish_anew
from bot.slack.notices import Notices
from bot.slack.notifier import Notifier
from bot.slack.operators import Operators
from bot.slack.outages import Sentinel
from bot.slack.posting import Poster
from bot.slack.readback import Readback
from bot.slack.redactor import Elsewhere, Redactor
from bot.slack.tools import Tools

Handler = Callable[[Job], Awaitable[None]]


def duties(tools: Tools, poster: Poster, clock: Clock) -> Mapping[str, Handler]:
    """Return the handler of each kind; one that lacks a right waits, and the operators are told."""
    notifier = Notifier(poster, tools.directory.backroom, tools.board, tools.bulletin, tools.policy, clock)
    notices = Notices(poster, tools.bulletin, tools.policy)
    operators = Operators(poster, tools.letters, tools.policy)
    sentinel = Sentinel(poster, tools.directory.backroom, tools.policy)
    billboard = Billboard(poster, tools.boards, tools.policy)
    elsewhere = Elsewhere(functools.partial(publish_anew, tools), billboard.now)
    redactor = Redactor(tools.gateway, notifier, tools.board, tools.bulletin.copies, tools.policy, elsewhere)
    readback = Readback(tools.gateway, redactor.expected)
    handlers: Mapping[str, Handler] = {
        promises.REDRAW: notifier.redraw,
        promises.BOARD: billboard.draw,
        promises.LINE: notifier.line,
        promises.TELL: notifier.tell,
        promises.ROLLUP: notices.rollup,
        promises.FEED_NOTICE: notices.feed_notice,
        promises.RESTORED: notices.restored,
        promises.FREEZE_NOTICE: Announcer(poster, tools.gate, tools.policy).tell,
        promises.DEAD: operators.tell,
        promises.RATION: operators.ration,
        promises.CHECK: poster.check,
        promises.OUTAGE: sentinel.tell,
        promises.WATCH: sentinel.watch,
        promises.COPY: redactor.redraw,
        promises.ERASED: Eraser(poster, tools.erasures, readback).report,
    }
    return {kind: sentinel.around(handler) for kind, handler in handlers.items()}
