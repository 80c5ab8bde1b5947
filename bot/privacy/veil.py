"""The copies of mentions that may be looked at: what is personal is hidden, and private words can be left out.

The original stays in its row: triage judges it, and its author gets the answer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.domain.reply import Reply
from bot.domain.verdict import Kept, Reason
from bot.privacy.redact import mask

#: What stands in the place of private words, where not everybody may read them.
WITHHELD: Final = "(private: see its card in the private channel)"
#: What a reason may hold of a number that was hidden in the text, but is cut there.
_REST: Final = re.compile(r"\d{3}|@")


def shown(kept: Kept, *, closed: bool = False) -> Kept:
    """Return the copy of a mention that can be looked at; ``closed``: by those who may read what is private."""
    return veiled(kept) if closed or not kept.mention.private else withheld(kept)


def shown_reply(reply: Reply, *, closed: bool = False) -> Reply:
    """Return the copy of a reply that can be looked at: a platform's words about it may quote what was hidden."""
    if reply.private and not closed:
        return replace(reply, text=WITHHELD, trouble=WITHHELD if reply.trouble else "")
    return replace(reply, trouble=mask(reply.trouble).text)


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


def withheld(kept: Kept) -> Kept:
    """Return a mention without any of its words."""
    reasons = tuple(replace(reason, words="") for reason in kept.verdict.reasons)
    return replace(
        kept,
        mention=replace(kept.mention, text=WITHHELD, parent="", photo_urls=()),
        verdict=replace(kept.verdict, reasons=reasons),
        hidden=(),
        withheld=True,
    )
