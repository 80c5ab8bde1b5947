"""Finds the phrase around a cue: what staff read of a ground must tell something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.triage.cues.vocabulary import bag
from bot.triage.features import ENDS, LINK

#: A quotation has so many words where the sentence has them: least, and usually at most.
LEAST: Final = 3
MOST: Final = 6
#: Longer words are no help to a reader, and leave no room for the cue.
LONGEST: Final = 20
#: Small words that begin another thought.
JOINTS: Final = bag("and or but so because while which although though until then after before")
#: Small words that nothing should end on.
LOOSE: Final = bag(
    "a an the my our your his her their its to of in on at for from with by as is are was were be if and it i"
)


def phrase_around(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Return from where to where to quote, so that the cue at ``start`` up to ``end`` can be understood.

    The phrase stays within its sentence, and within its thought unless that is too short to tell anything.
    """
    first, last = _grown(words, start, end, most=MOST, bounds=ENDS | JOINTS)
    while last - first > LEAST and words[last - 1] in (LOOSE if last > end else JOINTS):
        last -= 1
    return _grown(words, first, last, most=LEAST, bounds=ENDS)


def _grown(words: Sequence[str], start: int, end: int, *, most: int, bounds: frozenset[str]) -> tuple[int, int]:
    """Take in a word behind and a word in front, in turns."""
    while end - start < most:
        behind, before = _opens(words, end, bounds), _opens(words, start - 1, bounds)
        end += behind
        start -= before and end - start < most
        if not (behind or before):
            break
    return start, end


def _opens(words: Sequence[str], at: int, bounds: frozenset[str]) -> bool:
    return 0 <= at < len(words) and len(words[at]) <= LONGEST and words[at] != LINK and words[at] not in bounds
