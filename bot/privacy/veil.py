"""The copies that may be looked at: what is personal is hidden, and private words can be left out.

The original of a mention and of a reply stays in its row: triage judges the one, and the author gets the other.
What staff type beside them is needed exactly by nobody: it is masked before it is written down.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.domain.card import Escalation
from bot.domain.case import Case
from bot.domain.event import Event
from bot.domain.mention import Author
from bot.domain.reply import Reply, ReplyState
from bot.domain.verdict import Kept, Reason
from bot.privacy.redact import mask

#: What stands in the place of private words, where not everybody may read them.
WITHHELD: Final = "(private: see its card in the private channel)"
#: The same, for what staff wrote about it.
ON_ITS_CARD: Final = "(private: on its card)"
#: Replies whose exact text somebody has to read: its writer, and who approves it.
_EXACT: Final = frozenset({ReplyState.DRAFT, ReplyState.AWAITING})
#: What a reason may hold of a number that was hidden in the text, but is cut there.
_REST: Final = re.compile(r"\d{3}|@")


def shown(kept: Kept, *, closed: bool = False) -> Kept:
    """Return the copy of a mention that can be looked at; ``closed``: by those who may read what is private."""
    return veiled(kept) if closed or not kept.mention.private else withheld(kept)


def shown_reply(reply: Reply, *, closed: bool = False, private: bool = False) -> Reply:
    """Return the copy of a reply that can be looked at: it, and a platform's words about it, may quote what was hidden.

    Until it is decided it stays as it was written: nobody can approve what they cannot read.
    ``private``: its case is, also where it was written before that.
    """
    if (reply.private or private) and not closed:
        return replace(reply, text=WITHHELD, trouble=WITHHELD if reply.trouble else "", remote_url="")
    text = reply.text if reply.state in _EXACT else mask(reply.text).text
    return replace(reply, text=text, trouble=mask(reply.trouble).text)


def typed(text: str) -> str:
    """Return what staff typed as it is written down: in notes, reasons, and words to each other."""
    return mask(text.strip()).text


def shown_event(one: Event, *, closed: bool) -> Event:
    """Return the copy of an event that can be looked at; ``closed``: by those who may read what its case is about.

    What the clock says is no secret.
    """
    return one if closed or one.by is None else one.saying(ON_ITS_CARD)


def shown_escalation(escalation: Escalation, *, closed: bool) -> Escalation:
    """Return the copy of an escalation that can be looked at; ``closed``: as above."""
    return escalation if closed or not escalation.by_name else replace(escalation, reason=ON_ITS_CARD)


def veiled(kept: Kept) -> Kept:
    """Return a mention without personal data: in its text, and in the words that its verdict quotes."""
    shown = mask(kept.mention.text)
    reasons = tuple(_reason(reason, cut=bool(shown.found)) for reason in kept.verdict.reasons)
    return replace(
        kept,
        mention=replace(kept.mention, text=shown.text, parent=mask(kept.mention.parent).text),
        verdict=replace(kept.verdict, reasons=reasons),
        hidden=tuple(map(str, shown.found)),
    )


def _reason(reason: Reason, *, cut: bool) -> Reason:
    """Return a reason to read; where the text hides something, its quote may hold a part of that: it goes whole."""
    words = mask(reason.words).text
    return replace(reason, words="" if cut and _REST.search(words) else words)


def shown_case(case: Case, *, closed: bool) -> Case:
    """Return the copy of a case that can be looked at: who wrote in private is as private as what they wrote."""
    return case if closed or not case.private else replace(case, author="")


def withheld(kept: Kept) -> Kept:
    """Return a mention without any of its words, and without its author: its address names them, too."""
    reasons = tuple(replace(reason, words="") for reason in kept.verdict.reasons)
    return replace(
        kept,
        mention=replace(kept.mention, author=Author(handle=""), text=WITHHELD, url="", parent="", photo_urls=()),
        verdict=replace(kept.verdict, reasons=reasons),
        hidden=(),
        withheld=True,
    )
