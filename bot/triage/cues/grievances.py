"""What went wrong, in the words of those it happened to."""

from __future__ import annotations

from typing import Final

from bot.domain.verdict import Urgency
from bot.triage.cues.family import Family, Negated

_WAITING: Final = Family(
    name="waiting",
    strong="""
    still|been waiting
    still no|not|nothing|haven't|hasn't|can't
    when will|am my|our
    enough is enough
    wait~ ... {many} {span}
    {many} {span} wait|queue|on_hold|late|delay
    {many} {span} and|now still|counting|nothing|no|not
    on hold
    hold music
    how much longer
    how many more
    been {many}|over|almost|nearly {span}|{many}
    tired|sick of waiting
    take|takes|taking|took forever|ages
    hurry up
    """,
    plain="""
    still isn't|doesn't|don't|won't|pending|processing|broken|down|off|waits
    day|week {many}
    {many} {span} later|now|ago
    for {many} {span}
    how long ... wait|before|until|am|do
    any update|updates|news|progress|eta
    when will|am|are i|we|you|this
    long|longer|longest wait|queue|line|lines|queues
    waiting since|for
    where|wheres is|are|the? my|our
    not|nothing ... yet
    supposed|meant|due|promised ... {many}|yesterday|monday|tuesday|wednesday|thursday|friday|week|today
    """,
    weak="""
    wait|waiting|waited|queueing|queuing
    {many} {span}
    last|since|all week|month|night|monday|tuesday|wednesday|thursday|friday|saturday|sunday|day|morning|yesterday
    slow|slowly|slower
    supposed|meant to
    """,
)

_IGNORED: Final = Family(
    name="ignored",
    strong="""
    no reply|response|answer|answers|word|contact|communication|callback|acknowledgement|follow_up
    no call back
    {cant} get|reach|contact|speak|talk ... anyone|someone|through|hold|person|human|response|answer|you|help
    {nobody} ... answer~|reply~|replies|respond~|care~|know~|help~|pick~|call~|told|tell|can
    {havent} ... reply|replied|respond|responded|answer|answered|called_back|call_back|heard|got_back|get_back
    {dont} ... reply|respond|answer|call_back|get_back|pick_up|email_back
    ignore~ me|us|my|our|you|your|customers|emails|calls|all
    being|been|get|gets|feel ignored
    {many} ... emails|calls|messages|letters|dms|tweets|tickets
    heard|hear nothing
    do you even|ever|actually read|care|answer|listen|check
    to five|several|different people
    passed|sent|pushed|bounced from|around|between|back_and_forth
    {cant} ... explain|tell ... me|us|why|when
    not|never ... listen|listening
    """,
    plain="""
    hung|hang|hangs|hanging up
    call~|emailed|wrote|messaged|tweeted|rang|complained|asked|told ... {many} times|people|different
    get|got|getting through
    been trying|asking|calling|chasing|emailing
    speak|talk|speaking|talking to ... human|person|manager|supervisor|someone|somebody
    can|could|will|would|please|pls|get|have someone ... call|contact|respond|reply|answer|get_back|fix|sort|explain|tell|look|help
    please|pls|plz respond|reply|answer|call|contact|dm|advise|reach|get_back
    answer|answers|answering ... phone|phones|calls|dm|dms|email|emails
    pick|picks up
    ignored|ignoring
    chatbot|bot|automated
    tried|trying|try to? call|contact|reach|speak|get_through|email|calling|contacting|reaching
    without ... answer|reply|explanation|explaining|word|warning|telling|notice|informing
    """,
    weak="""
    nobody|no_one|noone
    email|emailed|emails|emailing|called|phoned|dm'd
    voicemail|helpline|call_centre|call_center
    """,
)

