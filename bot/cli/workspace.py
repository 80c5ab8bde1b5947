"""The doctor's look at Slack: tokens, scopes, clock, channels, and who may do what."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import aiohttp

from bot.cases.upkeep import clock_trouble
from bot.cli.findings import Finding, broken, ok, warning
from bot.clock import Clock
from bot.domain.role import Role, spelled
from bot.domain.staff import Standing
from bot.errors import Misconfigured, SlackTrouble
from bot.sections import RoleSettings
from bot.settings import Settings
from bot.slack.checkup import granted, skew
from bot.slack.directory import Directory
from bot.slack.gateway import Gateway, client_for
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES
from bot.slack.tokens import check_tokens

#: Longest that coming in may take, in seconds: a large workspace has many pages of people.
PATIENCE_S: Final = 45.0
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


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace that took our tokens."""

    client: Any
    """The SDK's, which nobody outside of the Slack room knows."""
    gateway: Gateway
    directory: Directory
    team: str


@contextlib.asynccontextmanager
async def entered(settings: Settings) -> AsyncIterator[Workspace | Finding]:
    """Come into the workspace, or give why that does not work; everything is closed at the end."""
    async with aiohttp.ClientSession() as session:
        client = client_for(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        directory = Directory(gateway := Gateway(client, session))
        try:
            check_tokens(settings)
            async with asyncio.timeout(PATIENCE_S):
                await directory.read()
                await gateway.socket_address(settings.slack_app_token.get_secret_value())
                who = await gateway.who_am_i()
        except (Misconfigured, SlackTrouble) as trouble:
            yield broken("slack", f"Slack: {trouble}")
        except TimeoutError:
            yield broken("slack", f"Slack: it does not answer within {PATIENCE_S:.0f} s.")
        else:
            yield Workspace(client, gateway, directory, f"{who.get('team', '')} ({who.get('team_id', '')})")


async def examined(place: Workspace, settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Look at everything that Slack tells."""
    given = await granted(place.client)
    yield ok("team", f"Workspace: {place.team}.")
    yield _scopes(given)
    yield _look_back(given)
    yield _clock(await skew(place.client, clock))
    for one in _channels(settings, place.directory):
        yield one
    async for one in _shared(settings, place):
        yield one
    for one in _roles(settings, place.directory):
        yield one


def _look_back(given: frozenset[str]) -> Finding:
    if given >= OPTIONAL_SCOPES.keys():
        return ok("history", "History may be read: after a crash, what was posted is found again.")
    return ok("history", "History may not be read: after a crash a card may stand twice. `goshawk manifest --history`.")


def _clock(ahead: timedelta | None) -> Finding:
    if trouble := clock_trouble(ahead):
        return warning("clock", trouble)
    if ahead is None:
        return ok("clock", "Clock: Slack does not tell the time.")
    return ok("clock", f"Clock: {abs(ahead).total_seconds():.0f} s from Slack's.")


async def _shared(settings: Settings, place: Workspace) -> AsyncIterator[Finding]:
    """Say which channels people of other companies read; the private one must be closed anyway."""
    wanted = (settings.channels.cases, settings.channels.operators, *(tier.channel for tier in settings.tiers))
    for name in dict.fromkeys(one for one in wanted if one):
        try:
            found = await place.gateway.channel(place.directory.channel(name))
        except (Misconfigured, SlackTrouble):
            continue  # said already
        if found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
            yield warning("channels", f"{name} is shared with another company: its people read what is posted there.")


def _scopes(given: frozenset[str]) -> Finding:
    if not given:
        return ok("slack", "Slack: both tokens are right. It does not tell the scopes.")
    if missing := sorted(SCOPES.keys() - given):
        again = "Paste what `goshawk manifest` prints into Slack's page of the app, then install it again."
        return broken("slack", f"Slack: the app lacks {', '.join(missing)}. {again}")
    return ok("slack", f"Slack: both tokens are right, and no scope of {len(SCOPES)} is missing.")


def _channels(settings: Settings, directory: Directory) -> Iterator[Finding]:
    channels = settings.channels
    yield _channel(directory, channels.cases, "cards of public complaints")
    if channels.private:
        yield _channel(directory, channels.private, "cards of private mentions", private=True)
    else:
        yield warning("channels", "No private channel: private mentions are announced without their text.")
    if channels.operators:
        yield _channel(directory, channels.operators, "trouble with feeds and with Goshawk")
    for tier in settings.tiers:
        yield _channel(directory, tier.channel, f"escalations to {tier.name}")
        yield from _known(directory, tier.notify, f"are called by {tier.name}")
    if not settings.tiers:
        yield warning("channels", "No tiers: Escalate can call nobody, and late cases are only marked.")
    yield from _known(directory, (settings.oncall,) if settings.oncall else (), "are called by P1 cards")


def _channel(directory: Directory, name: str, use: str, *, private: bool = False) -> Finding:
    try:
        directory.channel(name, private=private)
    except Misconfigured as trouble:
        return broken("channels", str(trouble))
    return ok("channels", f"{name}: {use}.")


def _known(directory: Directory, names: tuple[str, ...], use: str) -> Iterator[Finding]:
    try:
        for name in names:
            directory.group_or_person(name)
    except Misconfigured as trouble:
        yield broken("channels", str(trouble))
        return
    if names:
        yield ok("channels", f"{', '.join(names)} {use}.")


def _roles(settings: Settings, directory: Directory) -> Iterator[Finding]:
    if not settings.roles:
        owners = ", ".join(sorted(one.name for one in directory.owners())) or "nobody that I see"
        yield ok(
            "roles",
            "No roles are configured: every full member may answer; "
            f"workspace owners and admins ({owners}) approve and administer.",
        )
        return
    for role in settings.roles:
        for name in role.who:
            yield _holder(directory, role, name)
    yield ok("roles", "Whoever is named in no table of [[roles]] may do nothing.")
    given = max(Role[role.role.upper()] for role in settings.roles)
    if given < Role.APPROVER:
        yield warning("roles", "Nobody is approver: nobody can approve a reply or let frozen sending go on.")
    elif gaps := list(_unapproved(settings)):
        yield warning("roles", f"[approval] covers {'; '.join(gaps)}: such replies wait.")
    if given < Role.ADMIN:
        yield warning("roles", "Nobody is admin: nobody can export the events or erase a person.")


def _unapproved(settings: Settings) -> Iterator[str]:
    """Give what the approval asks for and no table of the roles lets anybody approve."""
    asks, kinds = settings.approval, {"cases": "public", "private": "private"}
    for route in sorted(asks.asks_for):
        able = [role for role in settings.roles if Role[role.role.upper()] >= Role.APPROVER]
        able = [role for role in able if route in (role.routes or kinds)]
        if not able:
            yield f"{kinds[route]} cases, but no table of [[roles]] has an approver for them"
        elif all(role.accounts for role in able):
            bound = sorted({spelled(name) for role in able for name in role.accounts})
            if asks.asks_any_account(route):
                yield f"{kinds[route]} cases of every account, but approvers are there for {', '.join(bound)} only"
            elif others := sorted(set(map(spelled, asks.accounts)) - set(bound)):
                yield f"{kinds[route]} cases of {', '.join(others)}, but no table of [[roles]] has an approver for them"


def _holder(directory: Directory, role: RoleSettings, name: str) -> Finding:
    try:
        found, called = directory.holder(name)
    except Misconfigured as trouble:
        return broken("roles", str(trouble))
    people = directory.people_of(found)
    if outside := [one for one in people if one.standing is not Standing.MEMBER]:
        who = ", ".join(f"{one.name} is {_OUTSIDE[one.standing]}" for one in outside)
        return warning("roles", f"{called} is named as {role.role}, but {who}: they may do nothing.")
    if not people:
        return warning("roles", f"{called} is named as {role.role}, but nobody is in it.")
    members = ", ".join(sorted(one.name for one in people))
    names = f" ({members})" if found.startswith("S") else ""
    return ok("roles", f"{called}{names} may {_MAY[role.role]}{_where(role)}.")


def _where(role: RoleSettings) -> str:
    accounts = f" as {', '.join(role.accounts)}" if role.accounts else ""
    only: dict[tuple[str, ...], str] = {("cases",): ", public cases only", ("private",): ", private cases only"}
    return accounts + only.get(tuple(sorted(set(role.routes))), "")
