"""Who and what there is in the workspace: people by id, channels and groups by name."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from bot.domain.ids import StaffId
from bot.domain.staff import Staff, Standing
from bot.errors import Misconfigured, NotAllowed, SlackTrouble
from bot.log import get
from bot.slack.backroom import Backroom, open_because
from bot.slack.gateway import GLANCE_S, Gateway

_CHANNEL_ID: Final = re.compile(r"[CGD][A-Z0-9]{6,}")
_BARE: Final = re.compile(r"<@([UW][A-Z0-9]+)>")
_STAFF_ID: Final = re.compile(r"[UWS][A-Z0-9]{6,}")


_log = get(__name__)

#: Seconds after which somebody's standing is asked for again: a member may have become a guest.
STALE_S: Final = 900.0
#: The same for who is in a user group that a role names: whoever joins or leaves it counts from then on.
#: Slack allows twenty such questions a minute (Tier 2. Source: Slack docs, "Rate limits", read 2026-11-21).
GROUPS_STALE_S: Final = 30.0


class Directory:
    """The workspace as Slack tells it: read at the start, people asked for again after ``STALE_S``."""

    def __init__(self, gateway: Gateway, ticks: Callable[[], float] = time.monotonic) -> None:
        self._gateway = gateway
        self._ticks = ticks
        self.team = ""
        """The id of the workspace."""
        self._people: dict[str, Staff] = {}
        self._read_at: dict[str, float] = {}
        self._handles: dict[str, str] = {}
        self._groups: dict[str, frozenset[str]] = {}
        self._groups_read_at = 0.0
        self._followed: frozenset[str] = frozenset()
        self._asking = asyncio.Lock()
        self._channels: dict[str, dict[str, Any]] = {}
        self.backroom = Backroom(gateway, ticks)
        """The private channel: whoever is in it reads what is private."""
        self.me = ""
        """Our own user id."""
        self.bot = ""
        """What our own messages bear in place of a person."""

    async def read(self) -> None:
        """Ask Slack for people, groups and channels."""
        me = await self._gateway.who_am_i()
        self.team, self.me, self.bot = str(me["team_id"]), str(me["user_id"]), str(me.get("bot_id") or "")
        for user in await self._gateway.pages("users.list", "members"):
            self._remember(user)
        self._remember_groups(await self._gateway.pages("usergroups.list", "usergroups", include_users="true"))
        kinds = "public_channel,private_channel"
        for channel in await self._gateway.pages("conversations.list", "channels", types=kinds):
            self._channels[str(channel["id"])] = channel

    def follow(self, ids: Iterable[str]) -> None:
        """Ask again and again who is in these groups, because rights hang on them; ids of people are passed over."""
        self._followed = frozenset(ids) & self._groups.keys()

    async def staff(self, staff_id: str) -> Staff:
        """Return a person with their groups; who was read long ago, or never, is asked for."""
        await self._ask_groups()
        if self._older(self._read_at.get(staff_id), STALE_S):
            try:
                self._remember(await self._gateway.person(staff_id))
            except NotAllowed:
                if staff_id not in self._people:
                    raise
        groups = frozenset(group for group in self._followed if staff_id in self._groups[group])
        inside = await self.backroom.holds(StaffId(staff_id))
        return replace(self._people[staff_id], groups=groups, reads_private=inside)

    async def _ask_groups(self) -> None:
        """Read the groups again when that was long ago; as long as Slack does not tell, they stay as they were."""
        async with self._asking:
            if self._followed and self._older(self._groups_read_at, GROUPS_STALE_S):
                self._groups_read_at = self._ticks()
                if (groups := await self._gateway.groups()) is not None:
                    self._remember_groups(groups)

    def _older(self, moment: float | None, span: float) -> bool:
        """Whether something was read so long ago, or never; a clock that was set back counts as long ago."""
        return moment is None or abs(self._ticks() - moment) >= span

    def _remember_groups(self, groups: Iterable[dict[str, Any]]) -> None:
        """Learn names and members; a group that is switched off is no longer listed and has nobody."""
        self._groups_read_at = self._ticks()
        self._groups = dict.fromkeys(self._groups, frozenset())
        for group in groups:
            self._groups[str(group["id"])] = frozenset(map(str, group.get("users") or []))
            self._handles[str(group["handle"])] = str(group["id"])

    def named(self, text: str) -> str:
        """Write the name of everybody we know beside their id, as commands bring it and events do not."""
        return _BARE.sub(lambda found: self._labelled(found[1]), text)

    def _labelled(self, staff_id: str) -> str:
        known = self._people.get(staff_id)
        return f"<@{staff_id}|{known.name}>" if known else f"<@{staff_id}>"

    def group_or_person(self, name: str) -> str:
        """Return the id of ``@handle``, ``handle`` or an id.

        Raises:
            Misconfigured: nobody and no group is called so.
        """
        handle = name.removeprefix("@")
        if handle in self._handles:
            return self._handles[handle]
        if _STAFF_ID.fullmatch(name):
            return name
        raise Misconfigured(f"The workspace has no person or user group called {name}. Correct goshawk.toml.")

    def holder(self, name: str) -> tuple[str, str]:
        """Return the id and the plain name of somebody who is given a role: ``@handle``, ``handle`` or an id.

        Raises:
            Misconfigured: nobody and no group of the workspace is called so.
        """
        found = self.group_or_person(name)
        if found not in self._people and found not in self._groups:
            raise Misconfigured(f"The workspace has no person or user group with the id {name}. Correct goshawk.toml.")
        handles = {known: handle for handle, known in self._handles.items()}
        return found, f"@{handles.get(found, found)}"

    def owners(self) -> list[Staff]:
        """Return the owners and admins of the workspace."""
        return [one for one in self._people.values() if one.is_owner and one.standing is Standing.MEMBER]

    def people_of(self, holder: str) -> list[Staff]:
        """Return the people behind an id: one person, or the members of a group."""
        return [self._people[one] for one in self._groups.get(holder, {holder}) if one in self._people]

    def channel(self, name: str, *, private: bool = False) -> str:
        """Return the id of ``#name`` or an id.

        Raises:
            Misconfigured: it does not exist, we are not in it, or it is public where it must be private.
        """
        found = self._find(name)
        if found is None:
            raise Misconfigured(f"I see no channel {name}. Create it and invite Goshawk: /invite @goshawk.")
        if not found.get("is_member", True):
            raise Misconfigured(f"Goshawk is not in {name}. Type there: /invite @goshawk.")
        if private and (why := open_because(found)):
            raise Misconfigured(f"The channel {name} {why}, but private mentions need a private one of our own.")
        if private:
            self.backroom.channel = str(found["id"])
        return str(found["id"])

    async def is_public(self, channel_id: str) -> bool:
        """Return whether everybody in the workspace can read there at this moment; what nobody tells is private.

        Never remembered: a channel can be turned private at any time. Asked before an ack, so it is quick.
        """
        try:
            async with asyncio.timeout(GLANCE_S):
                found = await self._gateway.channel(channel_id)
        except (SlackTrouble, TimeoutError) as trouble:
            _log.info("a channel counts as private: it could not be looked at", trouble=repr(trouble))
            return False
        return found.get("is_private") is False and not (found.get("is_im") or found.get("is_mpim"))

    def _find(self, name: str) -> dict[str, Any] | None:
        bare = name.removeprefix("#")
        if _CHANNEL_ID.fullmatch(name):
            return self._channels.get(name)
        return next((one for one in self._channels.values() if one.get("name") == bare), None)

    def _remember(self, user: dict[str, Any]) -> None:
        profile = user.get("profile") or {}
        names = [profile.get("display_name"), user.get("real_name"), profile.get("real_name"), user.get("name")]
        name = next((str(one) for one in names if one), str(user["id"]))
        self._read_at[str(user["id"])] = self._ticks()
        is_owner = bool(user.get("is_owner") or user.get("is_admin"))
        self._people[str(user["id"])] = Staff(StaffId(str(user["id"])), name, self._standing(user), is_owner=is_owner)
        if not user.get("deleted"):
            self._handles.setdefault(str(user.get("name") or user["id"]), str(user["id"]))

    def _standing(self, user: dict[str, Any]) -> Standing:
        foreign = user.get("team_id", self.team) != self.team or user.get("is_stranger") or user.get("deleted")
        if foreign:
            return Standing.STRANGER
        if user.get("is_bot") or user.get("id") == "USLACKBOT":
            return Standing.BOT
        guest = user.get("is_restricted") or user.get("is_ultra_restricted")
        return Standing.GUEST if guest else Standing.MEMBER
