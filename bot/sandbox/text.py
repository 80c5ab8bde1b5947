"""How Slack turns typed text into delivered text, and reads the control sequences in it.

Slack escapes three characters and writes mentions, channels and links in angle brackets; emoji become
``:codes:``. What a person types is never delivered raw.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.workspace import Channel, User, UserGroup

#: A sequence in angle brackets that Slack understands.
#: Source: Slack docs, "Formatting message text", read 2026-11-21.
CONTROL: Final = re.compile(
    r"<(?:"
    r"@(?P<user>[UWB][A-Z0-9]+)"
    r"|#(?P<channel>[CGD][A-Z0-9]+)"
    r"|!subteam\^(?P<group>S[A-Z0-9]+)"
    r"|!(?P<broadcast>channel|here|everyone)"
    r"|!date\^\d+\^[^<>|]+"
    r"|(?:https?://|mailto:|tel:|slack://)[^<>|\s]+"
    r")(?:\|[^<>]*)?>"
)

_TYPED: Final = (
    CONTROL.pattern.replace("?P<user>", "")
    .replace("?P<channel>", "")
    .replace("?P<group>", "")
    .replace("?P<broadcast>", "")
    + r"|(?P<url>https?://[^\s<>|]+)|(?<!\w)#(?P<room>[a-z0-9][a-z0-9_-]*)"
)

#: What may be called with @ without being anybody's name.
_BROADCASTS: Final = ("here", "channel", "everyone")

#: Signs that Slack delivers as codes; the commonest ones. Source: Slack's emoji picker, from memory.
EMOJI: Final = {
    "👋": "wave",
    "🙏": "pray",
    "👍": "+1",
    "👎": "-1",
    "👀": "eyes",
    "✅": "white_check_mark",
    "🚨": "rotating_light",
    "❤️": "heart",
    "💙": "blue_heart",
    "😀": "grinning",
    "🙂": "slightly_smiling_face",
    "😊": "blush",
    "😂": "joy",
    "😢": "cry",
    "😭": "sob",
    "😡": "rage",
    "🎉": "tada",
    "🔥": "fire",
    "🚢": "ship",
    "☕": "coffee",
}
_EMOJI: Final = re.compile("|".join(map(re.escape, EMOJI)))


def escape(text: str) -> str:
    """Escape the three characters that are special to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo :func:`escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def coded(text: str) -> str:
    """Replace emoji by their ``:codes:``."""
    return _EMOJI.sub(lambda sign: f":{EMOJI[sign.group()]}:", text)


@dataclass(frozen=True, slots=True)
class Directory:
    """Who and what can be named in typed text."""

    users: Mapping[str, User]
    channels: Mapping[str, Channel]
    groups: Mapping[str, UserGroup]

    def called(self) -> dict[str, User | UserGroup]:
        """Return whom each name means, in lower case: handles go before full names, those before first names."""
        users = list(self.users.values())
        ranks: list[list[tuple[str, User | UserGroup]]] = [
            [(user.name, user) for user in users],
            [(group.handle, group) for group in self.groups.values()],
            [(user.real_name, user) for user in users],
            [(user.real_name.partition(" ")[0], user) for user in users],
        ]
        found: dict[str, User | UserGroup] = {}
        for name, one in (pair for rank in ranks for pair in rank if pair[0]):
            found.setdefault(name.lower(), one)
        return found

    def channel(self, name: str) -> Channel | None:
        """Return the channel of this name."""
        return next((room for room in self.channels.values() if name and room.name == name), None)


def typed_input(text: str) -> str:
    """Deliver what was typed into a modal's text field."""
    return escape(coded(text))


def typed_command(text: str, names: Directory, *, should_escape: bool) -> str:
    """Deliver the text of a slash command; ``should_escape`` comes from the manifest.

    With it ``@ana``, ``#general`` and links become ``<@U..|ana>``, ``<#C..|general>`` and ``<https://..>``.
    """
    if not should_escape:
        return typed_input(text)
    return "".join(_pieces(text, names, controls=False, labelled=True))


def typed_message(text: str, names: Directory) -> str:
    """Deliver a message: mentions and links become control sequences, those already there stay."""
    return "".join(_pieces(text, names, controls=True, labelled=False))


def _pieces(text: str, names: Directory, *, controls: bool, labelled: bool) -> Iterator[str]:
    called = names.called()
    end = 0
    for match in _typed(called).finditer(text):
        yield typed_input(text[end : match.start()])
        yield _mention(match.group("name"), called, labelled=labelled) or _piece(match, names, controls=controls)
        end = match.end()
    yield typed_input(text[end:])


def _typed(called: Mapping[str, User | UserGroup]) -> re.Pattern[str]:
    """Return what finds addresses, channels and these names in typed text, the longest name first."""
    longest = sorted({*called, *_BROADCASTS}, key=len, reverse=True)
    name = "|".join(map(re.escape, longest))
    return re.compile(rf"{_TYPED}|(?<![\w.@])@(?P<name>(?i:{name}))(?![\w-]|\.\w)")


def _piece(match: re.Match[str], names: Directory, *, controls: bool) -> str:
    raw = match.group()
    if url := match.group("url"):
        return f"<{url.replace('&', '&amp;')}>"
    if (room := match.group("room")) and (channel := names.channel(room)):
        return f"<#{channel.id}|{channel.name}>"
    if raw.startswith("<") and controls:
        return raw
    return typed_input(raw)


def _mention(name: str | None, called: Mapping[str, User | UserGroup], *, labelled: bool) -> str:
    """Return the control sequence of a typed name; empty when it has none: a command calls nobody together."""
    match called.get((name or "").lower()):
        case User(id=user, name=handle):
            return f"<@{user}|{handle}>" if labelled else f"<@{user}>"
        case UserGroup(id=group, handle=handle):
            return f"<!subteam^{group}|@{handle}>"
    return f"<!{name.lower()}>" if name and not labelled and name.lower() in _BROADCASTS else ""


def rich(text: str) -> dict[str, Any]:
    """Return delivered text as the rich_text block that Slack's composer makes of it."""
    elements: list[dict[str, Any]] = []
    end = 0
    for match in CONTROL.finditer(text):
        elements += _words(text[end : match.start()])
        elements.append(_rich_element(match))
        end = match.end()
    elements += _words(text[end:])
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _words(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": unescape(text)}] if text else []


def _rich_element(match: re.Match[str]) -> dict[str, Any]:
    if user := match.group("user"):
        return {"type": "user", "user_id": user}
    if channel := match.group("channel"):
        return {"type": "channel", "channel_id": channel}
    if group := match.group("group"):
        return {"type": "usergroup", "usergroup_id": group}
    if broadcast := match.group("broadcast"):
        return {"type": "broadcast", "range": broadcast}
    target, _, label = match.group()[1:-1].partition("|")
    if target.startswith("!"):
        return {"type": "text", "text": unescape(label or target)}
    return {"type": "link", "url": unescape(target)} | ({"text": unescape(label)} if label else {})


def stray_brackets(text: str) -> list[str]:
    """Return what follows each raw ``<`` that opens no control sequence (20 characters each)."""
    bare = CONTROL.sub("", text)
    return [bare[at : at + 20] for at, sign in enumerate(bare) if sign == "<"]
