"""How it was, and how people were treated."""

from __future__ import annotations

from typing import Final

from bot.triage.cues.family import Family, Negated

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
    used to love|like|trust
    used to be ... good|great|better|reliable|best|nice
    do better
    final|last warning|chance
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
    gross|vile|nasty|revolting|yuck|lame|snobby|snotty|stinks|stink
    debacle|shenanigans|confusion|stupidity|irresponsible|careless|sloppy|amateur|bummer|dire|grim
    gave|give|giving up
    not|never even
    not|isn't|wasn't|don't ... acceptable|okay|fair|right|funny|enough
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

FEELINGS: Final = (_RUDE, UNIMPRESSED, _ANGRY, SHOUTING)
