"""What speaks against a complaint: thanks, praise, plain questions, advertisement."""

from __future__ import annotations

from typing import Final

from bot.domain.verdict import Kind
from bot.triage.cues.family import Family, Negated

AGAINST: Final = (
    Family(
        name="thanks",
        kind=Kind.PRAISE,
        strong="""
        thanks|thank_you|thankyou|thx so|very much
        thanks|thank_you|thx for ... help|helping|quick|reply|response|getting|great
        thanks|thank_you|thx for ... fixing|sorting|being|all|your|a|following
        can't|cannot thank ... enough
        much appreciated
        big|huge|many|massive|special thanks|thank
        thanks|thank_you to
        thanks|thank_you so much for
        thanks|thank_you for ... keeping|taking_care|making|letting|finding|holding|saving
        shout out to
        shoutout|kudos|props|hats_off
        """,
        plain="""
        thanks|thank|thx|ty|tysm|thankyou|thanx|cheers
        appreciate|appreciated|grateful
        bless
        """,
        weak="""
        🙏
        thanks in advance
        """,
    ),
    Family(
        name="praise",
        kind=Kind.PRAISE,
        negated=Negated.TURN,
        strong="""
        love|loved|loving|adore
        amazing|awesome|excellent|brilliant|fantastic|wonderful
        outstanding|superb|incredible|delightful|gorgeous|flawless
        perfect|perfectly|beautiful|beautifully|delicious|spotless
        exceptional|stunning|impeccable|kindest|fabulous|phenomenal
        {fine}|perfect|best service|job|experience|customer_service|flight|crew|staff|team|support|food|stay
        best ... ever|in_town
        highly|definitely|would|can|must recommend|recommended
        i recommend
        can't|cannot|couldn't fault
        no|zero complaints|complaint|problem|problems|issue|issues|hassle|fuss|stress|worries|trouble
        never had|have a|any|one? single? problem|issue|complaint|problems|issues
        never let|late|disappoint~|fails
        could|couldn't not? be|ask happier|better|easier|for|nicer|more
        could|couldn't not? have been more|better|happier|easier|nicer|kinder
        out of his|her|their way
        can't|cannot wait to|for|until|till
        all|now|finally sorted|fixed|resolved|working
        is|was|been|got|gets resolved|solved|sorted|fixed
        found|got it|them|my ... back
        sorted|fixed|resolved ... in|within|quickly|so
        works|worked|working great|perfectly|well|fine|now|like
        made my|our day|night|week|trip
        made ... very? happy
        fair play|credit where
        five|0 stars
        <full>
        no notes
        goes|went|gone|going|gets|got right|smoothly|perfectly|brilliantly
        met|greeted|welcomed at|by ... door|gate|car|crew|steward|staff
        asked|checked ... if|whether he|she|we|they|i|everyone needed|wanted|was_okay|were_okay
        took care of
        stayed|stays on|behind|late? after|past|beyond their|his|her shift|hours
        top|full marks
        above and beyond
        well done to
        😍|❤|🙌|😊|🥰|💕|💖|😘|🎉
        thumbs up
        impressed|delighted|pleased|thrilled
        hero|heroes|legend|legends|rockstar|rockstars|lifesaver
        you rock|rule|guys_rock
        better than expected
        surprise|surprised me
        """,
        plain="""
        great|nice|lovely|best|super|cool|yay|woo|woohoo|sweet
        good
        happy|glad|excited|proud
        helpful|friendly|polite|so_kind|very_kind|kindness|patient|caring|professional|pleasant|courteous|attentive
        smooth|smoothly|comfortable|comfy|quick|quickly|fast|easy|easier|early|efficient
        enjoy~|fun|favourite|favorite
        to be fair to
        stayed|sat|waited with us|me|him|her|them
        looked after
        applauded|smiled|smiling
        😁|😃|😄|😀|👍|👌|💙|💚|💛|💜|🥹|😎|👊|🤗
        """,
        weak=""":)|:-)|;)|:D|:d|=)|:p
        😂|🤣|😉|🍻
        better|fresh|warm
        welcome|beautiful
        """,
    ),
    Family(
        name="plain question",
        kind=Kind.QUESTION,
        plain="""
        how do|can|would|should|does i|we|you|one|it|this
        how much|old|many|big|far is|are|does|do|can
        what|whats|what's time|is|are|the|does|s ... time|hours|difference|cost|price|code|platform|size|limit|best
        do|does|can|is|are|will you|i|it|there|we|the|this|that|your ... have|sell|deliver|offer
        do|does|can|is|are|will you|i|it|there|we|the|this|that|your ... available|open|free|work|included
        does|has|did|is|can anyone|anybody|someone|somebody ... know|tried|used|recommend|here
        any plans|chance|recommendations|tips|idea|ideas
        quick|stupid|silly|random|simple question|one
        just|was|am|i'm wondering|curious|checking
        is it possible
        is there a|an|any
        do you|they|we|u have|do|sell|know|ship|offer|deliver|accept|think|take|need|still
        would|could|can you|anyone|someone recommend|suggest
        which one|would|should|of|classes|model
        when is|does|do|are the|it|season|you|tickets|we|next
        where can|could|do|would i|we|you|one
        are you|u|there any|still|open|going|coming|on
        will there|it|you|this be
        looking for|to buy
        who|what should|would
        """,
        hint="<?>",
        weak="""
        question
        can|could i|we
        does it|the|this|that|your
        how about
        what are|is|do
        would you|love|like
        """,
    ),
    Family(
        name="advertisement or noise",
        kind=Kind.NOISE,
        strong="""
        giveaway|giveaways|raffle|sweepstakes
        promo|discount|coupon|voucher code|codes
        use code
        0 % off everything|all|your|today|with|this|selected
        up to 0 % off
        0 % off ... code|offer|crossings|orders|storewide
        free shipping|trial|entry
        enter|chance to win
        win a|an|free|tickets|the
        we're|we_are|is|are|now hiring
        apply now|today|by|here|online
        link in bio
        click here|the|below|on
        sign up for|to|now|today
        check|checkout out my|our|this|the
        subscribe to|now
        follow|retweet|rt|tag and|to|us|two
        shop|order|buy now|online|today
        on sale
        shares|stock|stocks close|up|down|to|price|rise|fall
        quarterly|annual results|earnings
        proud|excited|pleased to announce
        sponsored by
        new blog|video|post|episode|podcast
        our newsletter|programme|new|latest
        happy birthday|monday|tuesday|wednesday|thursday|friday|new|holidays|christmas|anniversary
        good|gud|happy morning|night|evening|afternoon|luck
        """,
        plain="""
        lol|lmao|lmfao|rofl|haha|hahaha|hahahaha|hehe|heh|xd
        rt|repost
        hiring|vacancy|vacancies|recruiting
        sale|bargain
        announce|announces|announced|launch|launches|launched|unveils
        watching|listening|reading
        miss|love you|u|ya|him|her
        birthday|concert|movie|song|album|dream|dreamt|selfie|sunset
        🔥|✨|👉|👇|🎂|😘
        """,
        weak="""
        bed|sleep|school|game|girl|girls|boy|boys|friend|friends|mom|dad|god|music|beach|football|girlfriend|boyfriend
        gonna|wanna|ima|imma|tho|dude|bro|babe|baby|omg|yeah|nah
        via|party|deal|deals|weekend
        😂|🤣|😜|💯
        """,
        hint="""
        <link>
        """,
    ),
)
