"""Rich text: sections, lists, quotes and preformatted parts, and the elements in them.

Source: Slack docs, "Rich text block", read 2026-11-21.
"""

from typing import Final

from bot.sandbox.blocks.rules import Rule, Shape, array, boolean, one_of, string, typed, url, whole

_ANY: Final = 100_000
"""No limit is documented here; this only bounds the work."""

_STYLES: Final = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = Shape({}, dict.fromkeys(_STYLES, boolean))
_WORD = string(_ANY, least=1)

PARTS: Final[dict[str, Rule]] = {
    "text": Shape({"text": _WORD}, {"style": _STYLE}),
    "link": Shape({"url": url}, {"text": _WORD, "unsafe": boolean, "style": _STYLE}),
    "emoji": Shape({"name": _WORD}, {"unicode": _WORD, "skin_tone": whole(1, 6), "style": _STYLE, "display_url": url}),
    "user": Shape({"user_id": _WORD}, {"style": _STYLE}),
    "usergroup": Shape({"usergroup_id": _WORD}, {"style": _STYLE}),
    "channel": Shape({"channel_id": _WORD}, {"style": _STYLE}),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
    "date": Shape(
        {"timestamp": whole(0, 9_999_999_999), "format": _WORD},
        {"url": url, "fallback": _WORD, "style": _STYLE},
    ),
}

_PARTS = array(typed(PARTS), 0, _ANY)
_PLAIN_PARTS = array(typed(PARTS, frozenset({"text", "link"})), 0, _ANY)
_BORDER = whole(0, 1)

_SECTION = Shape({"elements": _PARTS})

RICH: Final[dict[str, Rule]] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": Shape({"elements": _PARTS}, {"border": _BORDER}),
    "rich_text_preformatted": Shape({"elements": _PLAIN_PARTS}, {"border": _BORDER, "language": _WORD}),
    "rich_text_list": Shape(
        {"elements": array(typed({"rich_text_section": _SECTION}), 0, _ANY), "style": one_of("bullet", "ordered")},
        {"indent": whole(0, 8), "offset": whole(0, _ANY), "border": _BORDER},
    ),
}
