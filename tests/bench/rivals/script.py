"""What one writes in an afternoon: a signed webhook, VADER, and Bolt's client. Nothing is stored.

With ``vaderSentiment`` installed its scores are used; without it a stand-in of a
few words, and the first line says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
from collections.abc import Callable

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

try:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    scorer, named = SentimentIntensityAnalyzer(), "vaderSentiment"
    score: Callable[[str], float] = lambda text: scorer.polarity_scores(text)["compound"]  # noqa: E731 - a script
except ImportError:
    BAD = ("lost", "never", "nobody", "disgrace", "worst", "angry", "refund", "late", "cancelled", "rude", "broken")
    named = "a stand-in lexicon"
    score = lambda text: -0.3 * sum(word in text.lower() for word in BAD)  # noqa: E731 - a script

SECRET = os.environ["GOSHAWK_SECRETS__BENCH"].encode()
client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = AsyncApp(client=client, signing_secret="none")
under_way: set[asyncio.Task[object]] = set()


async def hook(request: web.Request) -> web.Response:
    """Check the signature, score, and post the bad ones after the answer."""
    body = await request.read()
    base = request.headers["X-Goshawk-Timestamp"].encode() + b"." + body
    proof = "v1=" + hmac.new(SECRET, base, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(proof, request.headers["X-Goshawk-Signature"]):
        return web.Response(status=401)
    post = json.loads(body)
    if score(post["text"]) < -0.05:
        task = asyncio.create_task(app.client.chat_postMessage(channel="C0BENCH001", text=post["text"]))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    return web.json_response({"ok": True})


if __name__ == "__main__":
    server = web.Application()
    server.router.add_post("/hooks/bench", hook)
    port = int(os.environ["PORT"])
    print(f"scores by {named}, http://127.0.0.1:{port}", flush=True)  # noqa: T201 - the driver reads it
    web.run_app(server, host="127.0.0.1", port=port, access_log=None, print=None)
