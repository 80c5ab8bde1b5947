"""Weighs cues where they stand: what a "not", a "very" or a "but" around them makes of their weight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bot.domain.verdict import Kind
from bot.triage.cues import SHOUTING, UNIMPRESSED
from bot.triage.cues.family import WEAK, Family, Negated
from bot.triage.cues.vocabulary import BUT, LESS, MORE, NOT, TAKES_BACK
from bot.triage.features import ENDS, Post
from bot.triage.phrases import Hit

#: How many words before a cue a "not" reaches it; words of degree reach two.
REACH: Final = 3
#: What praise is worth once it is denied: "not good" is milder than "bad".
TURNED: Final = -0.8
#: What praise is worth when a "but" follows it.
BEFORE_BUT: Final = 0.5


#: Words in capitals, close together, that make a shout.
LOUD: Final = 3


#: Words that change what stands behind or before them; a post without any needs no second look.
SHIFTERS: Final = NOT | MORE | LESS | BUT


class Cue(NamedTuple):
    """One phrase of a family and what it adds to the score."""

    family: Family
    weight: float


class Met(NamedTuple):
    """A cue as it stands in a post: words from ``start`` up to ``end``."""

    start: int
    end: int
    family: Family
    weight: float


def temper(post: Post, hits: Iterable[Hit[Cue]]) -> list[Met]:
    """Return ``hits`` with the weights they have in ``post``; denied and swallowed ones are gone."""
    words = post.words
    outermost = _outermost(hits)
    if SHIFTERS.isdisjoint(words):
        return [Met(start, end, *cue) for start, end, cue in outermost] + _shouts(post.shouted)
    turns = max((at for at, word in enumerate(words) if word in BUT), default=0)
    met = [met for hit in outermost if (met := _weigh(words, hit, turns)) is not None]
    return met + _shouts(post.shouted)


def _shouts(shouted: Sequence[int]) -> list[Met]:
    """Return the first run of words in capitals that is too long for a name."""
    for first, last in zip(shouted, shouted[LOUD - 1 :], strict=False):
        if last - first < LOUD + 2:
            return [Met(first, last + 1, SHOUTING, WEAK)]
    return []


def _outermost(hits: Iterable[Hit[Cue]]) -> list[Hit[Cue]]:
    """Drop what stands inside a longer cue, unless it says the same more strongly ("your terrible service")."""
    kept: list[Hit[Cue]] = []
    outer: Hit[Cue] | None = None
    for hit in sorted(hits, key=_longest_first):
        if outer is None or hit.end > outer.end:
            outer = hit
        elif hit[:2] != outer[:2] and hit.cue.weight <= abs(outer.cue.weight):
            continue
        kept.append(hit)
    return kept


def _longest_first(hit: Hit[Cue]) -> tuple[int, int]:
    return hit.start, -hit.end


def _weigh(words: Sequence[str], hit: Hit[Cue], turns: int) -> Met | None:
    family, weight = hit.cue
    start = _denial(words, hit) if family.negated is not Negated.KEEP else None
    if start is not None and family.negated is Negated.DROP:
        return None
    if start is not None:
        return Met(start, hit.end, UNIMPRESSED, weight * TURNED)
    if family.kind is Kind.PRAISE and hit.end <= turns:
        weight *= BEFORE_BUT
    return Met(hit.start, hit.end, family, weight * _degree(words, hit.start))


def _denial(words: Sequence[str], hit: Hit[Cue]) -> int | None:
    """Return where the negation of ``hit`` stands, if there is one in its sentence."""
    if words[hit.start] in NOT:
        return None
    for at in range(hit.start - 1, max(-1, hit.start - 1 - REACH), -1):
        if words[at] in ENDS or words[at] in BUT:
            return None
        if words[at] in NOT:
            return None if words[at + 1] in TAKES_BACK else at
    return None


def _degree(words: Sequence[str], start: int) -> float:
    before = words[max(0, start - 2) : start]
    if not MORE.isdisjoint(before):
        return 1.25
    return 1.0 if LESS.isdisjoint(before) else 0.7
