"""The guards of judge: whatever is written, a verdict comes back, the same one, and it adds up."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.verdict import Kind, Urgency
from bot.triage.book import book, written
from bot.triage.cues import FAMILIES
from bot.triage.scorer import BASE, judge
from tests.triage.posts import LABELLED, judged, said

HANDLE = re.compile(r"@\w+(?:\.example)?")

#: Families that tell staff little.
SETTING = {"something not right", "about the service", "speaks to the company"}

#: A post for every family in which it is the strongest ground.
TOP_REASON = {
    "waiting": "Still waiting, and it has been six weeks",
    "ignored": "No reply to my messages from anyone at your desk",
    "again and again": "This is the fourth time, it keeps happening, the same problem again",
    "cancelled": "They cancelled our crossing and my flight was cancelled too",
    "lost or late delivery": "The parcel never arrived, it is lost",
    "broken": "The app does not work, it keeps crashing with an error message",
    "money": "You charged me twice and I want a full refund",
    "cost": "A fee for the luggage trolley, and a fee for the seat",
    "rude staff": "The man at the desk was rude and shouted at us",
    "let down": "Terrible, the worst crossing we ever had",
    "angry": "I am livid 😡",
    "shouting": "THE BLUE DOOR",
    "leaving": "I will never use them again, cancelling my subscription",
    "sarcasm": "Oh great, just what I needed 🙄",
    "asking why": "Why is my cabin next to the engine?",
    "asks for help": "Please help, someone sort this out",
    "not as promised": "It was nothing like advertised",
    "something not right": "Nothing on the screen, nowhere to sit",
    "about the service": "I bought a ticket at the counter of the shop",
    "speaks to the company": "Your customer service and your website",
    "safety": "The ramp is dangerous and my son got injured",
    "legal": "You will hear from my solicitor, see you in court",
    "privacy": "I can see another customer's booking and their address was leaked",
    "stranded": "We are stranded, the last ferry is gone",
    "vulnerable": "My elderly mother is in a wheelchair and has dementia",
    "stuck now": "Stuck in the car deck, trapped behind a lorry as we speak",
    "thanks": "Many thanks to the crew, much appreciated",
    "praise": "Wonderful trip, I love this boat",
    "plain question": "How do I add a bicycle? Is there a form?",
    "advertisement or noise": "Giveaway! Use code SEA10 and win a weekend",
}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_family_can_be_the_first_thing_staff_read(family):
    text = TOP_REASON[family.name]

    first = judged(text, lang="en").reasons[0]

    assert first.family == family.name
    assert first.words.lower() in text.lower()


def test_family_names_are_short_words_for_people():
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)
    assert all(family.name.replace(" ", "").isalpha() and len(family.name) <= 24 for family in FAMILIES)


def test_there_are_hundreds_of_cues():
    assert sum(1 for family in FAMILIES for _ in family.phrases()) >= 300


@pytest.mark.parametrize(
    ("urgency", "text"),
    [
        (Urgency.SAFETY, "Your toaster caught fire"),
        (Urgency.LEGAL, "I have spoken to my lawyer and want my money"),
        (Urgency.SAFETY, "There are no lifejackets on deck five"),
        (Urgency.STRANDED, "The boat left without us and the desk is shut"),
        (Urgency.STRANDED, "We are stranded at the station, no bus, nobody here"),
        (Urgency.VULNERABLE, "My disabled father has no heating, still no engineer"),
        (Urgency.STUCK, "Stuck in your lift since noon"),
        (Urgency.MONEY, "You charged me twice and nobody answers"),
        (Urgency.SAFETY, "You served my son a cookie although he has a nut allergy"),
        (Urgency.SAFETY, "The menu said no dairy. I am allergic and it had milk in it"),
        (Urgency.SAFETY, "All of us were sick after eating your prawns"),
        (Urgency.SAFETY, "I left my insulin in the room and reception is shut"),
        (Urgency.SAFETY, "A loose handrail on your stairs, and nobody cares"),
        (Urgency.SAFETY, "My foot went straight through the floor of your tram"),
        (Urgency.VULNERABLE, "Dad missed his chemotherapy because the taxi never came"),
        (Urgency.VULNERABLE, "I am 81 and still waiting for an answer"),
        (Urgency.VULNERABLE, "My mother (86) waited two hours for a chair"),
        (Urgency.VULNERABLE, "My 4 year old is crying and nobody helps"),
        (Urgency.VULNERABLE, "Three emails about my lost hearing aid and no reply"),
        (Urgency.LEGAL, "Logged in as somebody else. I see her phone number"),
        (Urgency.LEGAL, "You sent me another customer's invoice with the address on it"),
        (Urgency.LEGAL, "So you leaked our passport details"),
        (Urgency.LEGAL, "Who else can see my bookings in your app?"),
    ],
)
def test_what_presses_is_said(urgency, text):
    verdict = judged(text)

    assert verdict.kind is Kind.COMPLAINT
    assert urgency in verdict.urgency


@pytest.mark.parametrize(
    "text", ["Love this, my disabled son had the best day", "lol stuck on level 9", "no fire, love it"]
)
def test_praise_and_chatter_press_nobody(text):
    assert judged(text).urgency == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "My four-year-old phone logs me out of your app, still no fix",
        "I'm 80 minutes late because of you",
        "My son paid 40 pounds for a broken seat",
        "The fare is 85 and still no refund",
        "Your 90 year old building has no hot water",
    ],
)
def test_the_age_of_things_and_other_numbers_are_nobodys_age(text):
    assert Urgency.VULNERABLE not in judged(text).urgency


@pytest.mark.parametrize(
    "text",
    [
        "My mother (86) was met at the door, given a blanket and asked twice if she needed anything. 10/10",
        "Your crew carried my disabled dad's bags and made his day. Ten out of ten, no notes",
        "She stayed on after her shift to walk my elderly aunt home",
    ],
)
def test_kindness_to_a_vulnerable_person_is_praise(text):
    assert judged(text).kind is Kind.PRAISE


def test_who_needs_care_does_not_make_praise_mere_manners():
    praise = {reason.family: reason.weight for reason in judged("Great day out with my blind dad").reasons}

    assert praise["praise"] == pytest.approx(-1.2)


@pytest.mark.parametrize(
    "text",
    [
        "My bag is lost",
        "Our suitcases went missing in Arden",
        "my pushchair is missing",
        "£7 for a cup of tea",
        "12.50 euros for a sandwich",
        "WHY IS THERE ONE LIFT FOR A TOWER OF FORTY FLOORS",
    ],
)
def test_a_loss_or_a_price_told_in_one_line_is_a_complaint(text):
    assert judged(text).kind is Kind.COMPLAINT


def test_called_off_is_cancelled_and_no_unanswered_call():
    families = {reason.family for reason in judged("The show was called off").reasons}

    assert families == {"cancelled"}


@pytest.mark.parametrize("text", ["10/10", "Ten out of ten", "10 out of 10!"])
def test_full_marks_are_praise_and_half_marks_are_not(text):
    assert judged(text, lang="en").kind is Kind.PRAISE
    assert judged("5 out of 10, on 10/10/26", lang="en").kind is Kind.NOISE


def test_a_reason_is_quoted_as_a_phrase_that_tells_something():
    reasons = judged(
        "The 6:10 to Arden was cancelled and nobody on the platform knew. It cost me £31.50 again!"
    ).reasons

    assert {reason.words for reason in reasons} >= {"The 6:10 to Arden was cancelled", "It cost me £31.50 again"}


@pytest.mark.parametrize("post", LABELLED, ids=lambda post: post["id"])
def test_a_brands_handle_does_not_move_the_score(post):
    bare = judged(post["text"].replace("@", "@brand_"), tagged=True)
    none = judged(HANDLE.sub("", post["text"]), tagged=True)
    there = judged("@harbourline " + post["text"], tagged=True)

    assert bare == judged(post["text"], tagged=True) == there
    assert none.kind is Kind.UNSURE or none.score == pytest.approx(there.score)


def test_a_brands_name_in_a_cue_is_none_of_ours():
    assert judged("Harbourline lost my bag").score == judged("Blorfwick lost my bag").score


@pytest.mark.parametrize("post", LABELLED, ids=lambda post: post["id"])
def test_reasons_add_up_strongest_first_with_the_setting_at_the_end(post):
    verdict = judged(post["text"])

    weights = [(reason.family in SETTING, -abs(reason.weight)) for reason in verdict.reasons]
    assert weights == sorted(weights)
    assert all(0 < len(reason.words) <= 60 for reason in verdict.reasons)
    if verdict.kind is not Kind.UNSURE:
        assert verdict.score == pytest.approx(BASE + sum(reason.weight for reason in verdict.reasons))
        assert (verdict.kind is Kind.COMPLAINT) == (verdict.score > 0)


@pytest.mark.parametrize("post", LABELLED, ids=lambda post: post["id"])
def test_upper_case_keeps_a_complaint_a_complaint(post):
    if judged(post["text"]).kind is Kind.COMPLAINT:
        assert judged(post["text"].upper()).flagged


@pytest.mark.parametrize(
    "text",
    [
        "teh pakcage nevr arived!! waht is goign on",
        "I am realy dissapointed with teh costumer servce",
        "still no refundd, nvr agian",
        "cant log in, pls fix",
    ],
)
def test_typing_errors_do_not_hide_a_complaint(text):
    assert judged(text, lang="en").kind is Kind.COMPLAINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00still waiting\x00",
        "\ud800 no reply \udfff",
        "😡" * 10_000,
        "not " * 2_500,
        "been no can get has left " * 420,
        "@" * 10_000,
        "a." * 5_000 + "@",
        "#" + "worst" * 2_000,
        "http://" * 1_500,
        "\ufdfa" * 10_000,
        "a" + "\u0301" * 9_999,
        "\u200b" * 10_000,
        "שלום " * 2_000,
        "?!" * 5_000,
        "'" * 10_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_texts_are_judged_like_any_other(text):
    assert judged(text) == judged(text)


@given(st.text(max_size=400), st.sampled_from(["", "en", "de", "xx-YY", "🙂"]), st.booleans())
def test_any_text_is_judged_and_twice_the_same(text, lang, tagged):
    mention = said(text, lang=lang, tagged=tagged)

    assert judge(mention) == judge(mention)


@given(st.lists(st.sampled_from(sorted({word for text in TOP_REASON.values() for word in text.split()})), max_size=40))
def test_any_mixture_of_cues_adds_up(words):
    verdict = judged(" ".join(words), lang="en")

    total = BASE + sum(reason.weight for reason in verdict.reasons)
    assert verdict.kind is Kind.UNSURE or verdict.score == pytest.approx(total)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.QUESTION, "What time does the shop open on Sunday?"),
        (Kind.PRAISE, "Lovely crew, thank you so much"),
        (Kind.NOISE, "Just walked past the old harbour"),
        (Kind.NOISE, "Giveaway! Win a weekend, link in bio"),
        (Kind.COMPLAINT, "Could you kindly tell me why my refund has not come yet? Thank you."),
    ],
)
def test_each_kind_has_its_name(kind, text):
    assert judged(text).kind is kind


def test_the_book_of_cues_is_written_once_however_many_threads_begin_to_judge():
    written.cache_clear()
    together = Barrier(4)

    with ThreadPoolExecutor(4) as threads:
        books = list(threads.map(lambda _: together.wait() >= 0 and book(), range(4)))

    assert len(set(map(id, books))) == 1
