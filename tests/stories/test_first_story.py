"""The first story: a post in a file becomes a delivered answer."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.clock import SystemClock
from bot.demo.server import Platform
from bot.feeds.replay import Replay
from bot.web.server import bind, serving
from tests.stories.stage import ANA, stage, text_of


async def test_a_post_becomes_a_card_a_claim_and_a_delivered_answer(tmp_path: Path):
    platform = Platform(keep=tmp_path / "platform.db", token="town")
    async with (
        serving(platform.asgi, bind(0)) as town,
        stage(
            tmp_path,
            feeds=[{"kind": "demo", "name": "demo", "url": town, "every_s": 0.1}],
            secrets={"demo": "town"},
        ) as scene,
    ):
        card = await scene.card("logged me out at the gate")

        assert (await scene.press(ANA, card, "case.claim"))["ok"]
        claimed = await scene.card("Claimed by ana")
        assert (await scene.press(ANA, claimed, "case.reply"))["ok"]
        assert (await scene.submit(ANA, text="Sorry! We have let you back in & flagged it.", options=["resolve"]))["ok"]

        done = await scene.card("Resolved by ana: answered")
        assert "Sorry! We have let you back in & flagged it." in text_of(done)
        async with httpx.AsyncClient(base_url=town, headers={"Authorization": "Bearer town"}) as public:
            posts = (await public.get("/api/posts", params={"since": ""})).json()["posts"]
        said = [post["text"] for post in posts if post["account"]]
        assert said == ["Sorry! We have let you back in & flagged it."]


async def test_a_replayed_file_becomes_cards(tmp_path: Path):
    file = tmp_path / "posts.csv"
    file.write_text(
        "id,author,text,created_at\n1,mo,My parcel never arrived and nobody answers!,2026-11-20T10:00:00Z\n"
    )
    async with stage(tmp_path / "data") as scene:
        await scene.goshawk.listener(Replay(path=file, clock=SystemClock(), platform="X")).read()

        card = await scene.card("My parcel never arrived")

        assert "Unclaimed" in text_of(card)
        assert "@mo" in text_of(card).replace("\u200b", "")
