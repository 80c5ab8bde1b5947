"""Markup to plain text, in time that grows with its length only.

The standard parser takes minutes for a hundred kilobytes of open tags, so tags are
found by one expression that never looks back.
"""

from __future__ import annotations

import html
import re
from typing import Any, Final

#: Characters of markup that are read; ten times the longest text that is kept.
MARKUP_LIMIT: Final = 200_000

_TAG: Final = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_BLOCKS: Final = re.compile(
    "address|article|aside|blockquote|br|d[dlt]|div|fig(caption|ure)|footer|h[1-6r]|header|li|main|nav|[ou]l|p|pre"
    "|section|t(able|d|h|r)"
)
_HIDDEN: Final = frozenset({"script", "style", "template"})
_BLANKS: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r" ?\n[ \n]*")


def from_html(markup: Any) -> str:
    """Return what a reader would see: paragraphs on lines of their own, no tags, no scripts; empty for no text."""
    markup = str(markup[:MARKUP_LIMIT]) if isinstance(markup, str) else ""
    seen: list[str] = []
    at, closing = 0, ""
    for tag in _TAG.finditer(markup):
        if closing:
            if not tag[0].lower().startswith(closing):
                continue
            closing = ""
        else:
            seen.append(markup[at : tag.start()].replace("\n", " "))
            closing = _hides_until(tag)
            seen.append("\n" if _BLOCKS.fullmatch((tag[1] or "").lower()) else "")
        at = tag.end()
    seen.append("" if closing else markup[at:].replace("\n", " "))
    return _LINES.sub("\n", _BLANKS.sub(" ", html.unescape("".join(seen)))).strip()


def _hides_until(tag: re.Match[str]) -> str:
    """Return how the piece ends that this tag hides; empty when it hides nothing."""
    if tag[0] == "<!--":
        return "-->"
    name = (tag[1] or "").lower()
    return f"</{name}" if name in _HIDDEN and not tag[0].startswith("</") else ""
