"""What staff read of a ground is a short phrase, not a bare cue."""

import pytest

from bot.triage.features import read
from bot.triage.quoting import phrase_around


def around(cue, text):
    """Return the phrase around the only word ``cue`` of ``text``."""
    post = read(text)
    at = post.words.index(cue)
    (said,) = post.quotes([phrase_around(post.words, at, at + 1)])
    return said


@pytest.mark.parametrize(
    ("cue", "text", "said"),
    [
        ("cancelled", "Cancelled", "Cancelled"),
        ("cancelled", "Late. Cancelled! Why", "Cancelled"),
        ("not", "I am (not joking, she asked me to describe it)", "I am not joking, she asked"),
        ("cancelled", "the six to Arden cancelled and nobody told us", "the six to Arden cancelled"),
        ("late", "it was cold and late and we left", "and late and"),
        ("lost", "they lost the of it", "they lost the"),
        ("waiting", "still waiting for my bag in the hall", "still waiting for my bag"),
        ("down", "look https://a.example/1 down http://b.example", "down"),
        ("slow", "pneumonoultramicroscopic slow " + "o" + "ab" * 30, "slow"),
        ("broken", 'She said "it is broken today', "She said it is broken today"),
        ("broken", "Hello @brand, the door is broken", "Hello, the door is broken"),
    ],
)
def test_a_cue_is_quoted_with_its_phrase(cue, text, said):
    assert around(cue, text) == said


def test_a_long_cue_stays_as_it_is_but_for_a_joint_at_its_end():
    words = ["one", "two", "three", "four", "five", "six", "seven", "and"]

    assert phrase_around(words, 0, 7) == (0, 7)
    assert phrase_around(words, 2, 8) == (2, 7)