_AGAIN: Final = Family(
    name="again and again",
    strong="""
    yet|once again
    every single time|day|month|week|morning|one
    {nth} time
    {many} times
    not the first time
    same problem|issue|thing|mistake|story|excuse|error|answer
    keep~|keeps|kept happening|getting|telling|saying|sending|being|having|asking|charging|changing
    already told|called|emailed|sent|contacted|complained|paid|explained|tried|reported
    """,
    plain="""
    every time|day|month
    as usual|always
    another late|delay|delayed|day|week|month|cancelled|excuse|one|problem|issue|failed
    consistently|constantly|repeatedly|continually|continues|ongoing
    explained|told|asked ... again|twice|already
    in a row
    how many times
    """,
    weak="""
    again
    twice
    always|never
    keep|keeps|kept
    """,
)

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
    {tech} is|are|was|has|been|keeps|still|totally|completely? down|broken|crash~|dead|useless|slow|terrible|out
    wrong item|size|colour|color|order|address|product|name|person|date|one|thing|information|info|food|prescription
    fell|falling|fallen|came|coming apart|off
    stop~ ... working
    {isnt} ... fixed
    """,
    plain="""
    broken|broke|breaks|breaking
    damaged|faulty|defective|cracked|torn|ripped|scratched|smashed|shattered|unusable
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
    soaked|soaking|dented|bent|stained
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
    want|need|demand|where|where's|get|give|give_me|promised|no|not|without|refuse~|waiting|denied|await~ ... refund|refunded
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
    plain="""
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

_CANCELLED: Final = Family(
    name="cancelled",
    negated=Negated.DROP,
    strong="""
    you|they|who|just|have|has cancelled|cancelling|cancel ... my|our|flight|train|order|booking|appointment|without|again|last
    flight|train|order|booking|trip|appointment|bus|it|delivery|reservation is|was|got|been|been? cancelled|canceled|delayed
    {many} {span} late|delay|delayed
    delayed ... {many}|hours|again|because|due
    miss~|missed my|our|the|a? connection|connecting|flight|train|appointment|wedding|funeral|meeting|work
    overbooked|over_booked|oversold
    no show
    never showed|came|turned
    gave away my|our
    """,
    plain="""
    cancelled|canceled|cancelling|canceling|cancellation|cancellations
    delay|delays|delayed|delaying
    late
    bumped|rebooked|rescheduled|postponed|diverted
    """,
    weak="cancel\nrebook|rebooking|reschedule",
)

_RUDE: Final = Family(
    name="rude staff",
    negated=Negated.DROP,
    strong="""
    rude|rudely|rudest|rudeness
    unprofessional|disrespectful|disrespect|disrespected|condescending|patronising|patronizing|dismissive|arrogant
    hung|hang up on
    shout~|yell~|scream~|sworn|swore at me|us|my|her|him|customers
    laugh~ at|when|in
    shrug~
    rolled his|her|their eyes
    racist|sexist|abusive|insult|insulted|insulting|bully|bullied
    lie~|lied|lying to me|us|your|customers
    liar|liars
    {dont}|couldn't|could_not care
    treat~ ... like|badly|terribly|shit|dirt
    told me|us|my to calm|wait|leave|shut
    bad|terrible|awful|horrible|poor|nasty attitude
    """,
    plain="""
    attitude
    unhelpful|incompetent|incompetence|clueless|inept|untrained|lazy
    lie|lied|lies|lying
    snobby|snotty|surly|grumpy|nasty
    no apology|apologies|sorry
    kick~|threw|throw|thrown
    """,
)

_DELIVERY: Final = Family(
    name="lost or late delivery",
    strong="""
    {havent}|{dont} ... arrive|arrived|came|come|delivered|received|recieved|receive|turned_up|show_up|showed|shipped
    lost ... {bag}|{parcel}
    losing ... {bag}|{parcel}
    missing|damaged ... {bag}|{parcel}
    where|wheres is|are|the|in ... {bag}|{parcel}
    where's my|our {bag}|{parcel}
    {parcel} ... late|missing|lost|wrong|delayed
    says|say|said|marked|showing|shows|claims ... delivered
    failed|missed delivery|deliveries
    out for delivery
    no sign|trace of
    empty box|envelope|package
    half ... missing
    wrong address|door|house
    left ... in_the_rain|outside
    """,
    plain="""
    tracking
    {parcel} ... arrive|arrived|status|yet|come
    {bag} ... arrive|status|claim|lost
    courier
    due ... delivered
    next day delivery
    delivered to
    """,
    weak="deliver~|delivery|deliveries\nship|shipped|shipping\nlost\nluggage|baggage",
)
UNIMPRESSED: Final = Family(
    name="let down",
    negated=Negated.DROP,
    strong="""
    worst
    terrible|awful|horrible|appalling|horrendous|horrid|dreadful|abysmal|atrocious|diabolical|horrific
    disgusting|disgusted|disgrace|disgraceful|shameful|shambles|shambolic|pathetic|unacceptable|inexcusable|outrageous
    disappoint~|disappointment|dissatisfied|unsatisfied|unhappy|unimpressed|displeased
    let me|us|everyone|customers? down
    ridiculous|laughable|farce|fiasco|nightmare|shocking|embarrassing|ludicrous|absurd
    waste of time|money|space
    waste~ my|our|hours|{many}
    shame|ashamed
    poor|bad|zero|lousy|crap|shoddy|shitty|sub_par|subpar|lack_of ... {service}
    fed up
    sick of
    had enough
    shouldn't|should_not have to
    should have|of told|known|been|let|had|done|flown|gone|said|warned
    not good enough
    expected|expect|deserve|deserves|deserved better|more
    used to be|love|like|trust
    gone|going|went downhill
    frustrat~|frustration
    below par
    """,
    plain="""
    poor|poorly|bad|badly|lousy|shoddy|subpar|mediocre|inferior
    useless|rubbish|garbage|trash|worthless|pointless|joke
    sneaky|shady|dodgy|dishonest|hidden
    annoy~|irritate~|irritating|inconvenient|inconvenience|inconvenienced
    ruin~
    disaster|chaos|chaotic|mess
    unfair|unjust|unreasonable|unreliable|misleading|misled|deceptive|false_advertising
    unbelievable|unreal|insane|crazy|nonsense|incompetent
    complaint|complaints|complain|complaining|complained
    gross|vile|nasty|revolting|yuck|lame|snobby|snotty|stinks|stink|debacle|shenanigans|confusion|stupidity|irresponsible|careless|sloppy|amateur|bummer|dire|grim
    gave|give|giving up
    not|never even
    not|isn't|wasn't|don't ... happy|impressed|acceptable|ok|okay|fair|right|cool|fun|funny|helpful|great|good|enough
    hostage
    never seen|heard|experienced|had ... like|so|such
    excuse|excuses
    lack|lacking|lacks
    badservice|worstservice|fail
    poorservice|badcustomerservice|nothappy|customerservicefail|notimpressed
    worse
    sad|sadly|unfortunately|regret~
    forced|forcing ... to
    """,
    weak="""
    really|seriously
    wtf|smh|ugh|argh
    stupid|dumb|silly
    tired
    wow
    weird|strange|confusing|confused
    difficult|hard|impossible
    """,
)

_ANGRY: Final = Family(
    name="angry",
    strong="""
    fuming|livid|furious|outraged|seething|infuriate~|infuriating
    pissed
    piss off
    bullshit|bs
    suck|sucks|sucked
    fuck you|off|this
    go to hell
    😡|🤬|😠|👎|😤
    """,
    plain="""
    angry|mad|upset|rage
    hate|hates|hated
    crap|shit|shitty|crappy|screw|screwed|screwing
    wtf|ffs
    :(|:-(|:/|;(
    😞|😒|😔|😩|😫|😢|😣
    """,
    weak="""
    fuck|fucking|fuckin|damn|bloody|hell|ass|goddamn
    😭|💔|🤦
    """,
)

#: Met by capitals, not by words.
SHOUTING: Final = Family(name="shouting")

GRIEVANCES: Final = (
    _WAITING,
    _IGNORED,
    _AGAIN,
    _BROKEN,
    _MONEY,
    _COST,
    _CANCELLED,
    _RUDE,
    _DELIVERY,
    UNIMPRESSED,
    _ANGRY,
)
