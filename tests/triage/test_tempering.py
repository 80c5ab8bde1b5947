"""What stands around a cue changes what it weighs."""

import pytest

from tests.triage.posts import judged


def weight(text, family):
    """Return what ``family`` adds in ``text``; zero when it is not a ground."""
    return sum(reason.weight for reason in judged(text, lang="en").reasons if reason.family == family)


@pytest.mark.parametrize("text", ["The staff was not good", "It never was great", "I don't love it", "not so helpful"])
def test_praise_denied_is_a_let_down(text):
    assert weight(text, "praise") == 0
    assert weight(text, "let down") > 0


@pytest.mark.parametrize(
    "text", ["nothing but great things to say", "not only great, also cheap", "Not sure. Great ride"]
)
def test_a_not_that_means_something_else_leaves_praise_alone(text):
    assert weight(text, "praise") < 0


def test_a_not_on_the_other_side_of_a_but_does_not_reach():
    assert weight("not cheap but great", "praise") < 0


@pytest.mark.parametrize(
    "text",
    ["no complaints", "can't fault them", "never had a single problem", "couldn't be happier", "no hassle at all"],
)
def test_a_denied_fault_is_praise(text):
    assert weight(text, "praise") < 0
    assert judged(text, lang="en").score < 0


def test_a_fault_denied_is_no_fault():
    assert weight("it is not broken", "broken") == 0


def test_money_denied_is_as_much_about_money():
    assert weight("they did not refund me", "money") > 0


@pytest.mark.parametrize("more", ["very", "so", "absolutely", "really really"])
def test_words_of_degree_make_it_heavier(more):
    assert weight(f"the man was {more} rude", "rude staff") > weight("the man was rude", "rude staff")


def test_words_of_little_make_it_lighter():
    assert weight("the man was a bit rude", "rude staff") < weight("the man was rude", "rude staff")


def test_what_follows_a_but_counts_more_than_praise_before_it():
    assert weight("great boat but the toilets", "praise") > weight("the toilets but great boat", "praise")


def test_a_longer_cue_swallows_the_words_inside_it():
    assert weight("thanks for nothing", "thanks") == 0
    assert weight("thanks for nothing", "sarcasm") > 0


def test_a_stronger_word_inside_a_weaker_cue_stays():
    assert weight("your appalling customer service", "let down") >= 2


def test_thanks_beside_a_grievance_are_manners():
    alone = weight("Thank you", "thanks")
    beside = weight("Still no refund, nobody replies. Thank you", "thanks")

    assert alone < beside < 0


def test_five_synonyms_are_hardly_more_than_two():
    two = weight("awful, horrible", "let down")
    five = weight("awful, horrible, terrible, dreadful, appalling", "let down")

    assert two < five < 1.4 * two


def test_a_run_of_capitals_is_a_shout_and_a_name_is_not():
    assert weight("WHERE ARE YOU GUYS", "shouting") > 0
    assert weight("the IKEA shop in LEAFORD", "shouting") == 0
    assert weight("ABC and then a lot of other words, DEF and again many more of them, GHI", "shouting") == 0


def test_an_emoji_turns_praise_into_sarcasm():
    assert judged("Great service 🙄 two hours", lang="en").score > judged("Great service, two hours", lang="en").score
