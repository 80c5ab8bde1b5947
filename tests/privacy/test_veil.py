"""The copies that people look at: without personal data, or without any words."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ids import CaseId, MentionId
from bot.domain.mention import Author
from bot.domain.verdict import Kept, Reason, Verdict
from bot.privacy.veil import WITHHELD, veiled, withheld
from tests.fakes.posts import complaint, mention

CARD = "4111 1111 1111 1111"


def kept(text: str, *quoted: str) -> Kept:
    verdict: Verdict = replace(complaint(), reasons=tuple(Reason("money", words, 1.0) for words in quoted))
    return Kept(MentionId(1), mention(text), verdict, CaseId(1))


def test_a_veiled_copy_hides_what_is_personal_in_text_and_reasons():
    shown = veiled(kept(f"you charged {CARD} twice", f"charged {CARD}", "1111 1111 twice", "twice"))

    assert shown.mention.text == "you charged [card ••11] twice"
    assert [reason.words for reason in shown.verdict.reasons] == ["charged [card ••11]", "", "twice"]
    assert shown.hidden == ("a card number",) and not shown.withheld


def test_the_post_that_is_answered_is_veiled_too():
    asked = kept("it is this one")
    asked = replace(asked, mention=replace(asked.mention, parent=f"@ole: which card? {CARD}"))

    assert veiled(asked).mention.parent == "@ole: which card? [card ••11]"


def test_a_text_that_holds_nothing_personal_is_the_same_copy():
    plain = kept("my bag is lost since 2026", "2026")

    assert veiled(plain) == plain


def test_the_author_is_named_as_the_platform_names_them():
    one = kept("hello")
    one = replace(one, mention=replace(one.mention, author=Author(handle="4111111111111111", name="a@b.example")))

    assert veiled(one).mention.author == one.mention.author


def test_a_withheld_copy_has_none_of_the_words():
    secret = kept(f"secret {CARD}", "secret")
    photos = replace(secret.mention, photo_urls=("https://square.example/1.jpg",), parent="@ole: your secret")
    hidden = withheld(veiled(replace(secret, mention=photos)))

    assert hidden.mention.photo_urls == () and hidden.mention.parent == ""
    assert hidden.mention.text == WITHHELD and hidden.withheld and hidden.hidden == ()
    assert [reason.words for reason in hidden.verdict.reasons] == [""]
    assert hidden.verdict.reasons[0].family == "money"
