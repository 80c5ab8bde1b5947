"""What speaks against a complaint: thanks, praise, plain questions, advertisement."""

from __future__ import annotations

from typing import Final

from bot.domain.verdict import Kind
from bot.triage.cues.family import Family, Negated

AGAINST: Final = (
    Family(name="thanks", kind=Kind.PRAISE, plain="thanks|thank|thx|cheers\n🙏"),
    Family(
        name="praise",
        kind=Kind.PRAISE,
        negated=Negated.TURN,
        strong="love|loved\namazing|awesome|excellent|brilliant|fantastic\ncan't fault\nno complaints",
        plain="great|good|nice|helpful|happy|best",
    ),
    Family(name="plain question", kind=Kind.QUESTION, plain="how do|can|much\nwhat time\ndo you\nis there"),
    Family(
        name="advertisement or noise",
        kind=Kind.NOISE,
        strong="giveaway\npromo code\nwe are|we're hiring",
        weak="<link>",
    ),
)
