"""What opens Slack to us: tokens and secrets that cannot be right are refused before anything is tried."""

from __future__ import annotations

from bot.errors import Misconfigured
from bot.feeds.addresses import on_this_machine, web_url
from bot.settings import Settings


def check_tokens(settings: Settings) -> None:
    """Refuse tokens and an address of Slack that cannot be right.

    Raises:
        Misconfigured: one of them is missing, swapped or cut.
    """
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        raise Misconfigured(
            "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: xoxb-... is the bot's, xapp-... the app's."
        )
    if not bot:
        raise Misconfigured(
            "SLACK_BOT_TOKEN is not set. docs/slack.md says where to find it; `goshawk demo` needs none."
        )
    if not app and not settings.slack_signing_secret.get_secret_value().split():
        raise Misconfigured(
            "SLACK_APP_TOKEN is not set. It opens Socket Mode; over HTTP set SLACK_SIGNING_SECRET instead. "
            "docs/slack.md says where both are."
        )
    for name, token, prefix in (("SLACK_BOT_TOKEN", bot, "xoxb-"), ("SLACK_APP_TOKEN", app, "xapp-")):
        if token and (not token.startswith(prefix) or token.split() != [token]):
            raise Misconfigured(f"{name} must begin with {prefix} and hold no blanks. docs/slack.md says where it is.")
    url = settings.slack_api_url
    found = web_url(url)
    if found is None or not (found.scheme == "https" or on_this_machine(url)):
        raise Misconfigured("SLACK_API_URL must begin with https:// unless it is on this machine.")
