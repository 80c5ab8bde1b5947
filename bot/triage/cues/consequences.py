"""What people do about it: leave, mock, ask why, ask for help, speak to the company."""

from __future__ import annotations

from typing import Final

from bot.triage.cues.family import Family

CONSEQUENCES: Final = (
    Family(
        name="leaving",
        strong="""
        never|not|won't|no_longer {use} ... again|back|anymore|any_more
        never ... again
        never {use}
        last time i|we|i'll|we'll|you|ever
        first and last
        lost|losing|lose|loose ... customer|customers|business|custom
        switch~ ... provider|providers|bank|airline|carrier|supplier
        moving|taking my account|business|money|custom
        cancel~|cancelled|canceled|closing|close ... subscription|account|contract|membership
        take|taking my|our business|money|custom elsewhere?
        i'm|am|we're|so done|finished|leaving|through with|you
        i'm off to
        {dont}|never ... buy|trust|bother|waste ... your|this|these|from|with|them
        don't|do_not buy|use|fly|order|shop|go|trust|book
        stay|steer away|clear from|of
        avoid at|like|this|them|these
        boycott~
        won't|not be|coming|going|return~|come ... back|again
        competitor|competitors
        deleted|deleting|uninstalled|uninstalling ... app
        """,
        plain="""
        avoid
        elsewhere
        leaving ... you|after
        neveragain
        alternative|alternatives
        final straw
        switch~ to|from
        want|wanna|like|going|need to cancel|leave|close
        another airline|company|provider|bank|store|shop
        """,
    ),
    Family(
        name="sarcasm",
        strong="""
        thanks|thank_you|thx|cheers for nothing|{bad}
        thanks|cheers ... another|wasting|ruining
        slow clap
        {fine} job|work|service ... not|🙄|👏
        {fine} job|work|way ... losing|delaying|cancelling|making|ruining|leaving|ignoring
        way to go
        just what i|we|everyone needed|wanted
        exactly what i|we|everyone needed|wanted
        how hard can|is
        so much for
        good luck getting|with|finding|reaching|trying
        stay classy
        oh {fine}|joy|goody|wow
        yeah right
        /s
        🙄|🙃
        👏 👏
        gotta|got_to|just|absolutely|really love how|when|that|being|it
        love|loving how|it_when|being
        love when|that you|your|the|my
        living|welcome ... future
        impressive work|effort
        another {fine}|fine
        get ... act together
        """,
        plain="""
        well done|played
        congrats|congratulations|bravo ... on
        apparently
        so called
        glad|good to know|see ... don't|doesn't|isn't|not
        👏
        typical|unsurprisingly
        if only
        yeah ... thx|thanks|sure
        🙂
        what a shock|surprise|joke|shame
        """,
    ),
    Family(
        name="asking why",
        strong="""
        why is|are|does|do|did|was|am|have|has|can't|don't|isn't|won't|would ... not|no|still|so|my|our|your
        why is|are there one|0|only|no|not|never|so|nobody|nothing
    why can't|don't|isn't|won't|doesn't|didn't|aren't|haven't|hasn't
        what is|what's|whats|wtf|hell going|happening on|with?
        how is|are|can|could this|that|it|you|they ... possible|legal|ok|okay|acceptable|allowed|be|not
        what is the point
        what's|whats the point
        explain|explanation why|how|to|for
        care to explain
        is it|this|that normal|acceptable|legal|okay
        """,
        plain="""
        why
        what kind|sort of
        how come
        is it|this too_much|how
        what happened|gives|now
        how do you expect
        what's|whats|what_is up with
        how is|are this|that|it|you
        where is|are the|my|our
        """,
        weak="""
        explain|explanation
        <??>
        """,
    ),
    Family(
        name="asks for help",
        strong="""
        sort|sorting it|this|that|your|yourselves|things out
        sort ... out
        sort your|the|this|that|it
        fix|solve|resolve this|it|your|that|my|the ... now|asap|please|immediately|today|problem|issue
        please|pls|plz help|fix|sort|resolve|look|check
        look|looking into
        need|needs to|someone|somebody? fix|sort|resolve
        what am i supposed
        """,
        plain="""
        help me|us|please|asap|needed
        need ... help|assistance
        resolve|resolution|unresolved
        someone needs|has|must to
        any help
        what|who do|can|should i|we
        """,
        weak="""
        help
        please|pls|plz
        asap
        advise
        """,
    ),
    Family(
        name="not as promised",
        strong="""
        promise~ ... but|by|never|not|and
        told ... but|would|it_would|that
        was told|promised|assured|supposed|advertised
        advertise~|listed|described as|but
        not as described|advertised|promised|expected
        nothing like
        {isnt} ... what ... ordered|paid|promised|asked|told
        contradict~|different reasons|answers|stories
        """,
        plain="""
        misleading|misled|misinformed
        said ... would|but
        advertised
        supposed to be
        surprised|no_warning
        """,
        weak="instead of",
    ),
    Family(
        name="something not right",
        setting=True,
        plain="""
        nothing|nobody|nowhere|neither
        no_longer|won't|couldn't|doesn't|hasn't|unable
        """,
        weak="can't|wouldn't|isn't|haven't|wasn't|aren't|didn't|not|no|don't",
        hint="""
        even|instead|still|despite|without
        but|yet|however
        """,
    ),
    Family(
        name="about the service",
        setting=True,
        weak="""
        bought|ordered|purchased|booked|subscribed|received|installed|updated|upgraded|downloaded|signed_up|checked_in
        customer|customers
        """,
        hint="""
        {parcel}|{bag}|{tech}
        product|products|store|shop|booking|reservation|appointment|subscription|membership|contract|plan|tariff|bill
        flight|plane|train|bus|seat|seats|room|hotel|ticket|tickets|airport|station|gate|boarding|crew|pilot|meter
        email|emails|password|user|users|data|battery|screen|charger|cable|keyboard|printer|router|modem|tablet|camera
        shoes|shirt|dress|jacket|coat|jeans|size|pair|box|bottle|menu|meal|fries|burger|sandwich|coffee|pizza|sauce
        number|online|branch|counter|desk|checkout|till|price|prices|stock|version|warranty|replacement|exchange|return
        """,
    ),
    Family(
        name="speaks to the company",
        setting=True,
        weak="""
        {your} {tech}|{staff}|{service}|policy|people|customers|company|team|prices|business|flight|flights|drivers
        {your} {contact}
        you guys|people|lot|folks
        yall
        customer service|support|care
        customerservice|costumer_service
        {staff}
        manager|supervisor
        """,
        hint="""
        your|you|ur|u|you're|yourself
        i've|i was|had|have
        we were|had|have|are
        """,
    ),
)
