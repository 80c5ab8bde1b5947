"""What the app is allowed to do, read from its manifest: the sandbox grants nothing else."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, TypeVar

from bot.sandbox.errors import ManifestUnusable

#: The scope without which Slack does not deliver an event, by event name. Absent: none is needed.
#: Source: Slack docs, the page of each event, read 2026-11-21.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}

#: What an app may subscribe to here; Slack has more, the sandbox sends no others.
EVENTS: Final = {*EVENT_SCOPES, "app_home_opened", "app_uninstalled", "tokens_revoked", "member_joined_channel"}

#: Every text of a manifest: what it must look like, in a pattern and in words. What may not be empty must be there.
#: Source: Slack docs, "App manifest reference", read 2026-11-21; the description of a shortcut from memory.
_TEXTS: Final = {
    "display_information.name": (r".{1,35}", "1 to 35 characters"),
    "display_information.description": (r".{0,140}", "at most 140 characters"),
    "display_information.long_description": (r"(.{174,4000})?", "174 to 4,000 characters"),
    "features.bot_user.display_name": (r".{0,80}", "at most 80 characters"),
    "features.slash_commands[].command": (r"/\S{1,31}", "a slash and 1 to 31 characters, none of them a space"),
    "features.slash_commands[].description": (r".{1,2000}", "1 to 2,000 characters"),
    "features.slash_commands[].usage_hint": (r".{0,1000}", "at most 1,000 characters"),
    "features.shortcuts[].name": (r".{1,24}", "1 to 24 characters"),
    "features.shortcuts[].callback_id": (r".{1,255}", "1 to 255 characters"),
    "features.shortcuts[].description": (r".{1,150}", "1 to 150 characters"),
    "features.shortcuts[].type": (r"message|global", "message or global"),
    "settings.event_subscriptions.bot_events[]": (
        "|".join(sorted(EVENTS)),
        f"an event that the sandbox knows: {', '.join(sorted(EVENTS))}",
    ),
    "oauth_config.scopes.bot[]": (r"[a-z_.]+(:[a-z_.]+)*", "the name of a scope"),
    "oauth_config.scopes.bot_optional[]": (r"[a-z_.]+(:[a-z_.]+)*", "the name of a scope"),
}

#: Every list of a manifest: how many it may hold, and by what its entries must differ. Source: the same page.
_LISTS: Final = {
    "features.slash_commands": (50, "command"),
    "features.shortcuts": (10, "callback_id"),
    "settings.event_subscriptions.bot_events": (100, ""),
    "oauth_config.scopes.bot": (255, ""),
    "oauth_config.scopes.bot_optional": (255, ""),
}

#: Every part of a manifest that is an object.
_OBJECTS: Final = (
    "features",
    "features.app_home",
    "features.bot_user",
    "settings.event_subscriptions",
    "settings.interactivity",
    "oauth_config.scopes",
)


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command as the manifest declares it."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One shortcut as the manifest declares it."""

    name: str
    callback_id: str
    type: str
    """``message``: in the menu of each message; ``global``: wherever the person is."""
    description: str = ""


_Declared = TypeVar("_Declared", Command, Shortcut)


@dataclass(frozen=True, slots=True)
class AppManifest:
    """The declared abilities of the app."""

    name: str
    bot_name: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: dict[str, Command] = field(default_factory=dict)
    shortcuts: tuple[Shortcut, ...] = ()
    interactivity: bool = False
    home_tab: bool = False
    messages_tab: bool = True
    """Whether the bot and a person can write to each other directly."""
    messages_read_only: bool = False
    """Whether people cannot write to the bot directly."""

    def hears(self, event: str) -> bool:
        """Say whether Slack would deliver this event: subscribed to, and its scope granted."""
        needed = EVENT_SCOPES.get(event)
        return event in self.events and (needed is None or needed in self.scopes)


def read(manifest: Mapping[str, Any]) -> AppManifest:
    """Read a Slack app manifest; what it does not say is not granted, optional scopes are.

    Raises:
        ManifestUnusable: Slack would not take it.
    """
    _check(manifest)
    features, tabs, bot_user, heard, pressed, asked = (_part(manifest, path) for path in _OBJECTS)
    name = manifest["display_information"]["name"]
    scopes = tuple(dict.fromkeys([*(asked.get("bot") or ()), *(asked.get("bot_optional") or ())]))
    declares = features if "commands" in scopes else {}
    return AppManifest(
        name=name,
        bot_name=bot_user.get("display_name") or name,
        scopes=scopes,
        events=frozenset(heard.get("bot_events") or ()),
        commands={entry["command"]: _declared(Command, entry) for entry in declares.get("slash_commands") or ()},
        shortcuts=tuple(_declared(Shortcut, entry) for entry in declares.get("shortcuts") or ()),
        interactivity=bool(pressed.get("is_enabled")),
        home_tab=bool(tabs.get("home_tab_enabled")),
        messages_tab=bool(tabs.get("messages_tab_enabled", True)),
        messages_read_only=bool(tabs.get("messages_tab_read_only_enabled")),
    )


def _part(manifest: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """Return one object of a manifest, empty when it is not there."""
    [(_, found)] = _places(manifest, path.split("."))
    if not isinstance(found or {}, Mapping):
        raise ManifestUnusable(f"The manifest's {path} must be an object.")
    return found or {}


def _declared(kind: type[_Declared], entry: Mapping[str, Any]) -> _Declared:
    return kind(**{part.name: entry[part.name] for part in fields(kind) if part.name in entry})


def _check(manifest: Mapping[str, Any]) -> None:
    """Refuse what Slack refuses, with one sentence about the first thing that is wrong."""
    for path, (most, key) in _LISTS.items():
        for at, value in _places(manifest, path.split(".")):
            if not isinstance(value or [], list) or len(value or []) > most:
                raise ManifestUnusable(f"The manifest's {at} must be a list of at most {most} entries.")
            names = [one.get(key) if isinstance(one, Mapping) else one for one in value or []]
            if twice := next((one for one in names if names.count(one) > 1), None):
                raise ManifestUnusable(f"The manifest's {at} names {twice} twice.")
    for path, (pattern, words) in _TEXTS.items():
        for at, value in _places(manifest, path.split(".")):
            text = "" if value is None else value
            if not isinstance(text, str) or not re.fullmatch(pattern, text, re.DOTALL):
                raise ManifestUnusable(f"The manifest's {at} must be {words}.")


def _places(node: Any, path: list[str], at: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value at a path, and where it stands; None where there is none."""
    if not path:
        yield at.removesuffix("."), node
        return
    name, *rest = path
    value = node.get(name.removesuffix("[]")) if isinstance(node, Mapping) else None
    if not name.endswith("[]"):
        yield from _places(value, rest, f"{at}{name}.")
        return
    for number, one in enumerate(value or ()):
        yield from _places(one, rest, f"{at}{name.removesuffix('[]')}[{number}].")
