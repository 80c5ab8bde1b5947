"""The manifest asks for what the listeners use, all of it and nothing more."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import bot.slack
from bot.sandbox.manifest import read
from bot.slack import actions, commands, ids, views
from bot.slack.manifest import manifest

#: What each call of ours needs. Source: Slack docs, the methods' pages, read 2026-11-21.
NEEDS = {
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_getPermalink": set(),
    "chat_delete": {"chat:write"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
    "auth_test": set(),
    "apps_connections_open": set(),
    "conversations_open": {"im:write"},
    "conversations_history": set(),  # may be granted; without it Slack says missing_scope, and no old card is found
    "conversations.replies": set(),  # the same: what an erasure emptied is then told as not read back
    "conversations_info": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "users_info": {"users:read"},
    "users.list": {"users:read"},
    "usergroups.list": {"usergroups:read"},
    "conversations.list": {"channels:read", "groups:read"},
}
#: What each thing that we hear needs.
HEARS = {"app_mention": "app_mentions:read", "reaction_added": "reactions:read"}

SOURCE = "".join(file.read_text() for file in Path(inspect.getfile(bot.slack)).parent.glob("*.py"))


#: What is called only where an optional scope was granted.
OPTIONAL = {"conversations_history"}


def heard(kind: str) -> set[str]:
    return set(re.findall(rf'@app\.{kind}\("([^"]+)"\)', SOURCE))


def test_the_scopes_are_the_nine_that_are_used():
    called = set(re.findall(r"self\._client\.([a-zA-Z_]+)", SOURCE)) - {"api_call", *OPTIONAL}
    called |= set(re.findall(r'\.pages\(\s*"([a-zA-Z.]+)"', SOURCE))
    used = set().union(*(NEEDS[name] for name in called)) | {HEARS[name] for name in heard("event") if name in HEARS}

    asked = manifest()["oauth_config"]["scopes"]["bot"]
    assert asked == sorted(used | {"commands"})
    assert len(asked) == 9 and not any("history" in scope for scope in asked)


def test_history_is_read_only_by_who_asked_for_it():
    asked = set(manifest(look_back=True)["oauth_config"]["scopes"]["bot"])

    assert asked - set(manifest()["oauth_config"]["scopes"]["bot"]) == {"channels:history", "groups:history"}


def test_the_events_are_those_that_are_heard():
    assert set(manifest()["settings"]["event_subscriptions"]["bot_events"]) == heard("event")


def test_the_commands_are_those_that_are_heard_and_they_escape():
    declared = manifest()["features"]["slash_commands"]

    assert {one["command"] for one in declared} == heard("command") | set(commands.SHORTHANDS)
    assert all(one["should_escape"] and len(one["description"]) <= 2_000 for one in declared)
    assert all(len(one["usage_hint"]) <= 1_000 for one in declared)


def test_every_control_and_every_window_has_its_listener():
    names = {value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)}

    assert {one for one in names if one.startswith("case.")} == {*actions.ACTS, ids.MORE, ids.PREFIX}
    assert {one for one in names if one.startswith("view.")} == set(views.SUBMITS)


def test_the_sandbox_reads_it():
    app = read(manifest())

    assert set(app.commands) == {"/social", "/claim", "/reply"} and app.home_tab and app.interactivity


def test_the_shortcuts_are_those_that_are_heard_and_need_no_further_scope():
    declared = manifest()["features"]["shortcuts"]

    assert [(one["name"], one["type"]) for one in declared] == [
        ("Track as social mention", "message"),
        ("Add to case notes", "message"),
    ]
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in declared)
    heard_ids = {getattr(ids, name) for name in re.findall(r"@app\.shortcut\(ids\.([A-Z]+)\)", SOURCE)}
    assert {one["callback_id"] for one in declared} == heard_ids
    assert {one.callback_id for one in read(manifest()).shortcuts} == heard_ids


def test_the_hint_names_verbs_that_exist():
    hint = manifest()["features"]["slash_commands"][0]["usage_hint"]

    assert set(re.findall(r"[a-z]+", hint)) <= set(commands.VERBS_BY_WORD)
