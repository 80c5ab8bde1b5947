"""A stranger's values become ours, whatever they are."""

import time
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.mention import TEXT_LIMIT
from bot.feeds import values
from bot.feeds.addresses import is_public, on_this_machine
from bot.feeds.plaintext import from_html

AT = datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2017-10-31T22:10:47Z",
        "2017-10-31T22:10:47+00:00",
        "2017-10-31 22:10:47",
        "2017-10-31 22:10:47 UTC",
        "2017-10-31 22:10:47 GMT",
        "2017-10-31 22:10:47Z",
        "2017-10-31 14:10:47 -0800",
        "2017-11-01T00:10:47.000+02:00",
        "Tue Oct 31 22:10:47 +0000 2017",
        "Tue, 31 Oct 2017 22:10:47 +0000",
        "Tue, 31 Oct 2017 22:10:47 GMT",
        "  2017-10-31T22:10:47Z ",
        "1509487847",
        1509487847,
        1509487847.0,
        1509487847000,
        "1509487847000",
        1509487847000000,
    ],
)
def test_moments_are_understood(written):
    assert values.moment(written) == AT


@pytest.mark.parametrize(
    "written", ["", None, "soon", True, [], {}, "2017-13-45", "0001-01-01T00:00:00+23:59", 10**400]
)
def test_what_is_no_moment_is_none(written):
    assert values.moment(written) is None


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(anything)
def test_no_value_breaks_a_reading(value):
    at = values.moment(value)

    assert at is None or at.tzinfo is UTC
    assert len(values.text(value)) <= TEXT_LIMIT
    assert "\x00" not in values.text(value) + values.line(value)
    assert len(values.ident(value).encode()) <= values.ID_LIMIT
    assert 0 <= values.count(value) < 2**31
    assert len(values.lang(value)) in {0, 2}
    values.text(value).encode("utf-8")
    values.handle(value).encode("utf-8")
    values.visibility(value, missing=values.Visibility.UNKNOWN)
    values.flag(value)
    values.link(value)


@given(st.text(alphabet=st.sampled_from("2017-T: +Z.,OctTue0948"), max_size=30))
def test_nothing_that_looks_like_a_moment_breaks_a_reading(written):
    at = values.moment(written)

    assert at is None or at.tzinfo is UTC


@given(anything, st.text(alphabet="ab.0١", max_size=8))
def test_no_path_breaks_a_search(value, path):
    values.found_at(value, path)


@pytest.mark.parametrize(
    ("value", "count"), [("1200", 1200), (3.9, 3), (-4, 0), ("many", 0), (None, 0), (True, 0), (10**30, 2**31 - 1)]
)
def test_counts_are_never_negative_nor_too_large(value, count):
    assert values.count(value) == count


@pytest.mark.parametrize(
    ("value", "code"), [("en", "en"), ("pt-BR", "pt"), ("EN_us", "en"), ("und", ""), ("", ""), ("日本", ""), (7, "")]
)
def test_languages_are_two_letters(value, code):
    assert values.lang(value) == code


@pytest.mark.parametrize("value", ["javascript:alert(1)", "/p/1", "http://a b", "ftp://x", None])
def test_only_addresses_that_a_browser_may_open_are_links(value):
    assert values.link(value) == ""


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound to it
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses_are_told_from_private_ones(address, public):
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8765", True),
        ("http://localhost", True),
        ("http://[::1]/", True),
        ("http://127.0.0.1.example.com", False),
        ("http://10.0.0.1", False),
        ("nonsense", False),
        ("http://a:port", False),
    ],
)
def test_this_machine_is_told_from_others(url, here):
    assert on_this_machine(url) is here


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<p>Hi &amp; <b>bye</b></p>\n<p>2 < 3</p>", "Hi & bye\n2 < 3"),
        ("one<br/>two<!-- <p>no --> three", "one\ntwo three"),
        ("a<script>if (1 < 2) {'</p>'}</script>b<style>p {}", "ab"),
        ("a</script>b", "ab"),
        ("&lt;script&gt;", "<script>"),
        ("wrapped\nby an editor", "wrapped by an editor"),
        ("<![CDATA[kept]]>", "kept"),
        (None, ""),
        ("", ""),
    ],
)
def test_markup_becomes_what_a_reader_would_see(markup, plain):
    assert from_html(markup) == plain


@given(st.text(alphabet="<>/!-ab[]& \n", max_size=60))
def test_no_markup_breaks_the_reading(markup):
    from_html(markup)


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<script>", "</", "&amp", "<![CDATA[", "<p>"])
def test_hostile_markup_takes_time_in_proportion(piece):
    def cost(size):
        spans = []
        for _ in range(3):
            began = time.thread_time()
            from_html(piece * (size // len(piece)))
            spans.append(time.thread_time() - began)
        return min(spans)

    # Eight times the markup: about eight times the work; a parser that looks back needs sixty-four times.
    assert cost(160_000) < 32 * cost(20_000)
