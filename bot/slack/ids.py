"""Names on the wire. A name is never reused for something else: old messages still bear it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bot.domain.case import Resolution
from bot.domain.ids import CaseId, ReplyId
from bot.errors import NotOurs

#: Longest number that we write: what both databases take.
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
#: A draft and a version; in the check view also two wishes and the print of the text.
_MEMORY: Final = re.compile(r"([0-9]{1,12}):([0-9]{1,12})(?::([01])([01]):([0-9a-f]{16}))?")

#: Every control of ours begins with this; one listener serves them all.
PREFIX: Final = "case."

CLAIM: Final = "case.claim"
RELEASE: Final = "case.release"
REPLY: Final = "case.reply"
ESCALATE: Final = "case.escalate"
RESOLVE: Final = "case.resolve"
SNOOZE: Final = "case.snooze"
ASSIGN: Final = "case.assign"
REOPEN: Final = "case.reopen"
UNDO: Final = "case.undo"
DETAILS: Final = "case.details"
ARRIVED: Final = "case.arrived"
NOT_ARRIVED: Final = "case.not_arrived"
ANSWERED_THERE: Final = "case.answered_there"
FLAG: Final = "case.flag"
REVEAL: Final = "case.reveal"
APPROVE: Final = "case.approve"
CHANGES: Final = "case.request_changes"
REJECT: Final = "case.reject"
OPEN_LINK: Final = "case.open_link"
MORE: Final = "case.more"
TEMPLATE: Final = "case.template"
HOME_QUEUE: Final = "case.home_queue"
HOME_PILE: Final = "case.home_pile"
HOME_HELP: Final = "case.home_help"
SHOW_MORE: Final = "case.show_more"
RESOLVE_SEVERAL: Final = "case.resolve_several"
STAY: Final = "case.stay"
SHOW_CARD: Final = "case.show_card"
NEXT_OF_STORM: Final = "case.next_of_storm"
ERASE: Final = "case.erase"
RETRY_JOBS: Final = "case.retry_jobs"
DROP_JOBS: Final = "case.drop_jobs"

REPLY_VIEW: Final = "view.reply"
CHECK_VIEW: Final = "view.check"
ESCALATE_VIEW: Final = "view.escalate"
RESOLVE_VIEW: Final = "view.resolve"
SNOOZE_VIEW: Final = "view.snooze"
ASSIGN_VIEW: Final = "view.assign"
SEVERAL_VIEW: Final = "view.resolve_several"
TRACK_VIEW: Final = "view.track"
NOTE_VIEW: Final = "view.note"
#: A window that only tells: nothing comes back from it.
SEVERAL_DONE: Final = "told.resolve_several"
APPROVE_VIEW: Final = "view.approve"
CHANGES_VIEW: Final = "view.request_changes"
REJECT_VIEW: Final = "view.reject"

#: Blocks and inputs of the modals.
TEXT: Final = "text"
OPTIONS: Final = "options"
REASON: Final = "reason"
TIER: Final = "tier"
SPAN: Final = "span"
PERSON: Final = "person"
RESOLUTION: Final = "resolution"
NOTE: Final = "note"
CASES: Final = "cases"
CASE: Final = "case"
NETWORK: Final = "network"
AUTHOR: Final = "author"
LINK: Final = "link"

#: Message shortcuts, as the manifest names them.
TRACK: Final = "social.track"
KEEP: Final = "social.note"
EYES: Final = "eyes"
WHICH: Final = "which"
OTHERS: Final = "others"


class Drawn(NamedTuple):
    """What a button carries: the case, and the version that its card showed."""

    case_id: CaseId
    version: int

    def value(self) -> str:
        """Return the text that Slack brings back."""
        return f"{self.case_id}:{self.version}"


def drawn(value: str) -> Drawn:
    """Read a button's value.

    Raises:
        NotOurs: it was not made by us.
    """
    case_id, _, version = value.partition(":")
    return Drawn(CaseId(number(case_id)), number(version or "0"))


class Memory(NamedTuple):
    """What the windows of an answer remember: the draft, and how its writer wants it to leave."""

    draft_id: ReplyId
    drawn: int
    """The version of the case when the first window opened."""
    resolves: bool = False
    eyes: bool = False
    shown: str = ""
    """The print of the text that the check view shows; empty before that."""

    def value(self) -> str:
        """Return the text that Slack brings back."""
        chosen = f":{self.resolves:d}{self.eyes:d}:{self.shown}" if self.shown else ""
        return f"{self.draft_id}:{self.drawn}{chosen}"


def memory(view: Mapping[str, Any]) -> Memory:
    """Read what a window of an answer remembers.

    Raises:
        NotOurs: it was not made by us, or for the other window.
    """
    found = _MEMORY.fullmatch(view["private_metadata"])
    if found is None or bool(found[3]) is not (view["callback_id"] == CHECK_VIEW):
        raise NotOurs
    draft_id, drawn, resolves, eyes, text = found.groups()
    return Memory(ReplyId(int(draft_id)), int(drawn), resolves == "1", eyes == "1", text or "")


def number(text: str) -> int:
    """Read a number that we wrote into a control or a window.

    Raises:
        NotOurs: it is none of ours; a database takes no longer ones either.
    """
    if not _NUMBER.fullmatch(text):
        raise NotOurs
    return int(text)


def split(memory: str, parts: int) -> list[str]:
    """Read what a window remembers, part by part.

    Raises:
        NotOurs: there are not so many parts.
    """
    found = memory.split(":")
    if len(found) != parts:
        raise NotOurs
    return found


def reason(text: str) -> Resolution:
    """Read the reason that was chosen in a window of ours.

    Raises:
        NotOurs: it is none.
    """
    if text not in set(Resolution):
        raise NotOurs
    return Resolution(text)
