"""Which links show another label than their target: those behind words that do not begin with the target's host."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.sandbox.pings import nodes, texts
from bot.sandbox.text import CONTROL, unescape

#: What a browser takes for the host: behind the last ``@`` before the path, a backslash counting as a slash.
_HOST: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?://)?(?:[^/?#\\]*@)?(\[[^\]]*\]|[^/?#\\:]*)", re.IGNORECASE)

#: What a reader takes for an address.
_ADDRESS: Final = r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}"

_MARKDOWN: Final = re.compile(r"(?<!!)\[([^\[\]\n]*)\]\(\s*<?([^)\s>]+)")

#: Where an object keeps a label and the address behind it: links, dates, buttons, menu options, videos, attachments.
_PAIRS: Final = (
    ("text", "url", "button"),
    ("fallback", "url", "text"),
    ("title", "title_url", "title"),
    ("title", "title_link", "title"),
    ("author_name", "author_link", "title"),
)

#: So many characters of a label are looked at.
_READ: Final = 1_000


def links(body: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the links of a message or view whose label does not say first where they lead, each once.

    Each is ``{"kind", "label", "url", "host"}``; ``kind`` is ``text``, ``button`` or ``title``.
    """
    found = {(label, url): kind for kind, label, url in _labelled(body) if label and not _names(label, _host(url))}
    return [{"kind": kind, "label": label, "url": url, "host": _host(url)} for (label, url), kind in found.items()]


def _labelled(body: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for text in texts(body):
        for match in CONTROL.finditer(text):
            target, _, label = match.group()[1:-1].partition("|")
            url = target.split("^", 3)[-1] if target.count("^") > 2 else target
            if url[0] not in "@#!":
                yield "text", unescape(label), unescape(url)
    for node in nodes(body):
        if node.get("type") == "markdown":
            yield from (("text", label, url) for label, url in _MARKDOWN.findall(str(node.get("text"))))
        for label_key, url_key, kind in _PAIRS:
            words, address = node.get(label_key), node.get(url_key)
            words = words.get("text") if isinstance(words, dict) else words
            if isinstance(words, str) and isinstance(address, str):
                yield "text" if node.get("type") == "link" else kind, words, address


def _host(url: str) -> str:
    match = _HOST.match(url)
    return match.group(1).casefold().removeprefix("www.") if match else ""


def _names(label: str, host: str) -> bool:
    """Say whether the first address that a reader sees in a label is this host."""
    exactly = rf"(?<![\w.-]){re.escape(host)}(?![\w-]|\.\w)" if host else "(?!)"
    seen = re.search(f"{exactly}|{_ADDRESS}", label[:_READ].casefold().replace("www.", ""))
    return seen is not None and seen.group() == host
