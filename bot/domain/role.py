"""Who was given which right, and where it holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from bot.domain.staff import Staff

#: The words of goshawk.toml for the two channels that a case can stand in.
CASES: Final = "cases"
PRIVATE: Final = "private"


def spelled(account: str) -> str:
    """Return an account as it is compared: without an at-sign, and no network tells names apart by case."""
    return account.strip().removeprefix("@").casefold()


class Role(IntEnum):
    """How much somebody may do; each holds all that stands before it."""

    VIEWER = 1
    RESPONDER = 2
    APPROVER = 3
    ADMIN = 4

    @property
    def word(self) -> str:
        """The role as goshawk.toml and refusals write it."""
        return self.name.lower()


class Placed(Protocol):
    """What a right is asked for: a case is one."""

    @property
    def account(self) -> str | None:
        """The account of ours that would answer; None: every account."""

    @property
    def private(self) -> bool | None:
        """Whether it stands in the private channel; None: in both."""


@dataclass(frozen=True, slots=True)
class Place:
    """An account and a route that a right is asked for where there is no case; by itself, everything."""

    account: str | None = None
    private: bool | None = None


#: The whole desk: only a grant without bounds holds here.
EVERYWHERE: Final = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One table ``[[roles]]``: who has a role, and where."""

    role: Role
    who: frozenset[str]
    """Slack ids of people (U...) and of user groups (S...)."""
    names: tuple[str, ...] = ()
    """The same as colleagues call them: refusals say whom to ask."""
    accounts: frozenset[str] = frozenset()
    """Accounts of ours, without an at-sign, in lower case; empty: every account."""
    routes: frozenset[str] = frozenset()
    """``cases``, ``private``; empty: both."""

    def names_person(self, staff: Staff) -> bool:
        """Whether somebody has this grant, by name or by one of their groups."""
        return staff.id in self.who or not self.who.isdisjoint(staff.groups)

    def covers(self, place: Placed) -> bool:
        """Whether the grant holds there; what names no account of ours is covered by no list of accounts."""
        return self._covers_account(place.account) and self._covers_route(private=place.private)

    def _covers_account(self, account: str | None) -> bool:
        return not self.accounts or (account is not None and spelled(account) in self.accounts)

    def _covers_route(self, *, private: bool | None) -> bool:
        if not self.routes:
            return True
        wanted = {CASES, PRIVATE} if private is None else {PRIVATE if private else CASES}
        return wanted <= self.routes


def highest(staff: Staff, grants: tuple[Grant, ...], place: Placed | None) -> Role | None:
    """Return the highest role that somebody was given at a place, or anywhere at all; None: nobody named them."""
    return max(
        (one.role for one in grants if one.names_person(staff) and (place is None or one.covers(place))), default=None
    )


def holders(grants: tuple[Grant, ...], role: Role, place: Placed | None) -> tuple[str, ...]:
    """Return the names of those who hold at least ``role`` there, the least role first."""
    enough = sorted((one for one in grants if one.role >= role and (place is None or one.covers(place))), key=_rank)
    return tuple(dict.fromkeys(name for one in enough for name in one.names))


def _rank(grant: Grant) -> Role:
    return grant.role
