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

#: Slack turns exactly these three into control sequences. Source: Slack docs, "Formatting text", read 2026-11-21.
_ESCAPES: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
#: What formats without being escaped, and a sign that looks like it and formats nowhere: whether an invisible one
#: beside it takes the force away is told differently by everybody. An underscore within a word formats nothing.
_FORMATTING: Final = re.compile(r"[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LOOKALIKES: Final = {"*": "\u2217", "~": "\u223c", "`": "\u02cb", "_": "\u02cd"}
#: A colon that may begin an emoji's name or an address, not one in an hour; a zero-width space behind it parts the two.
_NAMES_EMOJI: Final = re.compile(r"(:(?!\d\d?(?![\w+'-]))(?=//|[\w+'-]*(?::|$)))")
#: What names people and channels; behind it a joiner parts sign and name, and breaks no line.
_NAMING: Final = re.compile(r"([@#])")
#: Marks that turn the direction of text, hide in it, or are letters that nobody can see; hidden tags, but for flags.
_HIDDEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+"
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

#: A cut goes back to the end of a word when that costs fewer characters than this.
_NEAR: Final = 15

_ANGLED: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_EMOJI_NAME: Final = re.compile(r":([a-z0-9_+-]+):")
#: Slack's short names for the emoji that staff use in answers; unknown names stay as typed.
_EMOJI: Final = {
    "+1": "👍", "-1": "👎", "thumbsup": "👍", "thumbsdown": "👎", "wave": "👋", "pray": "🙏", "clap": "👏",
    "raised_hands": "🙌", "ok_hand": "👌", "muscle": "💪", "point_right": "👉", "point_down": "👇",
    "smile": "😄", "smiley": "😃", "grinning": "😀", "blush": "😊", "slightly_smiling_face": "🙂", "wink": "😉",
    "joy": "😂", "sweat_smile": "😅", "laughing": "😆", "heart_eyes": "😍", "thinking_face": "🤔",
    "disappointed": "😞", "cry": "😢", "sob": "😭", "worried": "😟", "confused": "😕", "pensive": "😔",
    "angry": "😠", "rage": "😡", "scream": "😱", "facepalm": "🤦", "shrug": "🤷", "hugging_face": "🤗",
    "heart": "❤️", "blue_heart": "💙", "green_heart": "💚", "yellow_heart": "💛", "broken_heart": "💔",
    "tada": "🎉", "sparkles": "✨", "star": "⭐", "fire": "🔥", "rocket": "🚀", "sunny": "☀️", "ocean": "🌊",
    "ship": "🚢", "ferry": "⛴️", "airplane": "✈️", "train": "🚋", "bus": "🚌", "car": "🚗", "package": "📦",
    "email": "📧", "phone": "📞", "iphone": "📱", "ticket": "🎫", "receipt": "🧾", "moneybag": "💰", "gift": "🎁",
    "coffee": "☕", "white_check_mark": "✅", "x": "❌", "warning": "⚠️", "eyes": "👀", "bulb": "💡",
    "hourglass": "⌛", "calendar": "📅", "lock": "🔒", "mag": "🔍", "link": "🔗", "rotating_light": "🚨", "zzz": "💤",
}  # fmt: skip


class Safe(str):
    """Mrkdwn of our own making, fit to be sent."""

    __slots__ = ()


def say(words: str, /, **values: object) -> Safe:
    """Fill our own ``words``: Safe values go in as they are, all others are escaped first."""
    return Safe(words.format(**{name: _inert(value) for name, value in values.items()}))


def _inert(value: object) -> str:
    if isinstance(value, Safe):
        return value
    words = clean(str(value)).translate(_ESCAPES)
    plain = _FORMATTING.sub(lambda found: _LOOKALIKES[found[0]], words)
    return _NAMING.sub("\\1\u2060", _NAMES_EMOJI.sub("\\1\u200b", plain))


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


def room(channel: str) -> Safe:
    """Name a channel by its Slack id, as a link into it."""
    return Safe(f"<#{channel}>") if re.fullmatch(r"[CG][A-Z0-9]+", channel) else say("{channel}", channel=channel)


def moment(at: datetime, style: str = "{time}") -> Safe:
    """Return a moment in the reader's own zone; readers without one see UTC."""
    return Safe(f"<!date^{int(at.timestamp())}^{style}|{at:%Y-%m-%d %H:%M} UTC>")


def dated(at: datetime) -> Safe:
    """Return a moment with its day, today and its neighbours by name."""
    return moment(at, "{date_short_pretty} {time}")


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


def one_line(text: str) -> str:
    """Return clean text as it reads in a line of ours: every break and run of blanks is one blank."""
    return " ".join(clean(text).split())


def name(text: str) -> str:
    """Return a stranger's name as one line; one of which nothing can be seen is said to be none."""
    shown = one_line(text)
    return shown if any(unicodedata.category(sign)[0] in "LNPS" for sign in shown) else "(no name)"


def whose(handle: str, platform: str, *, private: bool, limit: int = 1_000) -> Safe:
    """Say who wrote where; whoever may not read what is private is given no handle, and names nobody."""
    if private and not handle:
        return say("a private mention on {where}", where=platform)
    return say("@{who} on {where}", who=cut(name(handle), limit), where=platform)


def ended(text: str) -> str:
    """Return the words with a full stop, unless they end their sentence themselves."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def cut(text: str, limit: int, mark: str = "…") -> str:
    """Shorten clean text to ``limit`` characters: between words if one is near, never inside a sign and its accents."""
    if len(text) <= limit:
        return text
    end = limit - len(mark)
    while end > 0 and _belongs(text, end):
        end -= 1
    kept = text[:end]
    whole, _, part = kept.rpartition(" ")
    if not text[end].isspace() and len(part) < _NEAR and len(whole) > end // 2:
        kept = whole
    return kept.rstrip(" \t\n.,;:") + mark


def _belongs(text: str, end: int) -> bool:
    """Return whether the sign at ``end`` belongs to the one before it."""
    nearby = text[end - 1] + text[end]
    return bool(unicodedata.combining(text[end])) or any(sign in "\u200d\ufe0f" for sign in nearby)


def from_slack(text: str) -> str:
    """Turn what Slack delivers for typed text into what the public should read.

    Slack sends ``&amp;`` for &, ``<@U1|ana>`` for a mention and ``:wave:`` for an emoji.
    """
    named = _ANGLED.sub(_unangled, text)
    spelled = _EMOJI_NAME.sub(lambda found: _EMOJI.get(found[1], found[0]), named)
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
