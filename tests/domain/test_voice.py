"""Signatures, ready-made words, and texts that many people were given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import CaseId, StaffId
from bot.domain.mention import Author
from bot.domain.reply import text_trouble
from bot.domain.staff import Staff
from bot.domain.voice import Template, Voice, alike, initials, sameness, unfilled, words_of
from tests.fakes.people import ANA, BEN
from tests.fakes.posts import OPEN_TERMS, mention

SIGNS = Voice(signs=True, signatures={BEN.id: "^Ben"})
HELLO = Template(name="Hello", text="Hello {name}, this is case {case} of @{account}. {dm_link} {signature}")


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Ana", "^AN"),
        ("Ana Silva", "^AS"),
        ("ana maria de silva", "^AS"),
        ("Ø", "^Ø"),
        ("王芳", "^王芳"),
        ("J.", "^J"),
        ("🚢", ""),
    ],
)
def test_initials_are_made_of_the_name(name: str, mark: str):
    assert initials(name) == mark


def test_a_reply_is_signed_once_whoever_wrote_the_signature():
    assert SIGNS.signed("We are on it. ", ANA) == "We are on it. ^AN"
    assert SIGNS.signed("We are on it. ^AN", ANA) == "We are on it. ^AN"
    assert SIGNS.signed("We are on it. ^cleo", ANA) == "We are on it. ^cleo"
    assert SIGNS.signed("^AN here: we are on it.", ANA) == "^AN here: we are on it."
    assert SIGNS.signed("We are on it.", BEN) == "We are on it. ^Ben"
    assert SIGNS.signed(" ", BEN) == " "
    assert Voice().signed("We are on it.", ANA) == "We are on it."


@given(st.text(max_size=40), st.sampled_from([ANA, BEN, Staff(StaffId("U0SHIP0001"), "🚢")]))
def test_signing_twice_changes_nothing(text: str, by: Staff):
    once = SIGNS.signed(text, by)

    assert SIGNS.signed(once, by) == once


def test_a_template_is_offered_where_its_language_and_network_fit():
    everywhere, danish = Template(name="a", text="x"), Template(name="b", text="x", lang="da")
    square, private = Template(name="c", text="x", network="SQUARE"), Template(name="d", text="{dm_link}")
    voice = Voice(templates=(everywhere, danish, square, private))

    assert voice.fitting(mention(lang="en")) == [everywhere, square]
    assert voice.fitting(mention(lang="da", platform="Blog")) == [everywhere, danish]
    assert voice.fitting(mention()) == [everywhere, danish, square]
    led = Voice(templates=(private,), dm_links={"square": "https://square.example/@us"})
    assert led.fitting(mention()) == [private] and led.fitting(mention(platform="Blog")) == []


def test_a_template_is_filled_with_what_is_known():
    voice = Voice(templates=(HELLO,), dm_links={"square": "https://square.example/@us"})

    filled = voice.filled(HELLO, mention(), case_id=CaseId(12), by=ANA)

    assert filled == "Hello Mara, this is case 12 of @harbourline. https://square.example/@us ^AN"


def test_what_nobody_knows_stays_in_braces_and_keeps_the_reply_from_leaving():
    unnamed = mention(author=Author(handle="mara"))

    filled = Voice().filled(HELLO, unnamed, case_id=CaseId(12), by=ANA)

    assert "Hello {name}, this is case 12" in filled and "{dm_link}" in filled
    assert text_trouble(filled, OPEN_TERMS) == "Put something in the place of {name}, or take it out."
    assert unfilled("Hello { Name }!") == "{ Name }"
    assert text_trouble("A set {1, 2} and {you}", OPEN_TERMS) == ""


def test_a_strangers_name_is_filled_in_as_it_is_and_not_read_as_a_template():
    named = mention(author=Author(handle="mara", name="{case} {dm_link}"))

    assert Voice().filled(Template(name="a", text="Hello {name}"), named, case_id=CaseId(1), by=ANA) == (
        "Hello {case} {dm_link}"
    )


def test_a_template_fills_an_empty_field_takes_another_ones_place_and_follows_what_was_typed():
    sorry, thanks = Template(name="Sorry", text="Sorry, {name}."), Template(name="Thanks", text="Thank you, {name}.")
    voice = Voice(templates=(sorry, thanks))

    def choose(name: str, typed: str) -> str:
        return voice.started(name, typed, mention(), case_id=CaseId(1), by=ANA)

    assert choose("Sorry", "") == "Sorry, Mara."
    assert choose("Thanks", " Sorry, Mara. ") == "Thank you, Mara."
    assert choose("Thanks", "It is on the boat.") == "It is on the boat.\n\nThank you, Mara."
    assert choose("Sorry", "Sorry, Mara. It is on the boat.") == "Sorry, Mara. It is on the boat."
    assert choose("Unknown", "It is on the boat.") == "It is on the boat."


SORRY = "We are very sorry about your bag, @mara. Please write to us in private. ^AN"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SORRY, "We are VERY sorry about your bag, @jon! Please write to us in private."),
        (f"Hello Mara! {SORRY}", f"Hello Jon! {SORRY}"),
        ("Thank you!", "thank you"),
    ],
)
def test_texts_are_the_same_but_for_a_word_in_ten(one: str, other: str):
    assert alike(words_of(one), words_of(other))


@pytest.mark.parametrize(("one", "other"), [(SORRY, "Your cabin was sold twice, and we pay it back."), ("", "")])
def test_other_texts_are_not_the_same(one: str, other: str):
    assert not alike(words_of(one), words_of(other))


def test_a_warning_begins_with_the_third_person():
    assert sameness(1) == ""
    assert sameness(2) == "The same words, or nearly, went to 2 people in the last hour."
