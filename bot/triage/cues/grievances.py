"""What went wrong, in the words of those it happened to."""

from __future__ import annotations

from typing import Final

from bot.domain.verdict import Urgency
from bot.triage.cues.family import Family, Negated

GRIEVANCES: Final = (
    Family(
        name="waiting",
        negated=Negated.KEEP,
        strong="""
        still|been waiting
        on hold
        wait~ ... {span}
        """,
        plain="""
        still no|not|nothing
        any update|updates|news
        """,
    ),
    Family(
        name="ignored",
        negated=Negated.KEEP,
        strong="no reply|response|answer|word\nnobody|no_one answer~|reply~|care~\nignore~ me|us",
    ),
    Family(
        name="broken",
        strong="doesn't|don't|not|won't|isn't work|working\nkeep|keeps crash~|freeze~|fail~",
        plain="broken|broke\ndamaged|faulty|defective\nfail|fails|failed\nissue|issues|problem|problems",
    ),
    Family(
        name="money",
        urgency=Urgency.MONEY,
        negated=Negated.KEEP,
        strong="charged twice|again\nrefuse~ ... refund\novercharged\nwant|need ... refund|money",
        plain="refund",
    ),
    Family(name="cancelled", plain="cancelled|canceled|cancelling|canceling\ndelayed"),
    Family(name="rude staff", strong="rude\nunprofessional"),
    Family(
        name="lost or late delivery",
        strong="never arrived|came|delivered|received\nlost|missing ... parcel|package|order|bag|luggage",
    ),
    Family(
        name="let down",
        strong="worst|terrible|awful|horrible|appalling\nunacceptable|disappointed\nwaste of time|money",
        plain="poor|bad|ridiculous|useless|joke",
    ),
    Family(
        name="leaving",
        negated=Negated.KEEP,
        strong="never again\nlast time\nswitch~ to\ncancel~ my subscription|account",
    ),
    Family(name="sarcasm", negated=Negated.KEEP, strong="thanks for nothing\nslow clap\n🙄", plain="well done"),
)
