"""What does not work, and what it costs."""

from __future__ import annotations

from typing import Final

from bot.domain.verdict import Urgency
from bot.triage.cues.family import Family, Negated

_BROKEN: Final = Family(
    name="broken",
    negated=Negated.DROP,
    strong="""
    {dont}|not|never|isn't|aren't|stopped|stops|quit|quits|barely|hardly work~
    {isnt} ... working|loading|responding|opening|available|functioning|charging|connecting
    keep~|keeps|kept crash~|freeze~|fail~|drop~|break~|dying|logging|disconnect~|cutting|buffering
    {cant} log|login|access|open|load|connect|use|book|pay|check|sign|download|update|view|see|find|change|get_into
    {dont} turn|start|load|open|connect|charge|update|install|sync|download|let|save|play|switch|fit|recognize
    error message|code|messages
    code|error 0
    went|gone|going out|off|down ... on|again|since|me
    log~|kick~|throw~|sign~ me|us out|off
    out of order|service
    no {comfort}
    {tech} is|are|was|has|been|keeps|still|totally|completely? down|broken|crash~|dead|useless|slow|out
    wrong item|size|colour|color|order|address|product|name|person|date|one|thing|information|info|food|prescription
    fell|falling|fallen|came|coming apart|off
    stop~ ... working
    {isnt} ... fixed
    """,
    plain="""
    broken|broke|breaks|breaking
    damaged|faulty|defective|cracked|torn|ripped|scratched|smashed|shattered|crushed|unusable
    error|errors
    crash~|glitch|glitches|glitchy|bug|bugs|buggy|laggy|malfunction~
    outage|outages
    fail|fails|failed|failing|failure
    leak~
    issue|issues|problem|problems|trouble|troubles
    frozen|freezes|freezing
    mould|mouldy|mold|moldy|stale|rotten|expired|soggy|raw|undercooked|dirty|filthy|smells|smelly
    wrong
    mistake|mistakes|mess|messed
    denied|rejected|refused|declined
    dented|bent|stained
    not ... accepted|valid|recognised|recognized
    won't|doesn't|don't|isn't|hasn't worked|accept|recognise|recognize|respond
    cold food|chips|pizza|coffee|showers|shower|meal|water
    missing
    out of stock
    deleted|disappeared|vanished|erased|wiped
    """,
    weak="""
    fix|fixed
    down
    slow
    cold
    not able to
    soaked|soaking
    restart~|reinstall~|reboot~
    """,
)

_MONEY: Final = Family(
    name="money",
    urgency=Urgency.MONEY,
    strong="""
    charge~ ... twice|again|double|extra|wrong|incorrectly
    double charge~|billed|charging
    overcharge~|over_charged|overbilled
    my|our|his|her|the money back
    want|need|demand|where|where's|get|give|give_me ... refund|refunded
    promised|no|not|without|refuse~|waiting|denied|await~ ... refund|refunded
    {dont}|{cant} ... refund|reimburse|compensate|pay_me|pay_us|pay_back
    full refund
    rip off
    rip~ me|us|people|customers? off
    ripoff|scam|scams|scammed|scammers|scamming|con_artists|fraudulent
    steal|stole|stolen|stealing ... money|from|my
    hidden fee|fees|charges|costs
    taken|took|take|taking|taken_out|withdrawn ... account|money
    out of pocket
    unauthorised|unauthorized
    pay~|paid for nothing
    pay|paying ... back
    """,
    plain="""
    refund~|refunds
    charge~ me|us|my
    still|being|been charged|charging|billed
    compensate~|compensation|reimburse~|reimbursement
    overpriced|extortionate|extortion|robbery
    overdrawn|debited
    """,
)

_COST: Final = Family(
    name="cost",
    strong="""
    £|$|€ 0 for ... {fare}
    0 quid|pounds|euros|dollars|bucks for ... {fare}
    cost|costs|costing me|us ... more|extra|double
    """,
    plain="""
    £|$|€ 0 for|just|per|each a|an|one|the|that|this|0|to
    quid|pounds|euros|bucks for a|an|one|the|that|this|to
    price|prices|fare|fares ... up|double~|doubled|tripled|higher|steep|hurt|rise|rises|hike
    fee|fees
    final|debt demand|letters|collectors
    money
    invoice|bill is|was|wrong|went
    ridiculous|rising|raised|raise|increase|increased|put_up ... price|prices|bill|premium
    paid|pay ... but|and|for|extra|more
    spend my own|money
    """,
    weak="""
    charge|charged|charges|charging|billed|billing
    paid|paying|pay
    expensive|pricey
    voucher|vouchers|coupon
    cost|costs|costing
    £|$|€ 0
    """,
)

FAULTS: Final = (_BROKEN, _MONEY, _COST)
