"""Where somebody outside is called is a secret: it travels closed, and stands in no log and no error."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot import log
from bot.cli.run import secrets_of
from bot.errors import Misconfigured
from bot.settings import only

SECRET = "7c1f0a52-aaaa-bbbb"


@pytest.mark.parametrize(
    "url",
    [
        f"https://ping.example/{SECRET}",
        f"https://ping.example:8443/{SECRET}?create=1",
        f"http://127.0.0.1:8000/{SECRET}",
        f"http://localhost/{SECRET}",
        f"http://[::1]:8000/{SECRET}",
        "",
    ],
)
def test_a_closed_way_or_one_on_this_machine_is_taken(url: str):
    assert only(heartbeat_url=url).heartbeat_url.get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        f"http://ping.example/{SECRET}",
        f"http://127.0.0.1@ping.example/{SECRET}",
        f"http://localhost.ping.example/{SECRET}",
        f"ping.example/{SECRET}",
        f"https://ping.example/{SECRET} and more",
        f"https:///{SECRET}",
        f"file:///{SECRET}",
    ],
)
def test_an_open_way_is_refused_and_not_repeated(url: str):
    with pytest.raises(Misconfigured) as wrong:
        only(heartbeat_url=url)

    assert str(wrong.value) == (
        "The setting heartbeat_url is wrong: write an address that begins with https://, or http:// on this machine. "
        "See docs/settings.md."
    )


def test_no_log_line_holds_the_address_or_its_secret_end(capsys: pytest.CaptureFixture[str]):
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        log.configure("INFO", secrets=secrets_of(only(heartbeat_url=f"https://ping.example/checks/{SECRET}")))
        log.get("bot.test").warning(
            "called", whole=f"GET https://ping.example/checks/{SECRET}", path=f"/checks/{SECRET}"
        )
    finally:
        structlog.reset_defaults()
        root.handlers = handlers
        root.setLevel(level)

    said = capsys.readouterr().err
    assert '"event": "called"' in said and SECRET not in said
