"""The app manifest: refused where Slack refuses it, with a sentence that says what is wrong."""

import copy

import pytest

from bot.sandbox.errors import ManifestUnusable
from bot.sandbox.manifest import read
from bot.sandbox.server import Sandbox
from tests.sandbox.stage import MANIFEST, SCOPES


def put(path, value):
    """Return the manifest with one value changed; ``path`` is a list of keys and indexes."""
    changed = copy.deepcopy(MANIFEST)
    node = changed
    for key in path[:-1]:
        node = node[key] if isinstance(node, list) else node.setdefault(key, {})
    node[path[-1]] = value
    return changed


def command(number=0, **change):
    return {"command": f"/c{number}", "description": "x", **change}


def shortcut(number=0, **change):
    return {"name": "x", "callback_id": f"c{number}", "type": "global", "description": "x", **change}


COMMANDS, SHORTCUTS = ["features", "slash_commands"], ["features", "shortcuts"]
SHOWN, EVENTS = ["display_information"], ["settings", "event_subscriptions", "bot_events"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ([*SHOWN, "name"], "a" * 35),
        ([*SHOWN, "description"], "a" * 140),
        ([*SHOWN, "long_description"], "a\n" * 87),
        ([*COMMANDS], [command(number) for number in range(50)]),
        ([*COMMANDS, 0], command(command="/" + "a" * 31, description="a" * 2_000, usage_hint="a" * 1_000)),
        ([*SHORTCUTS], [shortcut(number) for number in range(10)]),
        ([*SHORTCUTS, 0], shortcut(name="a" * 24, callback_id="a" * 255, description="a" * 150)),
        ([*EVENTS], ["message.im", "tokens_revoked"]),
    ],
)
def test_a_manifest_at_its_limits_is_taken(path, value):
    assert read(put(path, value)).name


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ([*SHOWN], {}, "display_information.name must be 1 to 35 characters"),
        ([*SHOWN, "name"], "a" * 36, "display_information.name must be 1 to 35 characters"),
        ([*SHOWN, "name"], 7, "display_information.name must be 1 to 35 characters"),
        ([*SHOWN, "description"], "a" * 141, "display_information.description must be at most 140 characters"),
        ([*SHOWN, "long_description"], "short", "display_information.long_description must be 174 to 4,000 characters"),
        (
            ["features", "bot_user", "display_name"],
            "a" * 81,
            "features.bot_user.display_name must be at most 80 characters",
        ),
        (
            COMMANDS,
            [command(number) for number in range(51)],
            "features.slash_commands must be a list of at most 50 entries",
        ),
        (COMMANDS, {"command": "/x"}, "features.slash_commands must be a list of at most 50 entries"),
        (COMMANDS, [command(), command()], "features.slash_commands names /c0 twice"),
        (
            [*COMMANDS, 1],
            command(command="social"),
            "features.slash_commands[1].command must be a slash and 1 to 31 characters, none of them a space",
        ),
        (
            [*COMMANDS, 0],
            command(command="/" + "a" * 32),
            "features.slash_commands[0].command must be a slash and 1 to 31 characters, none of them a space",
        ),
        (
            [*COMMANDS, 0],
            {"command": "/x"},
            "features.slash_commands[0].description must be 1 to 2,000 characters",
        ),
        (
            [*COMMANDS, 0],
            command(usage_hint="a" * 1_001),
            "features.slash_commands[0].usage_hint must be at most 1,000 characters",
        ),
        (
            SHORTCUTS,
            [shortcut(number) for number in range(11)],
            "features.shortcuts must be a list of at most 10 entries",
        ),
        (SHORTCUTS, [shortcut(), shortcut()], "features.shortcuts names c0 twice"),
        ([*SHORTCUTS, 0], shortcut(name="a" * 25), "features.shortcuts[0].name must be 1 to 24 characters"),
        (
            [*SHORTCUTS, 0],
            shortcut(callback_id="a" * 256),
            "features.shortcuts[0].callback_id must be 1 to 255 characters",
        ),
        ([*SHORTCUTS, 0], shortcut(type="channel"), "features.shortcuts[0].type must be message or global"),
        ([*SHORTCUTS, 0], "just words", "features.shortcuts[0].name must be 1 to 24 characters"),
        (
            EVENTS,
            ["app_mentioned"],
            (
                "settings.event_subscriptions.bot_events[0] must be an event that the sandbox knows: app_home_opened, "
                "app_mention, app_uninstalled, member_joined_channel, message.channels, message.groups, message.im, "
                "reaction_added, reaction_removed, tokens_revoked"
            ),
        ),
        (["features"], ["commands"], "features must be an object"),
        (
            ["oauth_config", "scopes", "bot"],
            "commands",
            "oauth_config.scopes.bot must be a list of at most 255 entries",
        ),
        (
            ["oauth_config", "scopes", "bot_optional"],
            ["Read everything"],
            "oauth_config.scopes.bot_optional[0] must be the name of a scope",
        ),
    ],
)
def test_a_manifest_that_slack_refuses_is_refused_with_one_sentence(path, value, sentence):
    with pytest.raises(ManifestUnusable) as refused:
        Sandbox(put(path, value))

    assert str(refused.value) == f"The manifest's {sentence}."


@pytest.mark.parametrize(
    "path", [["features"], ["settings"], ["oauth_config", "scopes", "bot"], [*EVENTS], [*COMMANDS]]
)
def test_what_a_manifest_says_nothing_of_is_not_granted(path):
    assert read(put(path, None)).name


def test_optional_scopes_are_granted_too():
    manifest = put(["oauth_config", "scopes", "bot_optional"], ["channels:history", "chat:write"])

    assert read(manifest).scopes == (*SCOPES, "channels:history")
