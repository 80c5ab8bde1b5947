"""The payloads that Slack sends to an app, in its own shapes.

Source of every field: Slack docs, "Interaction payloads", "Slash commands" and "Events API", and the fixtures of
the SDK's own tests, read 2026-11-21.
"""

import secrets
from typing import Any, Final

from bot.sandbox.messages import Message
from bot.sandbox.modals import View
from bot.sandbox.text import rich
from bot.sandbox.workspace import (
    APP_ID,
    BOT_USER,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    User,
)

#: The old verification token, sent with everything and trusted by nobody.
VERIFICATION_TOKEN: Final = "sandbox-verification-token"  # noqa: S105 - public by design

Json = dict[str, Any]


def command(user: User, channel: Channel, *, name: str, text: str, grants: Json) -> Json:
    """Return a slash command as Socket Mode carries it: flat, booleans as strings."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        **grants,
    }


def _interaction(kind: str, user: User) -> Json:
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(user: User, channel: Channel, message: Message, *, state: Json, action: Json, grants: Json) -> Json:
    """Return block_actions of a message; an ephemeral one is not shown to the app again.

    ``grants`` holds trigger_id and response_url.
    """
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.for_user),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    body = _interaction("block_actions", user) | {
        "container": container,
        "channel": {"id": channel.id, "name": channel.payload_name},
        "state": state,
        "actions": [action],
    }
    if not message.for_user:
        body["message"] = message.to_slack()
    return body | grants


def shortcut(user: User, callback_id: str, *, about: tuple[Channel, Message] | None, ts: str, grants: Json) -> Json:
    """Return ``message_action`` about a message in its channel, or ``shortcut`` about nothing.

    ``grants`` holds trigger_id, and response_url for a message.
    """
    body = _interaction("message_action" if about else "shortcut", user) | {"callback_id": callback_id, "action_ts": ts}
    if about:
        channel, message = about
        body |= {
            "channel": {"id": channel.id, "name": channel.payload_name},
            "message_ts": message.ts,
            "message": message.to_slack(),
        }
    return body | grants


def view_action(user: User, view: View, *, action: Json, trigger_id: str) -> Json:
    """Return block_actions of a modal or Home."""
    shown = view.to_slack()
    return _interaction("block_actions", user) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": shown,
        "state": shown["state"],
        "actions": [action],
    }


def view_submission(user: User, view: View, *, trigger_id: str) -> Json:
    """Return the submission of a modal."""
    return _interaction("view_submission", user) | {
        "trigger_id": trigger_id,
        "view": view.to_slack(),
        "response_urls": [],
    }


def view_closed(user: User, view: View, *, is_cleared: bool) -> Json:
    """Return the notice that a person dismissed a modal."""
    return _interaction("view_closed", user) | {"view": view.to_slack(), "is_cleared": is_cleared}


def event(inner: Json, *, now: float, is_shared: bool = False) -> Json:
    """Wrap an event as the Events API does."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": inner,
        "type": "event_callback",
        "event_id": "Ev0" + secrets.token_hex(4).upper(),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": is_shared,
        "event_context": "4-" + secrets.token_urlsafe(24),
    }


def written(kind: str, message: Message, author: User) -> Json:
    """Return an event about a person's message: ``app_mention`` or ``message``."""
    body: Json = {
        "user": author.id,
        "type": kind,
        "ts": message.ts,
        "client_msg_id": secrets.token_hex(16),
        "text": message.text,
        "team": author.team_id,
        "blocks": [{"block_id": secrets.token_hex(3), **rich(message.text)}],
        "channel": message.channel,
        "event_ts": message.ts,
    }
    if author.is_stranger:
        body |= {"user_team": author.team_id, "source_team": author.team_id}
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    return body


def reaction(kind: str, message: Message, *, user: str, name: str, ts: str) -> Json:
    """Return ``reaction_added`` or ``reaction_removed``."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": ts,
    }


def home_opened(user: str, channel: Channel, home: View | None, *, ts: str) -> Json:
    """Return ``app_home_opened`` for the Home tab."""
    body: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home", "event_ts": ts}
    return body | {"view": home.to_slack()} if home is not None else body
