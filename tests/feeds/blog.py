"""A blog as tests write it, and a look at it."""

from contextlib import aclosing
from datetime import timedelta
from email.utils import format_datetime


def entry(clock, number, *, hours=1.0, **changed):
    told = {
        "guid": f"g{number}",
        "title": f"Title {number}",
        "description": f"&lt;p&gt;Body {number}&lt;/p&gt;",
        "link": f"https://blog.example/{number}",
        "pubDate": format_datetime(clock.now() - timedelta(hours=hours)),
        **changed,
    }
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in told.items() if text) + "</item>"


def rss(*entries):
    return f'<rss version="2.0"><channel><title>Gull</title>{"".join(entries)}</channel></rss>'.encode()


async def look(feed, since="", *, pages=1):
    async with aclosing(feed.listen(since)) as listening:
        return [await anext(listening) for _ in range(pages)]


def ids(pages):
    return [mention.post_id for page in pages for mention in page.mentions]
