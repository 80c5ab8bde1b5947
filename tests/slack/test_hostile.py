"""Hostile words on every surface: nobody is pinged, nothing is linked, nothing is refused."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.blocks import SECTION_LIMIT, section
from bot.slack.text import clean, cut, fit, say
from tests.slack import rules, surfaces
from tests.slack.hostile import TEXTS

#: Signs of which control sequences, escapes, formats and broken text are made.
SIGNS = st.text(
    st.one_of(
        st.sampled_from("<>&|!@#*_~`:;/\\^{}\n\u200b\u202e\u0301\u200d\ufe0f🏽a1 "),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=700,
)


def everywhere(words: str) -> None:
    for name, drawing, calls in surfaces.messages(words):
        try:
            rules.sent(drawing, calls=calls)
        except Exception as error:
            raise AssertionError(f"{name}: {error!r}") from error
    for name, view in surfaces.views(words):
        try:
            rules.opened(view)
        except Exception as error:
            raise AssertionError(f"{name}: {error!r}") from error


def test_there_are_more_than_a_hundred_of_them():
    assert len(TEXTS) >= 120


@pytest.mark.parametrize("words", TEXTS, ids=range(len(TEXTS)))
def test_hostile_words_stay_words_on_every_surface(words: str):
    everywhere(words)


@given(SIGNS)
def test_any_words_stay_words_on_every_surface(words: str):
    everywhere(words)


@pytest.mark.parametrize("words", ["", "x", "&" * 20_000, "𝕱" * 20_000, "\n" * 20_000, "<!channel>" * 2_000])
def test_every_surface_holds_the_least_and_the_most(words: str):
    everywhere(words)


@given(SIGNS, st.integers(min_value=1, max_value=60))
@example("\U0001f468\u200d\U0001f469\u200d\U0001f467", 2)
@example("e\u0301\u0301\u0301", 2)
def test_a_cut_never_ends_inside_a_sign(words: str, limit: int):
    shown = cut(clean(words), limit)

    assert len(shown) <= limit
    assert not shown.removesuffix("…").endswith("\u200d")


@given(SIGNS, st.integers(min_value=10, max_value=200))
def test_fitted_words_are_never_cut_inside_an_escape_or_a_link(words: str, limit: int):
    shown = fit(say("see <https://square.example/p1|this> {words}", words=words), limit)

    assert len(shown) <= limit
    assert "&" not in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert shown.count("<") == shown.count(">") <= 1


@given(SIGNS)
def test_a_section_is_never_empty_nor_too_long(words: str):
    block = section(say("{words}", words=words * 20))

    assert 1 <= len(block["text"]["text"]) <= SECTION_LIMIT
