"""What cannot wait: harm, law, people who are stuck or need more care."""

from __future__ import annotations

from typing import Final

from bot.domain.verdict import Urgency
from bot.triage.cues.family import Family

URGENT: Final = (
    Family(name="safety", urgency=Urgency.SAFETY, strong="dangerous|unsafe\ncaught fire\ninjured|injury"),
    Family(name="legal", urgency=Urgency.LEGAL, strong="my|our lawyer|solicitor|attorney\nsmall claims\nlegal action"),
    Family(name="stranded", urgency=Urgency.STRANDED, strong="stranded\nno way home"),
    Family(name="vulnerable", urgency=Urgency.VULNERABLE, strong="wheelchair|disabled\nmy medication|insulin"),
    Family(name="stuck now", urgency=Urgency.STUCK, strong="stuck\nlocked out"),
)
