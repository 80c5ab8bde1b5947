"""When a second person must read a reply before it leaves, and which exact text they agree to."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.case import Case
from bot.domain.ids import MentionId, StaffId
from bot.domain.role import CASES, PRIVATE, Grant, Placed, Role, spelled
from bot.domain.sla import Priority
from bot.domain.staff import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """What the team wants four eyes for; as it is here, for nothing."""

    priorities: frozenset[Priority] = frozenset()
    routes: frozenset[str] = frozenset()
    """``cases``, ``private``."""
    accounts: frozenset[str] = frozenset()
    """Accounts of ours, without an at-sign, in lower case."""
    new_staff_replies: int = 0
    """Somebody is new until this many replies of theirs were sent."""
    words: tuple[str, ...] = ()
    """Words and phrases that a reply should not hold unread."""
    box: bool = False
    """Whether the window offers to ask of one's own accord."""
    remind: timedelta = timedelta(minutes=10)
    """How long a request waits before its approvers are called again."""

    def reasons(self, case: Case, *, by: Staff, sent: int, text: str = "", asked: bool = False) -> tuple[str, ...]:
        """Return why a reply of ``by``, who has ``sent`` so many, needs approval; nothing when it needs none.

        Without ``text`` these are the reasons that are known before a word is typed.
        """
        account = spelled(case.account)
        found = {
            f"priority {case.priority}": case.priority in self.priorities,
            "private case" if case.private else "public case": (PRIVATE if case.private else CASES) in self.routes,
            f"account @{account}": account in self.accounts,
            f"{by.name} has sent {sent} of the first {self.new_staff_replies} replies": sent < self.new_staff_replies,
            **{f"the word “{word}”": _holds(text, word) for word in self.words},
            f"{by.name} wants a second pair of eyes": asked,
        }
        return tuple(reason for reason, applies in found.items() if applies)


def text_hash(text: str, *, mention_id: MentionId, account: str, private: bool) -> str:
    """Return what an approval is bound to: the text, what it answers, who speaks and who may read it."""
    return hashlib.sha256(json.dumps([text, mention_id, account, private]).encode()).hexdigest()


def approvers(grants: tuple[Grant, ...], place: Placed, *, but: StaffId) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return whom a request of ``but`` calls: ids and names of the lowest role in which somebody else may approve."""
    able = [one for one in grants if one.role >= Role.APPROVER and one.covers(place) and one.who - {but}]
    first = [one for one in able if one.role is min(able, key=_role).role]
    ids = dict.fromkeys(who for one in first for who in sorted(one.who - {but}))
    return tuple(ids), tuple(dict.fromkeys(name for one in first for name in one.names))


def _role(grant: Grant) -> Role:
    return grant.role


def _holds(text: str, word: str) -> bool:
    """Whether ``word`` stands in the text as a whole, however it is written."""
    wanted = _plain(word)
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", _plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
