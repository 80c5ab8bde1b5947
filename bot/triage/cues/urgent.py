"""What cannot wait: harm, law, people who are stuck or need more care."""

from __future__ import annotations

from typing import Final

from bot.domain.verdict import Urgency
from bot.triage.cues.family import Family, Negated

URGENT: Final = (
    Family(
        name="safety",
        urgency=Urgency.SAFETY,
        strong="""
        dangerous|dangerously|unsafe|hazard|hazardous
        not|isn't|wasn't|never|hardly|feel safe
        injure~|injured|injury|injuries|bruise|bruises|bruised|bleeding|concussion
        burn~|burnt ... hand|hands|arm|face|skin|me|my|fingers|mouth
        on|caught|catch|catches fire
        smell~|smelt ... gas|smoke|burning
        gas leak
        carbon monoxide
        smoke~|sparks ... from|coming|out
        electric|electrical shock|shocks
        explode~|exploded|explosion|explode
        in hospital|ambulance|er
        ambulance|paramedics|fire_brigade|firefighters
        poison|poisoning|poisoned|salmonella
        allergic reaction
        rash
        glass|metal|plastic|needle|blade|screw|mould|mold in my|the|our|a|his|her {food}
        shard|shards of
        choke~|choked on
        {kin}|i|we|us|someone|people|somebody|you ... could|nearly|almost ... kill~|killed|died|dead|drown~|drowned
        could have|of killed|died|been
        passed|pass out
        assault~|assaulted|harass~|harassed|harassment|threaten~|threatened|groped|attacked
        brakes fail~|failed|go|went|don't|didn't
        collapse~
        bed_bugs|bedbugs|cockroach|cockroaches|rats|rat|maggot|maggots
        left ... alone
        no|without lifejacket|lifejackets|life_jackets|seatbelt|seatbelts|seat_belt
        no|without smoke_alarm|fire_extinguisher|handrail|railing|barrier
        blocked|locked fire|emergency exit|exits|door|doors
        ceiling ... fuse|water
        throw~|threw|vomit~|being up|sick after
        """,
        weak="""
        safety
        made ... sick|ill
        recall~
        emergency|999|911
        """,
        hint="fire|smoke|hurt|sick|ill",
    ),
    Family(
        name="legal",
        urgency=Urgency.LEGAL,
        strong="""
        lawyer|lawyers|solicitor|solicitors|attorney|attorneys|barrister
        lawsuit|sue|suing|sued
        small claims
        legal action|advice|team|proceedings|rights
        in|to court
        see you in court
        class action
        ombudsman|regulator|regulators|tribunal|watchdog|consumer_rights|trading_standards|consumer_protection
        data breach|protection
        gdpr
        breach of contract
        report~ you|this|them to?
        file~|filed|filing|lodge~|lodged ... complaint|report|dispute|claim
        is|this|that|it illegal|fraud|theft
        against the law
        discriminat~|discrimination
        call~|contact~ the police
        going to|the press|media|newspaper|police
        """,
        plain="""
        illegal|illegally|unlawful
        chargeback|dispute
        police
        fraud
        your rights|obligation|obligations
        """,
    ),
    Family(
        name="stranded",
        urgency=Urgency.STRANDED,
        negated=Negated.DROP,
        strong="""
        strand~|stranded
        no way home|back|out
        no way to|of get|getting
        stuck|trapped in|at|on|here ... {place}
        stuck here|overnight
        left|leaving me|us|them|people|passengers|everyone ... at|in|on|with_no|standing|outside
        left ... to sleep
        left|leaving|sailed|drove|departed|went|gone ... without us|me|them|him|her|passengers
        sleep~|slept|sleeping on|at|in ... floor|airport|station|chairs
        nowhere to go|stay|sleep
        last train|bus|ferry|flight|boat ... gone|cancelled|missed|terminated|left
        miss~|missed the last
        {cant} get home|back|to
        abandon~|abandoned
        no taxis|taxi|bus|buses|hotel|hotels|transport
        broken|broke down on|in|at
        """,
    ),
    Family(
        name="vulnerable",
        urgency=Urgency.VULNERABLE,
        plain="""
        wheelchair|disabled|disability|disabilities|blind|deaf|autistic
        elderly|pensioner|pensioners|frail
        my|our|a|with|an|is 0|a? year|yr|yo|month|week old {kin}|kid|boy|girl?
        pregnant
        newborn|infant|infants|toddler
        baby|babies here|crying|without|and|in|on
        medication|medicine|meds|insulin|inhaler|epipen|oxygen|prescription|dialysis
        diabetic|asthma|asthmatic|epileptic|epilepsy|dementia|alzheimers|cancer|chemo
        suicidal|kill_myself
        bereavement|bereaved
        terminally ill
        lives|living|live alone
        on his|her own
        my|our {kin} ... 0
        chair user
        guide|assistance|service dog
        use|in a chair
        {kin} is 0|freezing|scared|sick|ill|crying|alone|disabled
        isn't|not|can't sleep~|eating
        """,
        hint="""
        funeral
        with|and|my small|young? kids|children|child
        {kin} ... alone|scared|freezing|sick|crying
        hospital|surgery
        """,
    ),
    Family(
        name="stuck now",
        urgency=Urgency.STUCK,
        negated=Negated.DROP,
        strong="""
        stuck
        trapped
        locked out|me|us|my|our|i
        {cant} get in|out|into|off|inside
        been|just|still? sat|sitting|standing|stood ... {span}|{many}|here|waiting|queue|line
        on the tarmac|runway|platform
        at the gate|airport|station|desk|counter|branch|check ... now|waiting|still|and
        as we speak
        currently stuck|waiting|sitting|standing
        need|needs|needed ... today|now|tonight|tomorrow|urgently|immediately|this_morning
        urgent|urgently
        leaves|departs|boarding|starts|due in 0|{many}
        no|without power|heating|electricity|water|internet|hot_water ... since|for|day|in|with|all|again|now|then
        deadline
        """,
        plain="in the queue|line|rain|dark",
        hint="""
        right now
        asap|immediately|emergency
        in the cold
        """,
    ),
)
