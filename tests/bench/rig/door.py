"""The process that Slack knocks at over HTTP: our door, Bolt with every listener, the desk and the database.

``python -m tests.bench.rig.door CASES``: opens so many cases first. Cards are drawn
by another process, as ``worker`` does beside ``web``.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
from datetime import timedelta

from starlette.applications import Starlette

from bot import app, log
from bot.clock import SystemClock
from bot.domain.mention import Author, Mention, Visibility
from bot.feeds.base import Page
from bot.jobs.pace import Pace
from bot.settings import load
from bot.slack import app as slack
from bot.slack.directory import Directory
from bot.slack.gateway import Gateway, client_for, session_for
from bot.slack.tools import Tools
from bot.store.engine import Store
from bot.store.schema import ensure
from bot.web.server import bind, serving
from bot.web.slack import Door
from tests.bench.rig.sender import COMPLAINT


async def main(cases: int) -> None:
    """Serve until ended."""
    settings, clock = load(), SystemClock()
    log.configure(settings.log_level)
    settings.data.mkdir(parents=True, exist_ok=True)
    ensure(settings.store_url)
    store = Store(settings.store_url)
    store.open()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(store.close)
        session = await stack.enter_async_context(session_for())
        client = client_for(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        gateway = Gateway(client, session, Pace(store, clock, timedelta()))
        directory = Directory(gateway)
        await directory.read()
        tools = app._tools(store, clock, app.policy_of(settings, directory), directory, gateway, settings)
        await _open(tools, cases)
        bolt = slack.build(client, tools)
        secret = settings.slack_signing_secret.get_secret_value()
        door = Door(functools.partial(slack.over_http, bolt), tools.bulletin, [secret], clock)
        url = await stack.enter_async_context(serving(Starlette(routes=[door.route()]), bind(0)))
        print(url, flush=True)  # noqa: T201 - the driver reads it
        await asyncio.Event().wait()


async def _open(tools: Tools, cases: int) -> None:
    now = SystemClock().now()
    for first in range(0, cases, 100):
        mentions = tuple(_complaint(number, now) for number in range(first, min(first + 100, cases)))
        await tools.pipeline.receive(Page(mentions=mentions, cursor=""), feed="bench", delivery=f"fill{first}")


def _complaint(number: int, now: object) -> Mention:
    return Mention(
        feed="bench",
        platform="Reviews",
        post_id=f"p{number}",
        author=Author(handle=f"guest{number}"),
        text=COMPLAINT,
        posted_at=now,  # type: ignore[arg-type]
        seen_at=now,  # type: ignore[arg-type]
        visibility=Visibility.PUBLIC,
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
