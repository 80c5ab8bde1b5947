"""A scripted Slack app for the page's tests: posts over the Web API, acks over Socket Mode as it is told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect

from bot.sandbox.server import Sandbox

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[Json | None]]

CARE = "C0CARE0001"
ESCALATIONS = "C0ESCAL001"

MANIFEST: Json = {
    "display_information": {"name": "Goshawk"},
    "features": {
        "bot_user": {"display_name": "Goshawk"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/social", "description": "Work on what people say", "usage_hint": "[queue | claim 1042]"},
            {"command": "/claim", "description": "Take a case", "usage_hint": "[id | next]"},
        ],
        "shortcuts": [
            {"name": "Make it a case", "type": "message", "callback_id": "open_case", "description": "Opens a case"},
            {"name": "Find a case", "type": "global", "callback_id": "find_case", "description": "Searches all"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "chat:write.customize",
                "app_mentions:read",
                "reactions:read",
                "im:write",
                "files:write",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "reaction_added"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


async def _plain_ack(_envelope: Json) -> Json | None:
    return {}


class Desk:
    """The app's side of a sandbox.

    ``answer`` is called with each envelope; what it returns is the ack's payload, None means no ack at all.
    """

    def __init__(self, base_url: str) -> None:
        self.answer: Answer = _plain_ack
        self.heard: list[Json] = []
        self._news = asyncio.Event()
        headers = {"Authorization": f"Bearer {Sandbox.bot_token}"}
        self._http = httpx.AsyncClient(base_url=base_url, headers=headers, trust_env=False)
        self._listening: asyncio.Task[None] | None = None

    async def call(self, method: str, **arguments: Any) -> Json:
        """Call a Web API method that must succeed."""
        answer: Json = (await self._http.post(f"/api/{method}", json=arguments)).json()
        assert answer["ok"], (method, answer)
        return answer

    async def post(self, text: str, channel: str = CARE, **more: Any) -> str:
        """Post a message and return its ts."""
        return str((await self.call("chat.postMessage", channel=channel, text=text, **more))["ts"])

    async def listen(self) -> None:
        """Connect; from now on each envelope is answered."""
        own = {"Authorization": f"Bearer {Sandbox.app_token}"}
        opened = (await self._http.post("/api/apps.connections.open", headers=own)).json()
        socket = await connect(opened["url"], proxy=None)
        assert orjson.loads(await socket.recv())["type"] == "hello"
        self._listening = asyncio.create_task(self._serve(socket))

    async def close(self) -> None:
        """Hang up."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
            self._listening = None
        await self._http.aclose()

    async def _serve(self, socket: ClientConnection) -> None:
        async with socket:
            async for frame in socket:
                envelope = orjson.loads(frame)
                if "envelope_id" in envelope:
                    self.heard.append(envelope)
                    self._news.set()
                    payload = await self.answer(envelope)
                    if payload is not None:
                        ack = {"envelope_id": envelope["envelope_id"], "payload": payload}
                        await socket.send(orjson.dumps(ack).decode())

    async def until(self, kind: str) -> None:
        """Wait until a payload of this kind was heard, at most 5 s."""
        async with asyncio.timeout(5):
            while not self.of(kind):
                self._news.clear()
                await self._news.wait()

    def of(self, kind: str) -> list[Json]:
        """Return the payloads of one kind that were heard, such as view_submission or app_mention."""
        payloads = [envelope["payload"] for envelope in self.heard]
        return [one for one in payloads if kind in {one.get("type"), one.get("event", {}).get("type")}]
