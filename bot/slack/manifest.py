"""The app manifest, made from what the listeners hear: nothing is asked for that is not used."""

from __future__ import annotations

import json
from typing import Any, Final

from bot.slack import ids
from bot.slack.commands import SHORTHANDS

#: Bot scopes and what each is for.
SCOPES: Final = {
    "app_mentions:read": "hears @Goshawk in a card's thread",
    "channels:read": "checks that a channel exists",
    "chat:write": "posts and redraws cards",
    "commands": "hears /social, /claim, /reply and the two shortcuts of messages",
    "groups:read": "checks that a private channel is private",
    "im:write": "answers where there is no channel",
    "reactions:read": "hears 👀 ✅ 🚨 💤 on cards",
    "usergroups:read": "mentions the groups of a tier, knows who has a role",
    "users:read": "knows names, guests and bots",
}

#: What may be granted besides, and what for: reading back is a great right, so it is never asked for by itself.
OPTIONAL_SCOPES: Final = {
    "channels:history": "finds a message again whose answer was lost; reads back what an erasure has emptied",
    "groups:history": "the same in private channels",
}

EVENTS: Final = ("app_home_opened", "app_mention", "reaction_added")

#: In the menu of every message; a name has at most 24 characters.
SHORTCUTS: Final = {
    ids.TRACK: ("Track as social mention", "Opens a case for a post that a colleague found"),
    ids.KEEP: ("Add to case notes", "Writes this message into the timeline of a case"),
}

_COMMANDS: Final = {
    "/social": ("Complaints from outside: see, take, answer", "[queue | claim 12 | reply 12 | help]"),
    "/claim": ("Take a complaint", "[12 | next]"),
    "/reply": ("Answer a complaint; nothing leaves before you press Send", "[12] [text]"),
}


def manifest(*, look_back: bool = False) -> dict[str, Any]:
    """Return the manifest as Slack's "Create app from manifest" takes it; ``look_back`` asks for history, too."""
    scopes = {**SCOPES, **(OPTIONAL_SCOPES if look_back else {})}
    names = ["/social", *SHORTHANDS]
    return {
        "display_information": {
            "name": "Goshawk",
            "description": "Brings public complaints here and your answers back",
            "background_color": "#1f3a4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Goshawk", "always_online": True},
            "shortcuts": [
                {"name": name, "type": "message", "callback_id": callback_id, "description": description}
                for callback_id, (name, description) in SHORTCUTS.items()
            ],
            "slash_commands": [
                {
                    "command": name,
                    "description": _COMMANDS[name][0],
                    "usage_hint": _COMMANDS[name][1],
                    "should_escape": True,
                }
                for name in names
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(scopes)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def printed(*, look_back: bool = False) -> str:
    """Return the manifest as Slack's page takes it."""
    return json.dumps(manifest(look_back=look_back), indent=2, ensure_ascii=False)
