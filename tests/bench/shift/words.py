"""What the six write: never the same twice, and every text bears a number by which it is found again."""

from __future__ import annotations

import random
import re
from typing import Final

from tests.bench.shift.town import THANK_YOUS

__all__ = ["THANK_YOUS", "answer", "is_ours", "number_of", "reason"]

_SORRY: Final = (
    "I am sorry about this.",
    "That should not have happened, my apologies.",
    "Sorry to hear that.",
    "Oh no, that is not how it should be.",
    "You are right to be cross, sorry.",
    "Apologies for the trouble.",
    "Thanks for telling us, and sorry.",
    "I can see why that is annoying.",
)
_STEP: Final = (
    "I have asked the people at the quay and they are looking right now.",
    "My colleague is checking your booking as I write.",
    "We are on it and I will tell you what we find.",
    "I have put it on top of today's list.",
    "The team on board knows and will come to you.",
    "I am looking into it myself.",
    "Our workshop has it on the bench and gives me news shortly.",
    "I have found the mistake on our side and it is being put right.",
)
_NEXT: Final = (
    "You hear from me within the hour.",
    "Please send us a private message with the name on the booking.",
    "I will write again before the evening.",
    "Tell me if it happens once more.",
    "Is there anything that cannot wait?",
    "Please stay where you are for a moment.",
)
_REASONS: Final = (
    "They ask for somebody who can decide about a refund.",
    "A journalist follows this thread.",
    "Third time this week at the same quay.",
)
_NUMBER: Final = re.compile(r"\(note (\w+-\d+)\)$")


def answer(dice: random.Random, name: str, number: int) -> str:
    """Return an answer that nobody wrote before."""
    return f"{dice.choice(_SORRY)} {dice.choice(_STEP)} {dice.choice(_NEXT)} {name} (note {name}-{number})"


def reason(dice: random.Random) -> str:
    """Return why somebody higher up should know."""
    return dice.choice(_REASONS)


def number_of(text: str) -> str:
    """Return the number that a text of ours bears; empty when it is none."""
    found = _NUMBER.search(text)
    return found[1] if found else ""


def is_ours(text: str) -> bool:
    """Return whether one of the six wrote it."""
    return bool(number_of(text))
