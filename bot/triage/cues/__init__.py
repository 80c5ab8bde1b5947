"""The cues: what people write when something went wrong, and when it did not. Data only."""

from __future__ import annotations

from typing import Final

from bot.triage.cues.against import AGAINST
from bot.triage.cues.consequences import CONSEQUENCES
from bot.triage.cues.delays import DELAYS
from bot.triage.cues.family import Family
from bot.triage.cues.faults import FAULTS
from bot.triage.cues.feelings import FEELINGS, SHOUTING, UNIMPRESSED
from bot.triage.cues.urgent import URGENT

FAMILIES: Final[tuple[Family, ...]] = (*DELAYS, *FAULTS, *FEELINGS, *CONSEQUENCES, *URGENT, *AGAINST)

__all__ = ["FAMILIES", "SHOUTING", "UNIMPRESSED"]
