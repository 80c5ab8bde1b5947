"""What stands open to a network, and whom the token is shown to."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import running
from bot.errors import Misconfigured
from bot.settings import only


@pytest.mark.parametrize(
    "url",
    [
        "http://slack.example/api/",
        "http://localhost:pass@slack.example/api/",
        "http://127.0.0.1:80@slack.example/api/",
        "http://127.0.0.1.slack.example/api/",
        "https:///api/",
        "http://localhost:port/api/",
    ],
)
async def test_the_token_goes_nowhere_unencrypted_but_to_this_machine(tmp_path: Path, url: str):
    settings = only(data=tmp_path, slack_bot_token="xoxb-1", slack_app_token="xapp-1", slack_api_url=url)

    with pytest.raises(Misconfigured, match="SLACK_API_URL must begin with https:// unless it is on this machine"):
        async with running(settings):
            pass
