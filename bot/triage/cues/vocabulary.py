"""Sets of words that cues name in braces, and words that change what stands beside them."""

from __future__ import annotations

from typing import Final


def bag(words: str) -> frozenset[str]:
    """Return the words of a text, to be looked up."""
    return frozenset(words.split())


#: ``_`` joins the words of one entry.
SETS: Final[dict[str, str]] = {
    "span": "day night nights ages h",
    "many": "0 several multiple countless numerous many couple_of",
    "nth": "second third fourth fifth sixth tenth 0_nd 0_rd 0_th umpteenth nth",
    "cant": "cant cannot can_not couldnt could_not unable_to not_able_to wont will_not",
    "dont": "dont do_not doesnt does_not didnt did_not wont will_not wouldnt would_not cant cannot doesn",
    "isnt": "isnt is_not wasnt was_not arent are_not werent were_not aint not never",
    "havent": "havent have_not hasnt has_not hadnt didnt did_not never not still_no",
    "nobody": "nobody no_one noone none_of_you no_human",
    "you": "you you_guys yall",
    "your": "your youre you're",
    "parcel": "order orders parcel parcels package packages delivery shipment item items letter mail passport purchase",
    "bag": "bag bags luggage suitcase suitcases baggage case",
    "tech": "app apps website site page system server servers portal internet wifi wi_fi connection broadband signal "
    "network phone router login account link update software game laptop device tv service card machine",
    "comfort": "internet wifi signal connection service power electricity heating water hot_water food seats hotel",
    "news": "info information announcement announcements explanation apology notice warning updates help support "
    "solution advice",
    "staff": "staff agent agents rep reps driver drivers manager crew attendant attendants cashier waiter employee "
    "employees clerk representative operator receptionist engineer technician guard team advisor",
    "service": "service customer_service customerservice customer_support customer_care support "
    "experience communication quality company airline bank shop store restaurant management attitude product",
    "contact": "email emails e_mail e_mails call calls message messages letter letters dm dms tweet tweets ticket "
    "tickets complaint phone mail mails question questions",
    "use": "use using used buy buying order ordering fly flying shop shopping book booking travel travelling "
    "traveling stay staying eat eating go going come coming rent renting trust do deal dealing bank banking",
    "bad": "ruining ruined losing lost cancelling cancelled canceling delaying delay delays making leaving not wasting "
    "wasted breaking broken overcharging no missing screwing destroying ignoring",
    "fine": "great good nice brilliant awesome fantastic lovely amazing excellent wonderful stellar super fine superb",
    "kin": "mother mum mom father dad nan gran grandmother grandma grandfather grandad grandpa son daughter baby child",
    "person": "kid kids boy girl girls boys toddler passenger woman man lady gentleman widow sister brother wife "
    "husband aunt uncle neighbour friend twins grandson granddaughter",
    "someone_does": "is was has had who and with cant couldnt needs asked in on . !",
    "log": "log logs logged logging sign signed signing",
    "others": "someones someone_elses another_persons another_customers another_passengers other_peoples "
    "other_customers other_passengers strangers",
    "limb": "foot feet leg legs hand hands finger fingers arm arms ankle knee wrist shoulder head nose face toe toes",
    "medicine": "medication medications medicine medicines meds insulin inhaler epipen tablets",
    "my": "my our your_customers customer customers passengers everyones",
    "personal": "data details phone address addresses number numbers booking bookings account accounts card passport "
    "email emails information trips messages inbox profile invoice statement records",
    "exposed": "leak leaks leaked leaking expose exposed exposing published sold selling hacked stolen breached "
    "compromised",
    "thing": "pushchair pram buggy stroller wheelchair scooter bike bicycle coat glasses keys wallet purse camera "
    "guitar cello instrument backpack rucksack holdall trunk rings teddy hearing_aid belongings things stuff kayak",
    "fare": "coffee coffees tea teas beer pint pints water wine sandwich sandwiches wifi parking locker toilet trolley "
    "chips crisps soup pie burger pizza meal breakfast lunch dinner cake toast blanket cup bottle",
    "food": "food salad soup pizza burger meal sandwich drink bread chicken wrap dinner lunch sauce bottle dish",
    "place": "airport station gate platform runway tarmac motorway highway roadside terminal port island train plane "
    "bus city middle_of",
}

#: Words that turn what follows within three words.
NOT: Final = bag(
    """
    not no never none nothing neither nor without cannot cant dont doesnt didnt isnt wasnt arent werent wont wouldnt
    couldnt shouldnt hasnt havent hadnt aint hardly barely rarely zero
    """
)

#: Words behind a negation that take it back: "nothing but good things", "not only".
TAKES_BACK: Final = bag("but only just")

#: Words that make the next cue heavier, and lighter.
MORE: Final = bag(
    """
    very so really absolutely totally completely extremely utterly incredibly such truly beyond fucking bloody freaking
    insanely genuinely seriously super too
    """
)
LESS: Final = bag("bit slightly little somewhat kinda maybe fairly sort")

#: Words after which a post says what it is really about.
BUT: Final = bag("but however though although yet unfortunately except")
