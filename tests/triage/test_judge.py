"""The guards of judge: whatever is written, a verdict comes back, the same one, and it adds up."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.verdict import Kind, Urgency
from bot.triage.cues import FAMILIES
from bot.triage.scorer import BASE, judge
from tests.triage.posts import LABELLED, judged, said

HANDLE = re.compile(r"@\w+(?:\.example)?")

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
    "stranded": "We are stranded, the last ferry is gone",
    "vulnerable": "My elderly mother is in a wheelchair and needs her insulin",
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
def test_reasons_add_up_strongest_first_in_the_authors_words(post):
    verdict = judged(post["text"])

    weights = [abs(reason.weight) for reason in verdict.reasons]
    assert weights == sorted(weights, reverse=True)
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
