"""The first minutes of the demo: what a newcomer sees is judged rightly."""

import pytest

from bot.demo.script import load
from bot.domain.verdict import Kind, Urgency
from tests.triage.posts import judged

SCRIPT = load()
OPENING = [beat for beat in SCRIPT if not beat.again][:20]


def verdict(post):
    """Return what judge says of a post of the demo."""
    return judged(post.text, lang=post.lang)


@pytest.mark.parametrize("beat", OPENING, ids=lambda beat: beat.post.id)
def test_the_hand_label_and_judge_agree(beat):
    assert verdict(beat.post).flagged is beat.post.complaint


def test_no_praise_becomes_a_card():
    praise = [beat.post for beat in OPENING if beat.post.kind == "praise"]

    assert len(praise) >= 2
    assert [post.id for post in praise if verdict(post).flagged] == []


def test_something_urgent_comes_within_the_first_minute():
    early = [beat.post for beat in SCRIPT if beat.due_s - SCRIPT[3].due_s < 60]

    assert any(
        post.complaint and verdict(post).kind is Kind.COMPLAINT and Urgency.SAFETY in verdict(post).urgency
        for post in early
    )


def test_the_first_two_minutes_show_every_sort_of_post():
    early = [beat.post for beat in SCRIPT if beat.due_s - SCRIPT[3].due_s < 120]

    assert {post.kind for post in early} >= {"plain", "irony", "question", "praise", "safety", "refund"}
    assert any(post.lang == "de" for post in early)


def test_kindness_to_an_old_lady_is_no_emergency_anywhere_in_the_demo():
    english = [beat.post for beat in SCRIPT if beat.post.kind == "praise" and beat.post.lang == "en"]

    assert [post.id for post in english if verdict(post).urgency] == []
