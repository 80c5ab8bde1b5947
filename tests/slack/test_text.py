"""Words on their way to Slack and back: escaped once, cut well, and read as they were meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.slack.text import Safe, address, clean, cut, dotted, fit, from_slack, lines, link, moment, person, say


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
