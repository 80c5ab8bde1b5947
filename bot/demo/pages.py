"""Pages for people, drawn from the JSON of posts. Every text is escaped where it enters a page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any, Final

#: How the networks are called in print.
NETWORKS: Final = {"x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky", "blog": "Blog", "forum": "Forum"}
#: The overview shows so many characters of a text; the post's own page shows all of it.
PREVIEW: Final = 700

_PRIVATE: Final = "Sent privately. Only the two people it concerns can read it."


def overview(posts: Sequence[tuple[dict[str, Any], int]], *, network: str | None, now: datetime) -> str:
    """Draw the newest threads, each with the number of posts below it."""
    tabs = "".join(_tab(each, network) for each in (None, *NETWORKS))
    drawn = "".join(_post(post, now=now, below=below) for post, below in posts)
    quiet = '<p class="quiet">Nobody has said anything here yet. Look again in a moment.</p>'
    return _page("What people say", f'<nav aria-label="Networks">{tabs}</nav>{drawn or quiet}')


def thread(posts: Sequence[dict[str, Any]], *, chosen: str, now: datetime) -> str:
    """Draw a thread with one of its posts marked."""
    drawn = "".join(_post(post, now=now, chosen=post["id"] == chosen) for post in posts)
    return _page("A thread", f'<nav><a href="/">All posts</a></nav>{drawn}')


def sorry(status: int, sentence: str) -> str:
    """Draw a refusal."""
    said = f'<p class="quiet">{escape(sentence)}</p><nav><a href="/">All posts</a></nav>'
    return _page(f"Sorry ({status})", said)


def _page(title: str, main: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} · the square</title><link rel="stylesheet" href="/static/demo.css"></head>'
        f'<body><header><a class="home" href="/">the square</a> <span>five invented networks on one page</span>'
        f"</header><main><h1>{escape(title)}</h1>{main}</main>"
        "<footer>Harbourline, its ferries and everybody on this page are made up.</footer></body></html>"
    )


def _tab(network: str | None, current: str | None) -> str:
    href = f"/?network={network}" if network else "/"
    here = ' aria-current="page"' if network == current else ""
    return f'<a href="{href}"{here}>{NETWORKS[network] if network else "All"}</a>'


def _post(post: dict[str, Any], *, now: datetime, chosen: bool = False, below: int | None = None) -> str:
    classes = ["post", post["network"], *_marks(post, chosen=chosen)]
    label = f"{post['author']['name']} on {NETWORKS[post['network']]}"
    return (
        f'<article class="{" ".join(classes)}" aria-label="{escape(label)}">'
        f"{_head(post, now)}{_text(post, preview=below is not None)}{_foot(post, below)}</article>"
    )


def _marks(post: dict[str, Any], *, chosen: bool) -> list[str]:
    marks = {"ours": post["account"] is not None, "below": post["answers"] is not None, "chosen": chosen}
    return [mark for mark, holds in marks.items() if holds]


def _head(post: dict[str, Any], now: datetime) -> str:
    author = post["author"]
    tick = ' <span class="tick" title="verified">✓</span>' if author["verified"] else ""
    reach = f" · {author['followers']:,} followers" if author["followers"] else ""
    at = datetime.fromisoformat(post["posted_at"])
    return (
        f'<div class="head"><span class="network">{NETWORKS[post["network"]]}</span> '
        f'<b><bdi>{escape(author["name"])}</bdi></b>{tick} <span class="small"><bdi>@{escape(author["handle"])}</bdi>'
        f'{reach} · <a href="/p/{escape(post["id"])}"><time datetime="{escape(post["posted_at"])}">'
        f"{ago(now - at)}</time></a></span></div>"
    )


def _text(post: dict[str, Any], *, preview: bool) -> str:
    if post["visibility"] == "private":
        return f'<p class="quiet">{_PRIVATE}</p>'
    text, more = post["text"], ""
    if preview and len(text) > PREVIEW:
        text, more = text[:PREVIEW] + "…", f'<p><a href="/p/{escape(post["id"])}">Read all of it</a></p>'
    return f'<div class="text" dir="auto" lang="{escape(post["lang"])}">{escape(text)}</div>{more}'


def _foot(post: dict[str, Any], below: int | None) -> str:
    counts = [(below, "answer"), (post["reposts"], "repost"), (post["likes"], "like"), (post["photos"], "photo")]
    said = [f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
    return f'<div class="small">{" · ".join(said)}</div>' if said else ""


def ago(span: timedelta) -> str:
    """Say how long ago, in the largest unit that fits."""
    seconds = int(span.total_seconds())
    for size_s, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size_s:
            return f"{seconds // size_s} {unit} ago"
    return "just now"
