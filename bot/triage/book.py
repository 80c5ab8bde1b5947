"""The book of cues that every judgement looks into: written when the first one needs it, and once."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Final

from bot.triage.cues import FAMILIES
from bot.triage.cues.vocabulary import SETS
from bot.triage.phrases import Phrases
from bot.triage.tempering import Cue

#: Writing it takes a fifth of a second and 3 MiB, which the process keeps: eight threads at once would take 24.
_WRITING: Final = Lock()


def book() -> Phrases[Cue]:
    """Return all cues; threads that judge while it is being written wait for it."""
    with _WRITING:
        return written()


@cache
def written() -> Phrases[Cue]:
    """Write the book; :func:`book` sees to it that one thread does."""
    cues: dict[tuple[str, float], Cue] = {}
    meanings = [
        (phrase, cues.setdefault((family.name, weight), Cue(family, weight)))
        for family in FAMILIES
        for phrase, weight in family.phrases()
    ]
    return Phrases(SETS, meanings)
