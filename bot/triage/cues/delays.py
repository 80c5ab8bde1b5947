"""What did not come, or not in time: answers, parcels, trains."""

from __future__ import annotations

from typing import Final

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
    no {news}
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
    can|could|will|would|please|pls|get|have someone ... call|contact|respond|reply|answer|get_back
    can|could|will|would|please|pls|get|have someone ... fix|sort|explain|tell|look|help
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
    email|emailed|emails|emailing|phoned|dm'd
    i|we|i've|we've|have|has|had called
    called you|your|them|customer|the|to|about|and|again|0|support|back|in|up|for|but
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

_CANCELLED: Final = Family(
    name="cancelled",
    negated=Negated.DROP,
    strong="""
    you|they|who|just|have|has cancelled|cancelling|cancel ... my|our|flight|train|order
    you|they|who|just|have|has cancelled|cancelling|cancel ... booking|appointment|without|again|last
    flight|train|order|booking|trip is|was|got|been|been? cancelled|canceled|delayed
    appointment|bus|it|delivery|reservation is|was|got|been|been? cancelled|canceled|delayed
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
    call~ off
    """,
    weak="""
    cancel
    rebook|rebooking|reschedule
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
    {bag} ... lost|missing|gone|vanished|disappeared|damaged|stolen|left_behind|misplaced
    {thing} is|are|was|were|has|have|been|got|went|still? been? lost|missing|gone|stolen|damaged|misplaced
    lost|losing my|our|his|her {thing}
    you|they|staff|crew lost|misplaced|damaged|dropped my|our|his|her
    no luggage|bag|bags|suitcase|suitcases|baggage
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
    {bag} ... arrive|status|claim
    courier
    due ... delivered
    next day delivery
    delivered to
    """,
    weak="""
    deliver~|delivery|deliveries
    ship|shipped|shipping
    lost
    luggage|baggage
    """,
)

DELAYS: Final = (_WAITING, _IGNORED, _AGAIN, _CANCELLED, _DELIVERY)
