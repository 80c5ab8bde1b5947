"""``goshawk doctor``: what is well and what is not, in words, before anything runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import aiohttp
import typer

from bot import log
from bot.app import check_tokens
from bot.clock import SystemClock
from bot.domain.role import Role
from bot.domain.staff import Standing
from bot.errors import Misconfigured, SlackTrouble
from bot.feeds import catalog
from bot.jobs.limiter import Limiter
from bot.sections import FeedSettings, RoleSettings
from bot.settings import Settings, load
from bot.slack.checkup import granted
from bot.slack.directory import Directory
from bot.slack.gateway import Gateway, client_for
from bot.slack.manifest import SCOPES


class Mark(IntEnum):
    """How bad a finding is; the worst one is the exit code."""

    OK = 0
    WARNING = 1
    BROKEN = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    mark: Mark
    text: str


#: What a role adds to the one before it.
_MAY: Final = {
    "viewer": "look",
    "responder": "answer",
    "approver": "answer and approve",
    "admin": "answer, approve and administer",
}
_OUTSIDE: Final = {
    Standing.GUEST: "a guest",
    Standing.BOT: "a bot",
    Standing.STRANGER: "of another workspace, or deactivated",
}


def run() -> None:
    """Examine everything, and end with 0 when all is well, 1 with warnings, 2 when something is broken."""
    settings = load()
    log.configure("ERROR")
    findings = asyncio.run(_examined(settings))
    for one in findings:
        typer.echo(f"{one.mark.name.lower():8} {one.text}")
    typer.echo(_verdict(findings))
    raise typer.Exit(max(one.mark for one in findings))


def _verdict(findings: Iterable[Finding]) -> str:
    marks = [one.mark for one in findings]
    broken, warnings = marks.count(Mark.BROKEN), marks.count(Mark.WARNING)
    if not broken and not warnings:
        return "All is well."
    return f"{broken} broken, {warnings} to look at." if broken else f"Nothing is broken, {warnings} to look at."


async def _examined(settings: Settings) -> list[Finding]:
    return [one async for one in _all(settings)]


async def _all(settings: Settings) -> AsyncIterator[Finding]:
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = client_for(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        directory = Directory(gateway := Gateway(client, session, Limiter(0)))
        try:
            check_tokens(settings)
            await directory.read()
            await gateway.socket_address(settings.slack_app_token.get_secret_value())
        except (Misconfigured, SlackTrouble) as trouble:
            yield Finding(Mark.BROKEN, f"Slack: {trouble}")
        else:
            yield _scopes(await granted(client))
            for one in [*_channels(settings, directory), *_roles(settings, directory)]:
                yield one
    for feed in settings.feeds:
        yield await _feed(settings, feed)
    if not settings.feeds:
        yield Finding(Mark.WARNING, "Nothing is listened to. Add [[feeds]] to goshawk.toml: docs/feeds.md.")
    if os.environ.get("DYNO") and settings.store_url.startswith("sqlite"):
        yield Finding(Mark.BROKEN, "This host throws its disks away: set DATABASE_URL to a PostgreSQL server.")


def _scopes(given: frozenset[str]) -> Finding:
    if not given:
        return Finding(Mark.OK, "Slack: both tokens are right. It does not tell the scopes.")
    if missing := sorted(SCOPES.keys() - given):
        again = "Paste what `goshawk manifest` prints into Slack's page of the app, then install it again."
        return Finding(Mark.BROKEN, f"Slack: the app lacks {', '.join(missing)}. {again}")
    return Finding(Mark.OK, f"Slack: both tokens are right, and no scope of {len(SCOPES)} is missing.")


def _channels(settings: Settings, directory: Directory) -> Iterator[Finding]:
    channels = settings.channels
    yield _channel(directory, channels.cases, "cards of public complaints")
    if channels.private:
        yield _channel(directory, channels.private, "cards of private mentions", private=True)
    else:
        yield Finding(Mark.WARNING, "No private channel: private mentions are announced without their text.")
    if channels.operators:
        yield _channel(directory, channels.operators, "trouble with feeds and with Goshawk")
    for tier in settings.tiers:
        yield _channel(directory, tier.channel, f"escalations to {tier.name}")
        yield from _known(directory, tier.notify, f"are called by {tier.name}")
    if not settings.tiers:
        yield Finding(Mark.WARNING, "No tiers: Escalate can call nobody, and late cases are only marked.")
    yield from _known(directory, (settings.oncall,) if settings.oncall else (), "are called by P1 cards")


def _channel(directory: Directory, name: str, use: str, *, private: bool = False) -> Finding:
    try:
        directory.channel(name, private=private)
    except Misconfigured as trouble:
        return Finding(Mark.BROKEN, str(trouble))
    return Finding(Mark.OK, f"{name}: {use}.")


def _known(directory: Directory, names: tuple[str, ...], use: str) -> Iterator[Finding]:
    try:
        for name in names:
            directory.group_or_person(name)
    except Misconfigured as trouble:
        yield Finding(Mark.BROKEN, str(trouble))
        return
    if names:
        yield Finding(Mark.OK, f"{', '.join(names)} {use}.")


def _roles(settings: Settings, directory: Directory) -> Iterator[Finding]:
    if not settings.roles:
        owners = ", ".join(sorted(one.name for one in directory.owners())) or "nobody that I see"
        yield Finding(
            Mark.OK,
            "No roles are configured: every full member may answer; "
            f"workspace owners and admins ({owners}) approve and administer.",
        )
        return
    for role in settings.roles:
        for name in role.who:
            yield _holder(directory, role, name)
    yield Finding(Mark.OK, "Whoever is named in no table of [[roles]] may do nothing.")
    given = max(Role[role.role.upper()] for role in settings.roles)
    if given < Role.APPROVER:
        yield Finding(Mark.WARNING, "Nobody is approver: nobody can approve a reply or let frozen sending go on.")
    if given < Role.ADMIN:
        yield Finding(Mark.WARNING, "Nobody is admin: nobody can export the events or erase a person.")


def _holder(directory: Directory, role: RoleSettings, name: str) -> Finding:
    try:
        found, called = directory.holder(name)
    except Misconfigured as trouble:
        return Finding(Mark.BROKEN, str(trouble))
    people = directory.people_of(found)
    if outside := [one for one in people if one.standing is not Standing.MEMBER]:
        who = ", ".join(f"{one.name} is {_OUTSIDE[one.standing]}" for one in outside)
        return Finding(Mark.WARNING, f"{called} is named as {role.role}, but {who}: they may do nothing.")
    if not people:
        return Finding(Mark.WARNING, f"{called} is named as {role.role}, but nobody is in it.")
    members = ", ".join(sorted(one.name for one in people))
    names = f" ({members})" if found.startswith("S") else ""
    return Finding(Mark.OK, f"{called}{names} may {_MAY[role.role]}{_where(role)}.")


def _where(role: RoleSettings) -> str:
    accounts = f" as {', '.join(role.accounts)}" if role.accounts else ""
    only: dict[tuple[str, ...], str] = {("cases",): ", public cases only", ("private",): ", private cases only"}
    return accounts + only.get(tuple(sorted(set(role.routes))), "")


async def _feed(settings: Settings, feed: FeedSettings) -> Finding:
    try:
        built = catalog.build(settings.model_copy(update={"feeds": (feed,)}), SystemClock())
    except Misconfigured as trouble:
        return Finding(Mark.BROKEN, str(trouble))
    for one in built.values():
        await one.aclose()
    return Finding(Mark.OK, f"Feed {feed.name}: {feed.kind}.")
