"""Who would have been pinged by a message: the honest answer, from the raw text and blocks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.text import CONTROL, Directory, stray_brackets
from bot.sandbox.workspace import Channel

_AT_NAME = re.compile(r"(?<![\w.@])@([a-z0-9][a-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class Pings:
    """What a message would have set off."""

    users: list[str]
    """Ids of the people pinged, each once, without the author."""
    tokens: list[str]
    """The control sequences that did it, as written."""
    warnings: list[str]
    """Raw ``<`` that open nothing: text that somebody forgot to escape."""


def pings(
    body: Mapping[str, Any],
    *,
    channel: Channel,
    names: Directory,
    by: str,
) -> Pings:
    """Read text, blocks and attachments of a message and say whom it would ping.

    Elements of rich text count when they are mentions; their text elements and plain_text never do.
    ``link_names`` and ``parse=full`` make bare ``@name`` count as Slack does.
    """
    tokens: list[str] = []
    warnings: list[str] = []
    for text in filter(_may_hold_control, _texts(body)):
        tokens += [match.group() for match in CONTROL.finditer(text) if _pinging(match)]
        warnings += stray_brackets(text)
    tokens += list(_rich_tokens(body.get("blocks") or []))
    if body.get("link_names") or body.get("parse") == "full":
        found = _AT_NAME.findall(str(body.get("text") or ""))
        tokens += [f"<@{user.id}>" for name in found if (user := names.user(name))]
    known = [user for token in tokens for user in _people(token, channel, names) if user in names.users]
    pinged = [user for user in dict.fromkeys(known) if user != by and not names.users[user].is_bot]
    return Pings(pinged, list(dict.fromkeys(tokens)), warnings)


def _may_hold_control(text: str) -> bool:
    return "<" in text


def _pinging(match: re.Match[str]) -> bool:
    return any(match.group(kind) for kind in ("user", "group", "broadcast"))


def _people(token: str, channel: Channel, names: Directory) -> list[str]:
    match = CONTROL.fullmatch(token)
    if match is None:
        return []
    if user := match.group("user"):
        return [user]
    if group := match.group("group"):
        return list(names.groups[group].users) if group in names.groups else []
    return list(channel.members)


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    if text := body.get("text"):
        yield str(text)
    yield from _mrkdwn(body.get("blocks") or [])
    for attachment in body.get("attachments") or []:
        yield from (str(attachment[key]) for key in ("pretext", "text", "fallback", "title") if attachment.get(key))
        for field in attachment.get("fields") or []:
            yield str(field.get("value") or "")
        yield from _mrkdwn(attachment.get("blocks") or [])


def _mrkdwn(node: list[Any] | dict[str, Any]) -> Iterator[str]:
    """Yield every text that Slack parses: mrkdwn objects and markdown blocks, at any depth."""
    if isinstance(node, dict):
        kind = node.get("type")
        if kind == "rich_text":
            return
        if kind in {"mrkdwn", "markdown"} and isinstance(node.get("text"), str):
            yield node["text"]
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            yield from _mrkdwn(child)


def _rich_tokens(node: Any) -> Iterator[str]:
    """Yield the mentions among rich text elements, written as control sequences."""
    if isinstance(node, list):
        for child in node:
            yield from _rich_tokens(child)
    elif isinstance(node, dict):
        match node.get("type"):
            case "user" if "user_id" in node:
                yield f"<@{node['user_id']}>"
            case "usergroup" if "usergroup_id" in node:
                yield f"<!subteam^{node['usergroup_id']}>"
            case "broadcast" if "range" in node:
                yield f"<!{node['range']}>"
        yield from _rich_tokens(node.get("elements") or [])
