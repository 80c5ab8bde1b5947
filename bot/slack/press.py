"""The test card of ``goshawk doctor --press``: posted, pressed by a person, and told how long the way took.

Slack gives a press to one of the app's connections. Beside a bot that runs it
is the bot's, which leaves a mark; else a connection is opened for it alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotOurs
from bot.slack.blocks import actions, button, section
from bot.slack.cards import Drawing
from bot.slack.gateway import Gateway
from bot.slack.lists import notice
from bot.slack.sockets import Sockets
from bot.slack.text import person, say

#: The button's name on the wire.
PRESS: Final = "doctor.press"
_MARK: Final = "press"

#: Remembers a press by its key; returns whether that is new.
Remember = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Pressed:
    """One press on a test card."""

    by: str
    stamped_at: datetime
    """When it happened, as Slack says."""
    at: datetime
    """When it reached us."""

    @property
    def way(self) -> timedelta:
        """How long it was on its way, as far as the two clocks agree."""
        return max(timedelta(), self.at - self.stamped_at)


def card(nonce: str) -> Drawing:
    """Return the test card."""
    words = say("🩺 *A test of Goshawk's connection.* Please press the button: somebody waits for it at a terminal.")
    press = button("I see this", PRESS, nonce, style="primary")
    return Drawing(words, [section(words), actions([press], block_id=f"press-{nonce}")])


def done(pressed: Pressed) -> Drawing:
    """Return what stands in its place once it was pressed."""
    seconds = f"{pressed.way.total_seconds():.2f}"
    return notice(say("🩺 The connection works: {who} pressed, {s} s on the way.", who=person(pressed.by), s=seconds))


def vain() -> Drawing:
    """Return what stands in its place when nobody pressed in time."""
    return notice(say("🩺 A test of Goshawk's connection: no press arrived in time."))


def marks_of(nonce: str) -> str:
    """Return what the keys of the presses on one test card begin with."""
    return f"{_MARK}:{nonce}:"


def read(key: str, at: datetime) -> Pressed:
    """Return the press that a key remembers."""
    by, stamp = key.rsplit(":", 2)[1:]
    return Pressed(by, datetime.fromtimestamp(float(stamp), UTC), at)


def listen(app: AsyncApp, remember: Remember) -> None:
    """Hear the presses on test cards; they change nothing else."""

    @app.action(PRESS)
    async def pressed(ack: AsyncAck, action: dict[str, Any], body: dict[str, Any]) -> None:
        nonce, stamp = str(action.get("value", "")), str(action.get("action_ts", ""))
        if not (nonce.isalnum() and len(nonce) <= 40 and stamp.replace(".", "", 1).isdigit()):
            raise NotOurs
        await remember(f"{marks_of(nonce)}{body['user']['id']}:{stamp}")
        await ack()


@contextlib.asynccontextmanager
async def alone(client: AsyncWebClient, gateway: Gateway, app_token: str, remember: Remember) -> AsyncIterator[None]:
    """Listen for presses over a connection of its own: only where no bot runs, for it takes everybody's presses."""
    app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)
    listen(app, remember)
    sockets = Sockets(app, app_token, count=1)
    try:
        await sockets.connect(gateway)
        yield
    finally:
        await sockets.close()
