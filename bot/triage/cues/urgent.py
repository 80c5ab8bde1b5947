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
        injure~|injured|injury|injuries|bruise|bruises|bleeding|concussion
        {limb} ... bruised|swollen|sprained|fractured|cut
        bruised|sprained|fractured|swollen {limb}|my|his|her|our
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
        nut|peanut|food|severe|milk|egg|dairy|gluten|sesame|shellfish|fish|seafood allergy|allergies|allergic
        allergy|allergic|allergen|allergens|gluten|nuts ... not|wrong|had|contained|hidden|unlabelled
        anaphylaxis|anaphylactic
        raw|undercooked|pink|uncooked chicken|pork|meat|burger|sausage|prawns|fish|turkey
        i|we|he|she|was|were|been|got|fell|me|us|both|all|family ill|sick after|from|on eating|your|the|a|this
        threw|thrown|throwing up
        left|lost|forgot|missing|without|no|need|needs ... {medicine}
        missing|loose|broken|rotten|collapsed handrail|handrails|railing|rail|step|steps|plate|barrier|grating
        {limb} ... went ... through
        {limb} ... went|caught|trapped|stuck|jammed|crushed in|into|through|by
        slip~|slipped|trip~|tripped ... on|over wet|loose|the|a|your
        fell|fallen|falling overboard|down_the|through_the|off_the|into_the
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
        plain="""
        allergy|allergies|allergen|allergens|coeliac|celiac
        hole|gap in|between|the ... floor|gangway|ramp|deck|step|steps|stairs|platform|railing|fence
        """,
        weak="""
        allergic
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
        name="privacy",
        urgency=Urgency.LEGAL,
        strong="""
        data breach|breaches|leak|leaks|protection
        gdpr
        breach|breached|invasion|violation|violated ... privacy|confidentiality
        {log} ... as|under someone|another|a_stranger|a_different|somebody_else|the_wrong
        {log} ... into|in_to someone|another|the_wrong|a_strangers|other ... account|profile
        see|sees|seeing|saw|shown|showing|showed|sent|reading ... {others}|her|his|their ... {personal}
        got|received|opened|emailed|given|has|have {others} ... {personal}
        {my} ... {personal} ... {exposed}
        {exposed} ... {my} ... {personal}
        someone|a_stranger|strangers|another_customer|other_customers ... has|have|got|sees ... my|our {personal}
        personal|private|customer|customers data|details|information|addresses ... {exposed}|visible|online|public
        who|how_many|what else knows|can_see|sees|has_my|could_see|can_read
        identity theft|stolen
        """,
        plain="""
        my account|profile|card|details was|is|has|been|got been? hacked|compromised
        privacy ... concern|concerns|issue|problem|policy|complaint|nightmare
        {others} {personal}
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
        {kin}|i|we|he|she|they|people|passengers was|were|got|been left behind|alone|standing|outside|at|in|on
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
        0|a year|yr|yo|month|week old {kin}|{person}
        my|our|a|with 0|a year|yr|yo|month|week old|olds {someone_does}
        my|our|his|her 0 yo|y_o {someone_does}
        pregnant
        newborn|infant|infants|toddler
        baby|babies here|crying|without|and|in|on
        chemotherapy|radiotherapy|oncology|transplant|pacemaker|stoma|feeding_tube
        seizure|seizures|parkinsons|heart_attack
        hospital|medical|cancer appointment|appointments|treatment|transport|letter|fare|emergency|condition
        hearing aid|aids
        crutches|rollator|zimmer|walking_stick|walking_frame|mobility_scooter|white_cane|prosthetic
        {medicine}|oxygen|prescription|dialysis
        diabetic|diabetes|asthma|asthmatic|epileptic|epilepsy|dementia|alzheimers|cancer|chemo
        suicidal|kill_myself
        bereavement|bereaved
        terminally ill
        lives|living|live alone
        on his|her own
        my|our {kin}|{person} 70
        {kin}|{person} is|was|who_is|who's|aged|of|at? 70 and|with|but|so|in|on|.|!|who
        i'm|i_am|he's|he_is|she's|she_is aged? 70 and|with|but|so|.|!
        i'm|i_am|he's|he_is|she's|she_is 70 years old
        aged 70
        my|our {kin} aged 0
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
