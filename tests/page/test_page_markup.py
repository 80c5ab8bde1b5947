"""Slack's markup as the page draws it: one browser, many small texts."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="session")

DRAW = """async (texts) => {
    const { mrkdwn } = await import("/static/js/mrkdwn.js");
    return texts.map((text) => {
        const box = document.createElement("div");
        box.append(...mrkdwn(text));
        box.querySelectorAll("*").forEach((one) => {
            for (const { name } of [...one.attributes]) if (name !== "href") one.removeAttribute(name);
        });
        return box.innerHTML;
    });
}"""

DRAWN = {
    "*bold* _italic_ ~gone~ `code`": "<strong>bold</strong> <em>italic</em> <s>gone</s> <code>code</code>",
    "~Unclaimed~ → *Claimed by <@U0BEN00001>*": (
        "<s>Unclaimed</s> → <strong>Claimed by <span>@Ben Okafor</span></strong>"
    ),
    "2*3*4 and a_b_c": "2*3*4 and a_b_c",
    "* not bold * and *\nneither*": "* not bold * and *<br>neither*",
    "*_both_*": "<strong><em>both</em></strong>",
    "`*code*`": "<code>*code*</code>",
    "a &lt;b&gt; &amp;amp;": "a &lt;b&gt; &amp;amp;",
    "&gt; said\n&gt; twice\nplain": "<blockquote>said<br>twice</blockquote>plain",
    "```\nline *one*\n```after": "<pre>line *one*</pre>after",
    "```never closed": "```never closed",
    ":large_orange_circle: :nosuchthing:": "🟠 :nosuchthing:",
    ":wave::skin-tone-3:": "👋",
    "<https://x.example|label>": '<a href="https://x.example/">label</a>',
    "see https://x.example/a_b_c.": 'see <a href="https://x.example/a_b_c">https://x.example/a_b_c</a>.',
    "<!subteam^S0LEADS001> <!here>": "<span>@social-leads</span> <span>@here</span>",
    "<#C0CARE0001|old-name>": '<a href="#C0CARE0001">#social-care</a>',
    "<@U0NOBODY01|ghost>": "<span>@ghost</span>",
    "<!date^notanumber^{time}|fallback>": "fallback",
    "<unclosed *bold*": "&lt;unclosed <strong>bold</strong>",
}


async def test_markup_is_drawn_as_slack_draws_it(windows):
    ana = await windows()

    drawn = await ana.page.evaluate(DRAW, list(DRAWN))

    assert dict(zip(DRAWN, drawn, strict=True)) == DRAWN


async def test_a_hostile_text_of_full_length_is_drawn_sign_by_sign(windows):
    """A scanner that tries every split would never come to an end here."""
    ana = await windows()
    heavy = [part * 10_000 for part in ("*a", "_<", "~ ", ":a", "hhhh", "<!date^", "*<a ", "*`<", "a_`")]

    drawn = await ana.page.evaluate(
        """async (texts) => {
            const { mrkdwn } = await import("/static/js/mrkdwn.js");
            return texts.map((text) => {
                const box = document.createElement("div");
                box.append(...mrkdwn(text));
                return box.textContent;
            });
        }""",
        heavy,
    )

    assert drawn[:7] == heavy[:7]
    assert [text.count("a") for text in drawn] == [text.count("a") for text in heavy]
