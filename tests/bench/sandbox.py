"""Measures the sandbox: ``python -m tests.bench sandbox [--times N] [--messages N]``. Linux only, needs Chromium.

How soon it answers, what it holds in memory, how many messages it takes in a
second with its limits off, how soon a page shows the first card of a full
channel, and its size beside the bot that it serves.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import async_playwright

from bot.sandbox.server import Sandbox
from tests.bench.memory import mebibytes
from tests.cli.terminal import TOKEN, Process, started
from tests.house.tree import SANDBOX, SERVED, size

CARE, ESCALATIONS = "C0CARE0001", "C0ESCAL001"


def words(text: str) -> dict[str, str]:
    """Return Slack's mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def button(action_id: str, text: str, value: str) -> dict[str, Any]:
    """Return a button."""
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}, "value": value}


def card(number: int) -> list[dict[str, Any]]:
    """Return a card of the size that Goshawk posts."""
    said = (
        f"third day asking where suitcase {number} is. first answer: it is in Ormsea. second answer: what is a suitcase"
    )
    quoted = {"type": "rich_text_quote", "elements": [{"type": "text", "text": said}]}
    facts = ("*From*\nduncan (@dunc_n_out)", "*Reach*\n97 followers, 19 likes", "*Why*\nwaiting: third day")
    named = [button(f"case.{name.lower()}", name, f"{number}:1") for name in ("Claim", "Reply", "Escalate")]
    return [
        {"type": "section", "text": words("🟡 *P3 normal* · complaint · 🔴 *Unclaimed*")},
        {"type": "rich_text", "elements": [quoted]},
        {"type": "section", "fields": [words(one) for one in facts]},
        {"type": "actions", "elements": named},
        {"type": "context", "elements": [words(f"case `{number}` · posted today")]},
    ]


def opened(folder: Path) -> tuple[Process, float]:
    """Start one; return it and the seconds until it answered."""
    begun = time.monotonic()
    process = started("sandbox", "--port", "0", "--keep", str(folder / "slack.db"), cwd=folder)
    process.url = process.line().removeprefix("Slack sandbox: ")
    process.get("/")
    return process, time.monotonic() - begun


async def posted(url: str, channel: str, count: int, *, at_once: int) -> float:
    """Post so many cards over so many connections; return messages a second."""
    header = {"Authorization": f"Bearer {Sandbox.bot_token}"}
    waiting = iter(range(count))
    async with httpx.AsyncClient(base_url=f"{url}/api", headers=header, trust_env=False) as http:

        async def one_after_the_other() -> None:
            for number in waiting:
                sent = {"channel": channel, "text": f"Complaint {number}", "blocks": card(number)}
                answer = (await http.post("/chat.postMessage", json=sent)).json()
                assert answer["ok"], answer

        begun = time.monotonic()
        await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
        return count / (time.monotonic() - begun)


async def first_cards(url: str, times: int) -> list[float]:
    """Open the page so many times, each in a browser that knows nothing yet; return seconds to a Claim button."""
    found = []
    async with async_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(times):
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            begun = time.monotonic()
            await page.goto(f"{url}/?user=U0ANA00001", wait_until="commit")
            await page.get_by_role("button", name="Claim").last.wait_for()
            found.append(time.monotonic() - begun)
            await page.close()
        await browser.close()
    return found


async def measured(process: Process, times: int, messages: int) -> str:
    """Fill a channel, and return what was measured on the way."""
    idle = mebibytes(process.handle.pid, "Rss")
    async with httpx.AsyncClient(base_url=process.url, headers={"X-Sim-Token": TOKEN}, trust_env=False) as sim:
        assert (await sim.post("/sim/limits", json={"tightness": "off"})).json()["ok"]
    single = await posted(process.url, CARE, messages, at_once=1)
    full = mebibytes(process.handle.pid, "Rss")
    several = await posted(process.url, ESCALATIONS, messages, at_once=8)
    seen = await first_cards(process.url, times)
    return (
        f"memory     idle {idle:.0f} MiB  with {messages} cards {full:.0f} MiB  (RSS)\n"
        f"accepted   {single:.0f} cards/s one after the other  {several:.0f} cards/s over 8 connections\n"
        f"page       first Claim with {messages} cards {statistics.median(seen):.2f} s (worst {max(seen):.2f})"
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Print each figure on a line of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench sandbox", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--messages", type=int, default=500)
    options = parser.parse_args(argv)
    starts = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.times):
            process, took = opened(Path(folder))
            starts.append(took)
            process.stopped()
        process, _ = opened(Path(folder))
        try:
            filled = asyncio.run(measured(process, options.times, options.messages))
        finally:
            process.handle.kill()
    print(  # noqa: T201 - a benchmark speaks to a terminal
        f"load       {os.getloadavg()[0]:.1f}\n"
        f"start      to the first answer {statistics.median(starts):.2f} s (worst {max(starts):.2f})\n"
        f"{filled}\n"
        f"size       sandbox {size(SANDBOX):,} lines  the bot that it serves {size(SERVED):,} lines"
    )


if __name__ == "__main__":
    main()
