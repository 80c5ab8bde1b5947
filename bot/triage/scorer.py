"""Judges one mention: cues met, weighed, added up; above zero it is a complaint."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from bot.domain.mention import Mention
from bot.domain.verdict import Kind, Reason, Urgency, Verdict
from bot.triage.cues import FAMILIES
from bot.triage.cues.family import HINT, PLAIN, STRONG, WEAK, Family, Negated
from bot.triage.cues.vocabulary import NOT, SETS
from bot.triage.features import Post, read
from bot.triage.phrases import Hit, Phrases

#: Log-odds of a complaint before a word is read.
BASE: Final = -0.5


class Cue(NamedTuple):
    """One phrase of a family and what it adds to the score."""

    family: Family
    weight: float


@cache
def book() -> Phrases[Cue]:
    """Return all cues, compiled once at the first judgement."""
    phrases: Phrases[Cue] = Phrases(SETS)
    for family in FAMILIES:
        sign = 1 if family.kind is Kind.COMPLAINT else -1
        for lines, weight in ((family.strong, STRONG), (family.plain, PLAIN), (family.weak, WEAK), (family.hint, HINT)):
            for line in lines.split("\n"):
                if line.strip():
                    phrases.add(line, Cue(family, sign * weight))
    return phrases


def judge(mention: Mention) -> Verdict:
    """Return what ``mention`` is to a care team, with grounds; any text will do."""
    post = read(mention.text)
    hits = [hit for hit in book().find(post.words) if not _denied(hit, post)]
    reasons: dict[str, Reason] = {}
    for hit in hits:
        name = hit.cue.family.name
        if name not in reasons or abs(hit.cue.weight) > abs(reasons[name].weight):
            reasons[name] = Reason(name, post.quote(hit.start, hit.end), hit.cue.weight)
    score = BASE + sum(reason.weight for reason in reasons.values())
    kind = Kind.COMPLAINT if score > 0 else _kind(hits)
    ordered = tuple(sorted(reasons.values(), key=lambda reason: -abs(reason.weight)))
    return Verdict(kind=kind, score=score, reasons=ordered, urgency=_urgency(hits))


def _denied(hit: Hit[Cue], post: Post) -> bool:
    before = post.words[max(0, hit.start - 3) : hit.start]
    return hit.cue.family.negated is not Negated.KEEP and not NOT.isdisjoint(before)


def _kind(hits: list[Hit[Cue]]) -> Kind:
    against = [hit for hit in hits if hit.cue.weight < 0]
    return min(against, key=lambda hit: hit.cue.weight).cue.family.kind if against else Kind.NOISE


def _urgency(hits: list[Hit[Cue]]) -> frozenset[Urgency]:
    return frozenset(hit.cue.family.urgency for hit in hits if hit.cue.family.urgency is not None)
