"""Judges one mention: cues met, weighed, added up; above zero it is a complaint.

The whole of it is a sum in log-odds, so that the reasons on the card are the judgement and not a story about it.
"""

from __future__ import annotations

from typing import Final

from bot.domain.mention import Mention
from bot.domain.verdict import Kind, Reason, Urgency, Verdict, unjudged
from bot.triage.book import book
from bot.triage.cues.family import Family
from bot.triage.features import Post, read
from bot.triage.language import doubt
from bot.triage.quoting import phrase_around
from bot.triage.tempering import Met, temper

#: Log-odds of a complaint before a word is read: the lowest in steps of 0.2 at which at most one complaint in ten
#: of the odd half of the project's labelled posts is missed.
BASE: Final = -1.6
#: What each further cue of a family adds, as a share of the one before: five synonyms are one ground.
NEXT_CUE: Final = 0.5
#: Grievances from here on make praise and thanks beside them mere politeness, or irony.
GRIEVED: Final = 1.8
POLITE: Final = 0.35
#: Lightest cue of an urgent family that makes a post urgent: more than a hint.
PRESSING: Final = 0.4


def judge(mention: Mention) -> Verdict:
    """Return what ``mention`` is to a care team, with grounds; any text will do.

    Pure: the same mention gives the same verdict. The brand's handle, links and the author play no part.
    """
    post = read(mention.text)
    hits = book().find(post.words)
    spoken = any(not post.words[hit.start].startswith("<") for hit in hits)
    why = doubt(post, lang=mention.lang, tagged=mention.tagged, met=spoken)
    if why:
        return unjudged(why)
    met = temper(post, hits)
    reasons = _reasons(post, met)
    score = BASE + sum(reason.weight for reason in reasons)
    kind = Kind.COMPLAINT if score > 0 else _calm_kind(met)
    return Verdict(kind=kind, score=score, reasons=reasons, urgency=_urgency(kind, met))


def _reasons(post: Post, met: list[Met]) -> tuple[Reason, ...]:
    """Return one reason a family, strongest first; those that only tell the setting stand at the end."""
    families: dict[str, list[Met]] = {}
    for each in sorted(met, key=_strength, reverse=True):
        families.setdefault(each.family.name, []).append(each)
    weights = {name: sum(each.weight * NEXT_CUE**i for i, each in enumerate(all_)) for name, all_ in families.items()}
    grieved = sum(weights[name] for name, all_ in families.items() if _is_grievance(all_[0].family))
    if grieved >= GRIEVED:
        for name, all_ in families.items():
            weights[name] *= POLITE if all_[0].family.kind in {Kind.PRAISE, Kind.QUESTION} else 1
    quotes = post.quotes([phrase_around(post.words, *all_[0][:2]) for all_ in families.values()])
    reasons = map(Reason, families, quotes, weights.values())
    setting = {name for name, all_ in families.items() if all_[0].family.setting}
    return tuple(sorted(reasons, key=lambda one: (one.family in setting, -abs(one.weight), one.family)))


def _is_grievance(family: Family) -> bool:
    """Return whether ``family`` says that something went wrong; who needs care is no grievance."""
    return family.kind is Kind.COMPLAINT and family.urgency is not Urgency.VULNERABLE


def _strength(met: Met) -> float:
    return abs(met.weight)


def _calm_kind(met: list[Met]) -> Kind:
    """Return what a post is that is no complaint: what most of it speaks for."""
    weights = dict.fromkeys((Kind.QUESTION, Kind.PRAISE, Kind.NOISE), 0.0)
    for each in met:
        if each.weight < 0:
            weights[each.family.kind] += each.weight
    kind = min(weights, key=weights.__getitem__)
    return kind if weights[kind] < 0 else Kind.NOISE


def _urgency(kind: Kind, met: list[Met]) -> frozenset[Urgency]:
    """Return what presses; praise and chatter press nobody."""
    if kind not in {Kind.COMPLAINT, Kind.QUESTION}:
        return frozenset()
    return frozenset(each.family.urgency for each in met if each.family.urgency is not None and each.weight >= PRESSING)
