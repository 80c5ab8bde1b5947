"""What is personal in a text is hidden, and nothing else is touched."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.privacy.redact import Found, mask

ROOT = Path(__file__).parents[2]

CARDS = {
    "4111 1111 1111 1111": "[card ••11]",
    "4111-1111-1111-1111": "[card ••11]",
    "5555555555554444": "[card ••44]",
    "3782 822463 10005": "[card ••05]",
    "6304 0000 0000 0000": "[card ••00]",
    "4222222222222": "[card ••22]",
    "6212 3456 7890 1234 569": "[card ••69]",
    "12 4111111111111111 (exp 12/27, 123)": "12 [card ••11] (exp 12/27, 123)",
    "41\u200b11 1111\u2060 1111 1111": "[card ••11]",
    "４１１１ １１１１ １１１１ １１１１": "[card ••１１]",
    "https://pay.example/4111111111111111": "https://pay.example/[card ••11]",
}
EMAILS = {
    "mail mara.voss+x@mail.example.com.": "mail [e-mail].",
    "<jörg@müller.example>": "<[e-mail]>",
    "a@b.co,c@d.co": "[e-mail],[e-mail]",
    "mailto:x_y@sub.sub.example?subject=1": "mailto:[e-mail]?subject=1",
    "mara@\u200bpost.example": "[e-mail]",
}
PHONES = {
    "call +45 20 12 34 56 now": "call [phone ••56] now",
    "+49 (0)30 123456-78": "[phone ••78]",
    "0049 30 1234567": "[phone ••67]",
    "030/1234567": "[phone ••67]",
    "(020) 7946 0958": "[phone ••58]",
    "06.12.34.56.78": "[phone ••78]",
    "07700 900123": "[phone ••23]",
    "(555) 123-4567": "[phone ••67]",
    "1-800-555-0199": "[phone ••99]",
    "20 12 34 56": "[phone ••56]",
    "612 345 678": "[phone ••78]",
    "612 34 56 78": "[phone ••78]",
    "91 123 45 67": "[phone ••67]",
    "912 34 567": "[phone ••67]",
    "333 1234567": "[phone ••67]",
    "call me on 20123456": "call me on [phone ••56]",
    "call me before then: 555-0142": "call me before then: [phone ••42]",
    "Handy 0171 1234567": "Handy [phone ••67]",
    "mijn nummer is 12345678": "mijn nummer is [phone ••78]",
    "llámame al 612345678": "llámame al [phone ••78]",
    "WhatsApp: 5550142": "WhatsApp: [phone ••42]",
}
IBANS = {
    "IBAN DE89 3704 0044 0532 0130 00 please": "IBAN [IBAN ••00] please",
    "de89370400440532013000": "[IBAN ••00]",
    "GB82-WEST-1234-5698-7654-32": "[IBAN ••32]",
    "NO93 8601 1117 947": "[IBAN ••47]",
}
BOOKINGS = {
    "my booking K3X9ZQ": "my booking [booking]",
    "K3X9ZQ is my booking": "[booking] is my booking",
    "PNR: XKQPZT": "PNR: [booking]",
    "the reference is XKQPZT": "the reference is [booking]",
    "Buchung ABC12D fehlt": "Buchung [booking] fehlt",
    "réservation AB12CD": "réservation [booking]",
    "mi reserva A1B2C3": "mi reserva [booking]",
    "la prenotazione X1Y2Z3": "la prenotazione [booking]",
    "o bilhete 9X8Y7Z": "o bilhete [booking]",
    "mijn boeking Q1W2E3": "mijn boeking [booking]",
    "order AB-K3X9ZQ": "order AB-[booking]",
}

#: What looks a little like it and must be read: prices, days, counts, numbers of orders, posts and flights.
HARMLESS = (
    "€1 200 000,00 or 1,234,567 DKK or 750 123 456 kr",
    "612 345 678 euros",
    "in 2019 2020 2021 2023 and 2026-2027",
    "2015 2016 2017 2018",
    "on 21.11.2026 14.30, 2026-11-21 14:02, 03/04/2026 12 00",
    "03.04.26 14.30",
    "08:00-17:00 and 09.00-17.30",
    "order 482193847, order number 1234567, case 100234",
    "https://square.example/@mara/1460323737035677698",
    "tracking 00340434161094042557",
    "+1 000 000 views, 12 000 000 people, +12 000 000 more",
    "0000 0000 0000 0000",
    "4111 1111 1111 1112",
    "call 24/7 2026",
    "DE88370400440532013000",
    "QQ89 3704 0044 0532",
    "DE893704004405320130001",
    "DE89 3704",
    "@mara@mastodon.example and mara@home",
    "@harbourline @kit_osei",
    "my booking on LH1234 was cancelled",
    "the code SUMMER is over, PLEASE REFUND my booking",
    "order 123456",
    "ABC12D alone says nothing",
    "[card ••42] [e-mail]",
    "Deck 7, cabin 7214, 3 h 45 min, 17.42 to Elmsby, gate B12",
)

CASES = [*CARDS.items(), *EMAILS.items(), *PHONES.items(), *IBANS.items(), *BOOKINGS.items()]


@pytest.mark.parametrize(("text", "shown"), CASES, ids=range(len(CASES)))
def test_personal_data_is_hidden(text: str, shown: str):
    assert mask(text).text == shown


@pytest.mark.parametrize(
    ("texts", "kind"),
    [(CARDS, Found.CARD), (EMAILS, Found.EMAIL), (PHONES, Found.PHONE), (IBANS, Found.IBAN), (BOOKINGS, Found.BOOKING)],
)
def test_what_was_hidden_is_named(texts: dict[str, str], kind: Found):
    assert {mask(text).found for text in texts} == {(kind,)}


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_stays(text: str):
    assert mask(text) == mask(mask(text).text)
    assert mask(text).text == text and mask(text).found == ()


def test_all_kinds_are_named_once_and_in_order():
    whole = " and ".join(["K3X9ZQ is my booking", *list(PHONES)[:2], *EMAILS, *list(CARDS)[:3], *list(IBANS)[:2]])

    assert mask(whole).found == tuple(Found)


# --- how often it is wrong on what people really write


def _words(thing: Any) -> list[str]:
    if isinstance(thing, dict | list):
        return [word for one in (thing.values() if isinstance(thing, dict) else thing) for word in _words(one)]
    return [thing] if isinstance(thing, str) else []


def posts() -> list[str]:
    labelled = (ROOT / "tests" / "data" / "labelled_posts.jsonl").read_text().splitlines()
    demo = [path for folder in ("posts", "storms") for path in (ROOT / "bot" / "demo" / folder).glob("*.toml")]
    return [json.loads(line)["text"] for line in labelled] + [
        word for path in demo for word in _words(tomllib.loads(path.read_text()))
    ]


def test_of_all_our_own_posts_only_those_with_personal_data_change():
    changed = [text for text in posts() if mask(text).found]

    assert len(posts()) > 1_500
    assert len(changed) <= 3
    assert all("tel:" in text or "555-0142" in text for text in changed)


# --- laws

#: Pieces of which everything that is looked for is made.
PIECES = st.sampled_from(
    ["4111 1111 1111 1111", "+45 20 12 34 56", "a@b.co", "DE89 3704 0044 0532 0130 00", "booking", "K3X9ZQ", "ref",
     "call", "0", "1", "12", "2026", "06 12 34 56 78", " ", "-", ".", "+", "@", "/", "(", "x", "é", "\u200b", "[", "]",
     "••42", "[card ••42]", "[e-mail]", "\n", "٣", "PNR: XKQPZT", "20 12 34 56", "555-0142", ","]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=30).map("".join)
PROSE = st.text(st.sampled_from("abcdefghij XYZ.,!?äéñ\n"), max_size=60)


@given(TEXTS)
@example("+4512345678+4512345678+4512345678+4512345678")
def test_hiding_twice_hides_nothing_more(text: str):
    once = mask(text)

    assert mask(once.text).text == once.text


@given(TEXTS)
def test_a_text_grows_to_less_than_twice_its_length(text: str):
    assert len(mask(text).text) <= 2 * len(text)


@given(PROSE, st.sampled_from(["4111 1111 1111 1111", "+4520123456", "DE89370400440532013000"]), PROSE)
def test_no_run_of_digits_of_what_was_found_survives(before: str, number: str, after: str):
    shown = mask(f"{before} {number} {after}")

    assert shown.found
    assert not re.search(r"\d{3}", shown.text)


@given(st.text(st.characters(exclude_characters="@", exclude_categories=["Nd", "Lu"])))
def test_a_text_without_digits_capitals_and_at_signs_is_unchanged(text: str):
    assert mask(text).text == text and mask(text).found == ()


@given(st.lists(st.integers(0, 9), min_size=12, max_size=18).filter(any), st.sampled_from(["", " ", "-"]))
def test_every_number_that_luhn_proves_is_hidden(digits: list[int], gap: str):
    doubled = [sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(reversed(digits))]
    number = [*digits, -sum(doubled) % 10]
    groups = ["".join(map(str, number[start : start + 4])) for start in range(0, len(number), 4)]

    shown = mask(f"card: {gap.join(groups)}!").text

    assert not re.search(r"\d{5}", re.sub(r"[ -]", "", shown)) or all(re.match("19|20", one) for one in groups)


@pytest.mark.parametrize(
    "piece",
    ["1 ", "1", "a@", "a", "A1", "+1", "0 ", "AB12 ", "DE89", "4111 1111 1111 1111 ", "call ", "booking ABC12D ",
     "a@b.co", ".1", "+4512345678", "[card ••42]", "\u200b1", "+1 (", "01-", "ref ABCDEF "],
)  # fmt: skip
def test_long_texts_are_worked_on_in_bounded_steps(piece: str):
    """Twenty thousand signs of the worst kind: a search that squared would need minutes."""
    whole = (piece * 20_000)[:20_000]

    shown = mask(whole)

    assert mask(shown.text).text == shown.text
