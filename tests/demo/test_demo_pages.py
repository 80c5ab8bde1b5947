"""The pages that people open: complete, escaped, and with nothing from elsewhere."""

from html.parser import HTMLParser

import pytest

from bot.demo.script import load

SCRIPT = load()

ALLOWED = {
    "html", "head", "meta", "title", "link", "body", "header", "main", "footer", "nav", "article",
    "h1", "p", "div", "span", "a", "b", "bdi", "time",
}  # fmt: skip


class Reader(HTMLParser):
    """Reads a page as a browser would: which elements, where links lead, which words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.leads: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.leads += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.words += data


async def test_a_page_shows_the_thread_with_our_reply_and_the_answer(visitor, clock, reply):
    post = SCRIPT[0].post
    sent = await reply(visitor, post.id, "There is <room> on the 8:40 & it is yours.", key="k1")
    clock.turn(16)

    page = Reader((await visitor.get(sent.json()["url"])).text)

    assert page.words.index(post.text) < page.words.index("There is <room> on the 8:40 & it is yours.")
    assert post.follow_ups[0] in page.words


async def test_every_text_on_every_page_stays_text(visitor, clock):
    clock.turn(10_000)
    public = [b.post for b in SCRIPT if b.post.visibility == "public" and b.post.gone_after_s is None]

    for post in public:
        page = Reader((await visitor.get(f"/p/{post.id}")).text)

        assert post.text in page.words
        assert page.tags <= ALLOWED
        assert not any(name.startswith("on") or name == "style" for name in page.attributes)
        assert all(lead.startswith("/") and not lead.startswith("//") for lead in page.leads)


async def test_a_page_loads_nothing_but_its_own_style(visitor):
    page = await visitor.get("/")
    style = await visitor.get("/static/demo.css")

    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "script" not in Reader(page.text).tags
    assert style.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in style.text
    assert "http" not in style.text


async def test_private_words_are_on_no_page(visitor, clock, reply):
    clock.turn(10_000)
    secret = next(beat.post for beat in SCRIPT if beat.post.visibility == "private")
    await reply(visitor, secret.id, "A private word from us.", key="k1")
    clock.turn(16)

    page = Reader((await visitor.get(f"/p/{secret.id}")).text).words
    overview = Reader((await visitor.get("/")).text).words

    assert "Sent privately" in page
    for words in (secret.text, secret.follow_ups[0], "A private word"):
        assert words not in page
        assert words not in overview
    assert secret.author.handle not in overview


async def test_the_overview_shows_the_newest_first(visitor, clock):
    clock.turn(120)

    words = Reader((await visitor.get("/")).text).words
    out = [b.post for b in SCRIPT if b.due_s <= SCRIPT[3].due_s + 120 and not b.again and not b.post.answers]

    assert words.index(out[-1].author.handle) < words.index(out[0].author.handle)


@pytest.mark.parametrize("network", ["x", "mastodon", "bluesky", "blog", "forum"])
async def test_the_overview_can_show_one_network(visitor, clock, network):
    clock.turn(10_000)

    page = (await visitor.get("/", params={"network": network})).text

    assert f'class="post {network}' in page
    assert page.count('class="post ') == page.count(f'class="post {network}')


@pytest.mark.parametrize("path", ["/p/x-0000", "/p/%3Cscript%3E", "/nowhere"])
async def test_a_wrong_address_gets_a_page_in_words(visitor, path):
    answer = await visitor.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert Reader(answer.text).tags <= ALLOWED
