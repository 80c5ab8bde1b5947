"""Text on its way to and from Slack: the one place where anything is escaped.

``Safe`` is mrkdwn that may be sent. Only this module makes it: :func:`say`
escapes every value that is put into our own words, so nothing a stranger wrote
can ping, link or format. Strangers' longer texts go as rich_text, never here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Final

from bot.slack.emoji import EMOJI

#: Slack turns exactly these three into control sequences. Source: Slack docs, "Formatting text", read 2026-11-21.
_ESCAPES: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
#: What formats or links without being escaped; a zero-width space behind it takes the force away.
_FORMATTING: Final = re.compile(r"([*_~`:@#])")
#: Marks that turn the direction of text, or hide in it.
_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_BREAKS: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
#: Most combining marks on one character: more than any script needs, less than a tower.
_MARKS: Final = 3

#: What must stay whole when our own mrkdwn is shortened: a control sequence, an escaped sign.
_WHOLE: Final = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
_ADDRESS: Final = re.compile(r"https?://[^\s<>|\"\\]+", re.IGNORECASE)
#: Slack refuses a longer address of a button. Source: Slack docs, "Button element", read 2026-11-21.
_ADDRESS_LIMIT: Final = 3_000
#: A longer address, escapes counted, is no link of ours in a line: it would push out what stands behind it.
_LINK_LIMIT: Final = 1_000

_ANGLED: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_EMOJI_NAME: Final = re.compile(r":([a-z0-9_+-]+):")


class Safe(str):
    """Mrkdwn of our own making, fit to be sent."""

    __slots__ = ()


def say(words: str, /, **values: object) -> Safe:
    """Fill our own ``words``: Safe values go in as they are, all others are escaped first."""
    return Safe(words.format(**{name: _inert(value) for name, value in values.items()}))


def _inert(value: object) -> str:
    if isinstance(value, Safe):
        return value
    return _FORMATTING.sub("\\1\u200b", clean(str(value)).translate(_ESCAPES))


def lines(*parts: Safe | None) -> Safe:
    """Put several pieces under each other; what is empty is left out."""
    return Safe("\n".join(part for part in parts if part))


def dotted(*parts: Safe | None) -> Safe:
    """Put several pieces behind each other with a dot between; what is empty is left out."""
    return Safe(" · ".join(part for part in parts if part))


def fit(text: Safe, limit: int) -> Safe:
    """Shorten mrkdwn of ours to ``limit`` characters, never inside a link, a mention or an escaped sign."""
    if len(text) <= limit:
        return text
    kept, size = [], 0
    for piece in _WHOLE.findall(text):
        size += len(piece)
        if size >= limit:
            break
        kept.append(piece)
    return Safe("".join(kept).rstrip() + "…")


def address(url: str) -> str:
    """Return ``url`` when people can be sent there, and nothing otherwise."""
    fit_to_open = len(url) <= _ADDRESS_LIMIT and _ADDRESS.fullmatch(url) and clean(url) == url
    return url if fit_to_open else ""


def link(url: str, label: str) -> Safe:
    """Return a link whose label is ours; anything but http(s), and what is endless, becomes the bare label."""
    target = address(url).translate(_ESCAPES)
    if not target or len(target) > _LINK_LIMIT:
        return say("{label}", label=label)
    return Safe(f"<{target}|{_inert(label)}>")


def person(staff_id: str) -> Safe:
    """Mention somebody by Slack id; this pings them unless the message is private or an update."""
    if re.fullmatch(r"S[A-Z0-9]+", staff_id):
        return Safe(f"<!subteam^{staff_id}>")
    return Safe(f"<@{staff_id}>") if re.fullmatch(r"[UW][A-Z0-9]+", staff_id) else say("{who}", who=staff_id)


def moment(at: datetime, style: str = "{time}") -> Safe:
    """Return a moment in the reader's own zone; readers without one see UTC."""
    return Safe(f"<!date^{int(at.timestamp())}^{style}|{at:%Y-%m-%d %H:%M} UTC>")


def clean(text: str) -> str:
    """Drop what could mislead the eye: controls, hidden and turning marks, towers of accents."""
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = 0
    for sign in _HIDDEN.sub("", _BREAKS.sub("\n", text)):
        if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t":
            continue
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MARKS:
            kept.append(sign)
    return "".join(kept)


def cut(text: str, limit: int, mark: str = "…") -> str:
    """Shorten clean text to ``limit`` characters, never inside a sign and its accents or joiners."""
    if len(text) <= limit:
        return text
    end = limit - len(mark)
    while end > 0 and _belongs(text, end):
        end -= 1
    return text[:end].rstrip() + mark


def _belongs(text: str, end: int) -> bool:
    """Return whether the sign at ``end`` belongs to the one before it."""
    nearby = text[end - 1] + text[end]
    return bool(unicodedata.combining(text[end])) or any(sign in "\u200d\ufe0f" for sign in nearby)


def from_slack(text: str) -> str:
    """Turn what Slack delivers for typed text into what the public should read.

    Slack sends ``&amp;`` for &, ``<@U1|ana>`` for a mention and ``:wave:`` for an emoji.
    """
    named = _ANGLED.sub(_unangled, text)
    spelled = _EMOJI_NAME.sub(lambda found: EMOJI.get(found[1], found[0]), named)
    return spelled.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unangled(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if target.startswith(("@", "#")):
        return target[0] + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:].split("^")[0]
    if target.startswith(("mailto:", "tel:")):
        return label or target.partition(":")[2]
    return target
