"""A phrase is found in every way it may be said, and not across a sentence end."""

import pytest

from bot.triage.phrases import Phrases


def found(phrase, text):
    phrases = Phrases({"span": "hour week", "team": "customer_service staff"}, [(phrase, phrase)])
    return [(hit.start, hit.end) for hit in phrases.find(text.split())]


@pytest.mark.parametrize(
    ("phrase", "text", "places"),
    [
        ("no reply", "still no reply", [(1, 3)]),
        ("no reply|answer", "no answer no reply", [(0, 2), (2, 4)]),
        ("no clear? reply", "no clear reply", [(0, 3)]),
        ("no clear? reply", "no reply", [(0, 2)]),
        ("rude {team}", "rude customer service", [(0, 3)]),
        ("rude {team}", "rude staff", [(0, 2)]),
        ("charge~ twice", "charging twice", [(0, 2)]),
        ("stop~ me", "stopped me", [(0, 2)]),
        ("carry~ on", "carries on", [(0, 2)]),
        ("want ... refund", "want refund", [(0, 2)]),
        ("want ... refund", "want my full whole refund", [(0, 5)]),
        ("want ... refund", "want my one full whole refund", []),
        ("want ... refund", "want . refund", []),
        ("want ... refund", "want", []),
        ("want ... refund", "want a", []),
    ],
)
def test_a_phrase_is_found(phrase, text, places):
    assert found(phrase, text) == places


def test_phrases_share_their_beginning():
    phrases = Phrases({}, [("no ... reply", "ignored"), ("no ... refund", "money")])

    assert [hit.cue for hit in phrases.find(["no", "such", "refund"])] == ["money"]


def test_a_set_that_is_not_there_is_refused():
    with pytest.raises(KeyError):
        Phrases({}, [("{nowhere}", "x")])
