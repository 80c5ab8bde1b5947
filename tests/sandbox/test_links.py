"""Which links show another label than their target."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.links import links
from bot.sandbox.text import escape
from tests.sandbox.stage import ANA, CARE, button, card, modal


def section(text, kind="mrkdwn"):
    return {"type": "section", "text": {"type": kind, "text": text}}


def rich(**link):
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [{"type": "link", **link}]}]}


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example and evil.example",
        "<https://evil.example>",
        "<https://evil.example|>",
        "<https://square.example/7|square.example>",
        "<https://www.square.example/7|https://square.example/8>",
        "<https://square.example:8080/|Read on SQUARE.example>",
        "<mailto:care@square.example|care@square.example>",
        "<tel:+4912345|+4912345>",
        "<http://[::1]:8080/|[::1]>",
        f"<@{ANA}|somebody else> <#{CARE}|elsewhere> <!subteam^S0LEADS001|@all> <!here|all>",
        "<!date^1800000000^{date}|tomorrow>",
        "&lt;https://evil.example|square.example&gt;",
    ],
)
def test_a_link_that_says_where_it_leads_is_honest(text):
    assert links({"text": text, "blocks": [section(text)]}) == []


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("<https://evil.example|our offer>", "evil.example"),
        ("<https://evil.example|square.example>", "evil.example"),
        ("<https://evil.example|https://square.example/evil.example>", "evil.example"),
        ("<https://evil.example|square.example@evil.example>", "evil.example"),
        ("<https://square.example@evil.example/|square.example>", "evil.example"),
        ("<https://evil.example\\@square.example|square.example>", "evil.example"),
        ("<https://are.example|square.example>", "are.example"),
        ("<https://square.example.evil.example|square.example>", "square.example.evil.example"),
        ("<https://square.example|news.square.example>", "square.example"),
        ("<https://xn--squre-zta.example|squàre.example>", "xn--squre-zta.example"),
        ("<mailto:care@evil.example?subject=x|care@square.example>", "evil.example"),
        ("<tel:+4912345|call us>", "+4912345"),
        ("<!date^1800000000^{date}^https://evil.example/|tomorrow>", "evil.example"),
    ],
)
def test_a_label_that_hides_its_target_is_reported(text, host):
    assert [one["host"] for one in links({"text": text})] == [host]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"blocks": [section("<https://evil.example|bank>")]}, "text"),
        ({"blocks": [rich(url="https://evil.example", text="bank")]}, "text"),
        ({"blocks": [{"type": "markdown", "text": "see [bank](<https://evil.example> 'x')"}]}, "text"),
        ({"blocks": card(button(url="https://evil.example"))}, "button"),
        ({"attachments": [{"title": "bank", "title_link": "https://evil.example"}]}, "title"),
        ({"attachments": [{"author_name": "bank", "author_link": "https://evil.example"}]}, "title"),
        ({"attachments": [{"blocks": [section("<https://evil.example|bank>")]}]}, "text"),
    ],
)
def test_links_are_found_wherever_slack_makes_one(body, kind):
    [one] = links(body)

    assert (one["kind"], one["url"].rstrip("/"), one["host"]) == (kind, "https://evil.example", "evil.example")


@pytest.mark.parametrize(
    "block",
    [
        section("<https://evil.example|bank>", "plain_text"),
        rich(url="https://evil.example"),
        {"type": "markdown", "text": "![a picture](https://evil.example/x.png)"},
    ],
)
def test_what_is_no_labelled_link_is_not_reported(block):
    assert links({"blocks": [block], "metadata": {"event_payload": {"url": "https://evil.example", "text": "x"}}}) == []


@given(st.text())
def test_escaped_text_holds_no_link(text):
    assert links({"text": escape(text), "blocks": [section(escape(text))]}) == []


async def test_messages_and_views_say_which_of_their_links_mislead(stage, desk):
    words = section("<https://evil.example|bank> <https://square.example|square.example>")
    ts = (await stage.web.chat_postMessage(channel=CARE, text="x", blocks=[words]))["ts"]
    await stage.web.views_publish(user_id=ANA, view={"type": "home", "blocks": [words]})
    desk.view = modal(words)
    await stage.sim("command", user=ANA, channel=CARE, command="/social", text="")

    before = await stage.state()
    await stage.web.chat_update(channel=CARE, ts=ts, text="no link")
    after = await stage.state()

    found = {"kind": "text", "label": "bank", "url": "https://evil.example", "host": "evil.example"}
    assert before["links"] == [{"channel": CARE, "ts": ts, **found}]
    assert before["messages"][CARE][0]["links"] == [found]
    assert before["homes"][ANA]["links"] == before["views"][ANA][0]["links"] == [found]
    assert after["links"] == []
