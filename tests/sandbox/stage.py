"""A sandbox served on a free port, people to play, and a bolt app connected to it."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import ASGIApp

from bot.sandbox.server import Sandbox

CARE, ESCALATIONS, PRIVATE, GENERAL = "C0CARE0001", "C0ESCAL001", "C0PRIVATE1", "C0GENERAL1"
ANA, BEN, CLEO, DEV = "U0ANA00001", "U0BEN00001", "U0CLEO0001", "U0DEV00001"
GUS, OTTO, BOT = "U0GUS00001", "U0OTTO0001", "U0GOSHAWK1"

SCOPES = [
    "commands",
    "chat:write",
    "users:read",
    "usergroups:read",
    "channels:read",
    "groups:read",
    "im:write",
    "app_mentions:read",
    "reactions:read",
]

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Goshawk"},
    "features": {
        "bot_user": {"display_name": "Goshawk"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/social", "description": "Cases", "usage_hint": "[queue]", "should_escape": True},
            {"command": "/raw", "description": "As typed"},
        ],
        "shortcuts": [
            {"name": "Escalate this", "type": "message", "callback_id": "escalate", "description": "To a lead"},
            {"name": "Report a mention", "type": "global", "callback_id": "report", "description": "By its address"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "reaction_added"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def granted(*scopes: str) -> dict[str, Any]:
    """Return the manifest with these scopes besides its own."""
    return {**MANIFEST, "oauth_config": {"scopes": {"bot": [*SCOPES, *scopes]}}}


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):
        yield


class Stage:
    """One running sandbox, with a client for tests and one for the app."""

    def __init__(self, sandbox: Sandbox, url: str, http: httpx.AsyncClient, web: AsyncWebClient) -> None:
        self.sandbox, self.url, self.http, self.web = sandbox, url, http, web

    async def sim(self, verb: str, **body: Any) -> dict[str, Any]:
        return (await self.http.post(f"/sim/{verb}", json=body)).json()

    async def state(self) -> dict[str, Any]:
        return (await self.http.get("/sim/state")).json()

    async def idle(self, timeout_s: float = 5) -> None:
        answer = await self.http.get("/sim/idle", params={"timeout_s": timeout_s})
        assert answer.json() == {"ok": True}

    async def messages(self, channel: str = CARE) -> list[dict[str, Any]]:
        return (await self.state())["messages"][channel]

    async def call(self, method: str, **args: Any) -> dict[str, Any]:
        """Call the Web API without the SDK's exceptions."""
        kind = {"Content-Type": "application/json; charset=utf-8"}
        header = {"Authorization": f"Bearer {self.sandbox.bot_token}", **kind}
        return (await self.http.post(f"/api/{method}", content=json.dumps(args), headers=header)).json()


@contextlib.asynccontextmanager
async def served(asgi: ASGIApp) -> AsyncIterator[str]:
    """Serve an application on a free port; gives its address."""
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # else asyncio leaves Nagle on: 40 ms a call
    listener.bind(("127.0.0.1", 0))
    server = _Server(uvicorn.Config(asgi, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.005)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


@contextlib.asynccontextmanager
async def staged(
    manifest: dict[str, Any] | None = None, keep: Path | None = None, request_url: str = ""
) -> AsyncIterator[Stage]:
    sandbox = Sandbox(manifest or MANIFEST, keep=keep, sim_token="let me play", request_url=request_url)
    headers = {"X-Sim-Token": "let me play"}
    async with served(sandbox.asgi) as url, aiohttp.ClientSession() as one:
        web = AsyncWebClient(sandbox.bot_token, base_url=f"{url}/api/", session=one, retry_handlers=[])
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as http:
            yield Stage(sandbox, url, http, web)


@contextlib.asynccontextmanager
async def connected(stage: Stage, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect a bolt app by Socket Mode through the unmodified SDK."""
    handler = AsyncSocketModeHandler(app, stage.sandbox.app_token)
    await handler.connect_async()
    try:
        yield handler
    finally:
        await handler.close_async()


def bolt(stage: Stage) -> AsyncApp:
    return AsyncApp(client=stage.web, process_before_response=True, signing_secret=stage.sandbox.signing_secret)


def button(action_id: str = "claim", value: str = "7:1", **extra: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Claim"}
    return {"type": "button", "action_id": action_id, "text": text, "value": value, **extra}


def card(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "section", "block_id": "head", "text": {"type": "mrkdwn", "text": "*A complaint*"}},
        {"type": "actions", "block_id": "acts", "elements": list(elements) or [button()]},
    ]


def field(block_id: str, element: dict[str, Any], **extra: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": block_id.title()}
    return {"type": "input", "block_id": block_id, "label": label, "element": element, **extra}


def modal(*blocks: dict[str, Any], **extra: Any) -> dict[str, Any]:
    text_field = field("answer", {"type": "plain_text_input", "action_id": "text", "max_length": 10})
    return {
        "type": "modal",
        "callback_id": "reply",
        "title": {"type": "plain_text", "text": "Reply"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": list(blocks) or [text_field],
        **extra,
    }
