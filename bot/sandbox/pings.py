"""Who would have been pinged by a message: the honest answer, from the raw text and blocks.

Slack tells people of a message when it is posted. An edit tells nobody, neither does a message that one person alone
sees, and who follows a thread is told of a reply without being named: so those are no pings. A message in a direct
conversation always is one. There is no presence here: ``@here`` means everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from re import Match
from typing import Any, Final

from bot.sandbox.text import CONTROL, Directory, stray_brackets, typed_message
from bot.sandbox.workspace import Channel, User

#: So many stray brackets of one message are remembered.
WARNINGS: Final = 100


@dataclass(frozen=True, slots=True)
class Pings:
    """What a message sets off when it is posted."""

    users: list[str]
    """Ids of the people told of it, each once, without the author and bots."""
    named: list[str]
    """Ids of the people it names, told or not: who cannot see the channel is not told."""
    tokens: list[str]
    """The control sequences that name them, as written."""
    warnings: list[str]
    """Raw ``<`` that open nothing: text that somebody forgot to escape."""


def pings(body: Mapping[str, Any], *, channel: Channel, names: Directory, by: str) -> Pings:
    """Read text, blocks and attachments of a message and say whom it would ping.

    Elements of rich text count when they are mentions; their text elements and plain_text never do.
    ``link_names`` and ``parse=full`` make bare ``@name`` count, as if a person had typed it.
    """
    tokens: list[str] = []
    warnings: list[str] = []
    links_names = bool(body.get("link_names")) or body.get("parse") == "full"
    for text in texts(body):
        warnings += stray_brackets(text) if "<" in text and len(warnings) < WARNINGS else []
        read = typed_message(text, names) if links_names else text
        tokens += [match.group() for match in CONTROL.finditer(read) if _pinging(match)] if "<" in read else []
    tokens += [token for node in nodes(body) if (token := _rich_token(node))]
    meant = [names.users[user] for token in tokens for user in _people(token, channel, names) if user in names.users]
    named = {user.id: user for user in meant if user.id != by and not user.is_bot}
    told = [user.id for user in named.values() if _sees(user, channel)]
    if channel.kind == "app" and channel.person() not in {by, *told}:
        told.append(channel.person())
    return Pings(told, list(named), list(dict.fromkeys(tokens)), warnings[:WARNINGS])


def _pinging(match: Match[str]) -> bool:
    return any(match.group(kind) for kind in ("user", "group", "broadcast"))


def _sees(user: User, channel: Channel) -> bool:
    """Say whether this person can look into the channel: a member, or anybody of ours where it is public."""
    return user.id in channel.members or (channel.kind == "public" and not (user.is_restricted or user.is_stranger))


def _people(token: str, channel: Channel, names: Directory) -> list[str]:
    match = CONTROL.fullmatch(token)
    if match is None:
        return []
    if user := match.group("user"):
        return [user]
    if group := match.group("group"):
        return list(names.groups[group].users) if group in names.groups else []
    return list(channel.members)


def texts(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text of a message or view that Slack parses: not plain_text, not the text of rich text."""
    if text := body.get("text"):
        yield str(text)
    for attachment in body.get("attachments") or []:
        yield from (str(attachment[key]) for key in ("pretext", "text", "fallback", "title") if attachment.get(key))
        for field in attachment.get("fields") or []:
            yield str(field.get("value") or "")
    for node in nodes(body):
        if node.get("type") in ("mrkdwn", "markdown") and isinstance(node.get("text"), str):
            yield node["text"]


def nodes(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every object among blocks and attachments, at any depth."""
    yield from _nodes([body.get("blocks") or [], body.get("attachments") or []])


def _nodes(node: list[Any] | dict[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            yield from _nodes(child)


def _rich_token(node: Mapping[str, Any]) -> str:
    """Return the mention that a rich text element is, written as a control sequence."""
    match node.get("type"):
        case "user" if "user_id" in node:
            return f"<@{node['user_id']}>"
        case "usergroup" if "usergroup_id" in node:
            return f"<!subteam^{node['usergroup_id']}>"
        case "broadcast" if "range" in node:
            return f"<!{node['range']}>"
    return ""
