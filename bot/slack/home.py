"""App Home: what is mine, what waits, how the feeds and the day do."""

from __future__ import annotations

from bot.cases.overview import Home, Page
from bot.cases.rights import may_somewhere
from bot.domain.health import Pulse
from bot.domain.ids import StaffId
from bot.domain.policy import Policy
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.slack import ids
from bot.slack.blocks import Block, actions, button, context, divider, fields, header, section
from bot.slack.homes import Drawn
from bot.slack.lists import queue_line, status_list
from bot.slack.report import numbers
from bot.slack.spans import lasting
from bot.slack.text import Safe, lines, say
from bot.slack.tools import Tools


async def show_home(tools: Tools, staff: Staff) -> None:
    """Publish somebody's Home as things stand now, not oftener than they can read it."""
    await tools.homes.refresh(staff.id, lambda: _drawn(tools, staff))


async def publish_anew(tools: Tools, staff_id: StaffId) -> None:
    """Publish a Home that somebody looked at once, because something was removed from its rows or changed in them."""
    staff = await tools.directory.staff(staff_id)
    await tools.homes.publish(staff_id, lambda: _drawn(tools, staff))


async def _drawn(tools: Tools, staff: Staff) -> Drawn:
    """Draw a Home; who may not look is told so there."""
    try:
        may_somewhere(staff, "look", tools.policy)
    except NotAllowed as refusal:
        return Drawn([section(say("{why}", why=refusal))])
    shown = await tools.overview.home(staff.id, sight=tools.sight(staff))
    return Drawn(home(staff, shown, tools.policy), shown.cases)


def home(staff: Staff, shown: Home, policy: Policy) -> list[Block]:
    """Return somebody's Home: how things do, what is theirs, what waits, the day in figures."""
    return [
        header(f"Hello {staff.name}"),
        section(_health(shown)),
        *_first_steps(shown),
        actions(
            [
                button("Open queue", ids.HOME_PILE, "team", style="primary"),
                button("Refresh", ids.HOME_QUEUE, "home"),
                button("Help", ids.HOME_HELP, "home"),
            ],
            block_id="home-do",
        ),
        divider(),
        *_part("Yours", shown.mine, "Nothing is in your hands."),
        *(_part("Asleep", shown.asleep, "") if shown.asleep.lines else []),
        divider(),
        *_part("Most urgent, unclaimed", shown.team, "Nothing is unclaimed. Well done.", _oldest(shown)),
        divider(),
        section(say("*Today*")),
        *fields(numbers(shown.today, policy)),
        divider(),
        *status_list(shown.summary).blocks,
        context(say("`/social help` lists what you can type. Answers leave only when a person presses Send.")),
    ]


def _health(shown: Home) -> Safe:
    """Return in one sentence whether everything is heard and said."""
    failing = [feed.feed for feed in shown.summary.feeds if feed.pulse is Pulse.FAILING]
    if failing:
        return say("🔴 We are blind on {feeds}. I go on trying.", feeds=", ".join(failing[:10]))
    if shown.summary.freezes:
        return say("🧊 Sending is frozen, see below. Everything is heard.")
    if not shown.summary.feeds:
        return say("⚪ No feed has run yet: nothing is listened to.")
    if shown.summary.dead_jobs:
        return say("⚠️ Everything is heard, but not everything could be said: see below.")
    return say("🟢 All is well: every feed answers.")


def _first_steps(shown: Home) -> list[Block]:
    if not shown.is_new:
        return []
    return [
        section(
            lines(
                say("*Three steps to begin*"),
                say("1. Press *Claim* on a complaint below: it is yours, and nobody else answers it."),
                say("2. Press *Reply*, write, and press *Send*. You can take it back for some seconds."),
                say("3. *Resolve…* it when it is over. What you leave lying is never forgotten: I ask."),
            )
        )
    ]


def _oldest(shown: Home) -> Safe:
    if shown.oldest_at is None:
        return Safe("")
    return say(" · oldest unanswered {span}", span=lasting(shown.at - shown.oldest_at))


def _part(title: str, page: Page, empty: str, more: str = "") -> list[Block]:
    if not page.lines:
        return [section(say("*{title}* · {words}{more}", title=title, words=empty, more=more))]
    count = f"({page.total})" if page.total == len(page.lines) else f"({len(page.lines)} of {page.total})"
    head = section(say("*{title}* {count}{more}", title=title, count=count, more=more))
    return [head, *[queue_line(line) for line in page.lines]]
