"""A default Bolt hello world: one command and one button, both acknowledged at once; nothing is stored."""

from __future__ import annotations

import os
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])


@app.command("/social")
async def hello(ack: AsyncAck, command: dict[str, Any]) -> None:
    """Greet."""
    await ack(f"Hello {command['text']}")


@app.action("case.claim")
async def pressed(ack: AsyncAck) -> None:
    """Take the press."""
    await ack()


if __name__ == "__main__":
    port = int(os.environ["PORT"])
    print(f"http://127.0.0.1:{port}", flush=True)  # noqa: T201 - the driver reads it
    app.start(port, host="127.0.0.1")
