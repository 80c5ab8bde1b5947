"""What the app is allowed to do, read from its manifest: the sandbox grants nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
    """Read a Slack app manifest (v1); what it does not say is not granted."""
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    name = manifest.get("display_information", {}).get("name", "App")
    scopes = tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
    declares = features if "commands" in scopes else {}
    tabs = features.get("app_home", {})
    return AppManifest(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name),
        scopes=scopes,
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands={entry["command"]: _command(entry) for entry in declares.get("slash_commands", ())},
        shortcuts=tuple(_shortcut(entry) for entry in declares.get("shortcuts", ())),
        interactivity=bool(settings.get("interactivity", {}).get("is_enabled")),
        home_tab=bool(tabs.get("home_tab_enabled")),
        messages_tab=bool(tabs.get("messages_tab_enabled", True)),
        messages_read_only=bool(tabs.get("messages_tab_read_only_enabled")),
    )


def _command(entry: Mapping[str, Any]) -> Command:
    return Command(
        command=entry["command"],
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape")),
    )


def _shortcut(entry: Mapping[str, Any]) -> Shortcut:
    return Shortcut(entry["name"], entry["callback_id"], entry["type"], entry.get("description", ""))
