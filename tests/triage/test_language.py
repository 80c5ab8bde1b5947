"""What nobody here can judge goes to a person, with the reason."""

import pytest

from bot.domain.verdict import Kind
from tests.triage.posts import judged


@pytest.mark.parametrize(
    "text",
    [
        "Mein Koffer ist weg und niemand weiß wo er ist",
        "Toujours pas de remboursement, c'est une honte pour une banque",
        "Llevo tres horas esperando y nadie me contesta",
        "Ho aspettato due ore e non mi ha risposto nessuno",
        "Ik wacht al weken op een antwoord van jullie",
        "Estou sem internet desde ontem e ninguém responde",
        "他们弄丢了我的行李",
        "мне никто не отвечает уже неделю",
        "لا أحد يرد على الهاتف",
        "कोई जवाब नहीं",
    ],
)
def test_other_languages_are_for_a_person(text):
    verdict = judged(text)

    assert verdict.kind is Kind.UNSURE
    assert verdict.flagged
    assert verdict.score == 0


def test_the_feeds_word_for_another_language_settles_it():
    verdict = judged("The refund never came", lang="de-AT")

    assert verdict.kind is Kind.UNSURE
    assert verdict.reasons[0].words == "language: de"


@pytest.mark.parametrize("lang", ["", "en", "en-GB", "EN_us", "und"])
def test_english_is_judged(lang):
    assert judged("The refund never came", lang=lang).kind is Kind.COMPLAINT


def test_a_feeds_word_for_english_does_not_hide_another_script():
    assert judged("まだ返事がありません", lang="en").kind is Kind.UNSURE


def test_words_nobody_knows_are_for_a_person_unless_the_feed_says_english():
    assert judged("Blorf snark wibble quonk zed").kind is Kind.UNSURE
    assert judged("Blorf snark wibble quonk zed", lang="en").kind is Kind.NOISE


@pytest.mark.parametrize("text", ["@brand", "@brand https://a.example/1", "", "@brand 🍕", "12 34", "@brand ..."])
def test_nothing_to_judge_is_for_a_person_only_when_we_were_called(text):
    assert judged(text, tagged=True).kind is Kind.UNSURE
    assert judged(text, tagged=False).kind is Kind.NOISE


def test_an_emoji_that_speaks_is_judged():
    assert judged("@brand 😡😡", tagged=True).kind is Kind.COMPLAINT


def test_one_foreign_word_makes_no_foreign_post():
    assert judged("The café lost my order").kind is Kind.COMPLAINT
    assert judged("Still no refund, señor").kind is Kind.COMPLAINT
