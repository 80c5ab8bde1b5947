"""Words on their way to Slack and back: escaped once, cut well, and read as they were meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.slack.text import (
    Safe,
    address,
    clean,
    cut,
    dotted,
    ended,
    fit,
    from_slack,
    lines,
    link,
    moment,
    name,
    person,
    say,
)


@pytest.mark.parametrize(
    ("delivered", "meant"),
    [
        ("Fish &amp; chips &lt; 5 &gt; 3", "Fish & chips < 5 > 3"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("ask <@U0BEN00001|ben> today", "ask @ben today"),
        ("ask <@U0BEN00001> today", "ask @U0BEN00001 today"),
        ("see <#C0CARE0001|social-care>", "see #social-care"),
        ("<!here> and <!subteam^S0PR000001|@pr>", "@here and @pr"),
        ("<!subteam^S0PR000001>", "@subteam"),
        ("write to <mailto:care@harbourline.example|care@harbourline.example>", "write to care@harbourline.example"),
        ("call <tel:+4512345678|+45 12 34 56 78> or <tel:112>", "call +45 12 34 56 78 or 112"),
        ("<https://harbourline.example/a?b=1&amp;c=2>", "https://harbourline.example/a?b=1&c=2"),
        ("<https://harbourline.example|harbourline.example>", "https://harbourline.example"),
        (":wave: hello :ship::+1:", "👋 hello 🚢👍"),
        (":no_such_emoji: at 10:30:45", ":no_such_emoji: at 10:30:45"),
        ("two\nlines", "two\nlines"),
        ("", ""),
    ],
)
def test_typed_text_is_read_as_it_was_meant(delivered: str, meant: str):
    assert from_slack(delivered) == meant


def test_our_words_stand_and_theirs_are_made_inert():
    said = say("*{who}* says {words}", who=Safe("<@U1>"), words="<!channel> *hi* & :fire: @here")

    assert said.startswith("*<@U1>* says &lt;!channel&gt; ")
    assert "&amp;" in said and "*hi*" not in said and ":fire:" not in said and "@here" not in said


@pytest.mark.parametrize(
    "url",
    ["", "ftp://x.example", "javascript:alert(1)", "https://", "https://a b", "https://a|b", "https://a>b", "https://a\n",
     "https://a/\u202eexe", "x https://a", "https://a/" + "b" * 3_000],
)  # fmt: skip
def test_what_is_no_address_is_no_link(url: str):
    assert address(url) == ""
    assert link(url, "here") == "here"


def test_a_link_says_where_it_leads_and_nothing_else():
    assert link("https://a.example/?b=1&c=2", "<b>") == "<https://a.example/?b=1&amp;c=2|&lt;b&gt;>"


def test_people_and_groups_are_mentioned_by_id_only():
    assert person("U0ANA00001") == "<@U0ANA00001>"
    assert person("S0LEADS001") == "<!subteam^S0LEADS001>"
    assert person("!channel") == "!channel" and "<" not in person("<!channel>")


def test_a_moment_is_shown_in_the_readers_zone_with_utc_for_the_rest():
    at = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)

    assert moment(at) == f"<!date^{int(at.timestamp())}^{{time}}|2026-11-21 14:02 UTC>"


def test_what_misleads_the_eye_is_dropped():
    assert clean("a\u202eb\u200bc\x07d\ufeff") == "abcd"
    assert clean("one\r\ntwo\u2028three\rfour") == "one\ntwo\nthree\nfour"
    assert clean("Z" + "\u0301" * 50) == "Z" + "\u0301" * 3


def test_a_cut_keeps_whole_signs_and_says_so():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

    assert cut("short", 10) == "short"
    assert cut("a" * 20, 10) == "a" * 9 + "…"
    assert cut("abcd" + family + "efgh", 8) == "abcd…"


def test_pieces_are_joined_without_the_empty_ones():
    assert lines(say("a"), None, Safe(""), say("b")) == "a\nb"
    assert dotted(say("a"), None, say("b")) == "a · b"


def test_fitting_leaves_a_link_whole_or_out():
    whole = lines(say("x" * 10), link("https://a.example/b", "there"))

    assert fit(whole, 100) == whole
    assert fit(whole, 30) == "x" * 10 + "…"


@pytest.mark.parametrize(
    "handle", ["dunc_n_out", "ana@square.example", "team #1", "06:10", "10:30:45 to Northmole", "so: look"]
)
def test_a_name_or_an_hour_is_not_broken_over_two_lines(handle: str):
    """A zero-width space is a place where a browser breaks a line; the joiner is none."""
    said = say("{who}", who=handle)

    assert "\u200b" not in said
    assert said.replace("\u2060", "") == handle


@pytest.mark.parametrize("words", ["_so_", "a _so_ b", "*so*", "~so~", "`so`", "```so```", "_a_b_"])
def test_what_would_format_is_shown_by_a_sign_that_cannot(words: str):
    """Not by an invisible one beside it: the sandbox draws bold all the same, and of Slack accounts differ."""
    said = say("{words}", words=words)

    assert not set("*~`") & set(said)
    assert not said.startswith("_") and not said.endswith("_") and " _" not in said and "_ " not in said
    assert len(said) == len(words)


@pytest.mark.parametrize("words", [":fire:", "x:fire:y", "ends :fire", "https://evil.example"])
def test_what_would_turn_into_an_emoji_or_a_link_is_parted(words: str):
    assert "\u200b" in say("{words}", words=words)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("ana", "ana"),
        ("an\u200ba\u2060", "ana"),
        ("ana\n\n🔴 *P1 critical*", "ana 🔴 *P1 critical*"),
        ("a\tb\u00a0 c\u2028d", "a b c d"),
        ("\u3164\u2800\u115f", "(no name)"),
        ("\u200d\u200c \ufe0f", "(no name)"),
        ("", "(no name)"),
        ("ana \U0001f3f4\U000e0067\U000e0062\U000e007f", "ana \U0001f3f4\U000e0067\U000e0062\U000e007f"),
        ("ana\U000e0068\U000e0069", "ana"),
    ],
)  # fmt: skip
def test_a_strangers_name_is_one_line_that_can_be_seen(written: str, shown: str):
    assert name(written) == shown


def test_a_cut_stands_between_words_where_one_is_near():
    assert (
        cut("She's shaken but her ankle is only bruised. Nobody", 45) == "She's shaken but her ankle is only bruised…"
    )
    assert cut("my suitcases date of birth", 23) == "my suitcases date of…"
    assert cut("see " + "x" * 40, 30) == "see " + "x" * 25 + "…"


def test_a_sentence_ends_once():
    assert [ended("why"), ended("why."), ended("why?"), ended("why…")] == ["why.", "why.", "why?", "why…"]
