"""The cues: what people write when something went wrong, and when it did not. Data only."""

from __future__ import annotations

from typing import Final

from bot.triage.cues.against import AGAINST
from bot.triage.cues.consequences import CONSEQUENCES
from bot.triage.cues.family import Family
from bot.triage.cues.grievances import GRIEVANCES, SHOUTING, UNIMPRESSED
from bot.triage.cues.urgent import URGENT

FAMILIES: Final[tuple[Family, ...]] = (*GRIEVANCES, SHOUTING, *CONSEQUENCES, *URGENT, *AGAINST)

__all__ = ["FAMILIES", "SHOUTING", "UNIMPRESSED"]
