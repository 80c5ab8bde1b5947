"""The judgement on one mention, with the grounds that staff read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import CaseId, MentionId
from bot.domain.mention import Mention
from bot.domain.removed import Removed


class Kind(StrEnum):
    """What a mention is to a care team."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    PRAISE = "praise"
    NOISE = "noise"
    UNSURE = "unsure"
    """Not a language or a text that can be judged: for a person to look at."""


class Urgency(StrEnum):
    """What makes a mention press harder than its score."""

    SAFETY = "safety"
    LEGAL = "legal"
    STRANDED = "stranded"
    VULNERABLE = "vulnerable"
    STUCK = "stuck"
    """It is happening to the author right now."""
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a verdict: a family of cues and the words that were met."""

    family: str
    """Readable, for instance ``waiting`` or ``money``."""
    words: str
    """The author's own words that matched, at most 60 characters."""
    weight: float
    """What it added to the score in log-odds; negative speaks against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What ``judge`` thinks. The score is no probability."""

    kind: Kind
    score: float
    """Sum of the weights in log-odds; the threshold is 0."""
    reasons: tuple[Reason, ...] = ()
    """As staff read them: strongest first, mere settings last; their weights and the base add up to the score."""
    urgency: frozenset[Urgency] = frozenset()

    @property
    def flagged(self) -> bool:
        """Whether it becomes a case: a complaint, or what nobody could judge."""
        return self.kind in {Kind.COMPLAINT, Kind.UNSURE}


def unjudged(why: str) -> Verdict:
    """Return the verdict for a mention that could not be judged: show it to a person."""
    return Verdict(kind=Kind.UNSURE, score=0.0, reasons=(Reason("not judged", why, 0.0),))


@dataclass(frozen=True, slots=True)
class Kept:
    """A mention as it is stored, with the verdict it got."""

    id: MentionId
    mention: Mention
    verdict: Verdict
    case_id: CaseId | None
    hidden: tuple[str, ...] = ()
    """Kinds of personal data that this copy hides, in words; an original hides nothing."""
    removed: Removed | None = None
    """Why its words are not kept any more."""
    edited_at: datetime | None = None
    """When we noticed that its author had changed it; what it said before is not kept."""
    withheld: bool = False
    """This copy is without the author's words: they are private, and it is for others to see."""
