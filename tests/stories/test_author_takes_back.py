"""Authors change their minds: Slack shows what they say now, and nothing of what they took back."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, BEN, CLEO, DEV, MONEY, PRIVATE, THANKS, Stage, a_card, elements, stage, text_of

TYPO = "@harbourline my suitcase never arrived in Lisbno and nobody answers me!"


async def everywhere(scene: Stage) -> str:
    return repr((await scene.state())["messages"])


async def test_a_deleted_post_leaves_slack_and_no_answer_to_it_leaves(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene, TYPO)
        await scene.press(ANA, card, "case.claim")
        await scene.settled()
        await scene.told(ANA, "escalate 1 lead what now")
        await scene.press(ANA, card, "case.reply")

        scene.town.delete("p1")
        gone = await scene.card("The author deleted this post")
        refused = await scene.submit(ANA, text="We found it.")
        await scene.settled()

        assert "The author deleted it. Nothing was sent." in repr(refused)
        assert "Lisbno" not in await everywhere(scene)
        assert any(
            "the author deleted their post. Nothing is left to answer" in line for line in await scene.thread(card)
        )
        assert (gone["ts"], scene.town.said) == (card["ts"], [])


async def test_an_edited_post_is_shown_as_it_reads_now_and_read_again_before_send(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene, TYPO)
        await scene.press(ANA, card, "case.reply")

        scene.town.edit("p1", MONEY)
        now = await scene.card("charged me twice")
        first = await scene.submit(ANA, text="We are on it.")
        second = await scene.submit(ANA, text="We are on it.")
        await scene.settled()

        assert "P2 high" in text_of(now) and "edited" in text_of(now)
        assert "The author changed this after you began. Read it again, then send." in repr(first)
        assert second["ok"] and scene.town.said == ["We are on it."]
        assert "Lisbno" not in await everywhere(scene)


async def test_what_an_author_makes_private_leaves_the_public_channel(tmp_path: Path):
    async with stage(tmp_path) as scene:
        card = await a_card(scene, TYPO)
        await scene.told(ANA, "escalate 1 lead what now")

        scene.town.posts[0]["visibility"] = "private"
        scene.town.edit("p1", f"{TYPO} My passport is K0815.")
        await scene.card("K0815", channel=PRIVATE)
        await scene.settled()

        shared = [found for room, found in (await scene.state())["messages"].items() if room != PRIVATE]
        assert "K0815" not in repr(shared) and "Lisbno" not in repr(shared)
        assert "A private mention came in" in text_of((await scene.cards())[0])
        await scene.press(DEV, card, "case.reply", value="1:1")
        assert "K0815" not in repr((await scene.state())["views"])


async def test_a_rollup_forgets_what_was_taken_back(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        scene.town.post(THANKS, by="nils")
        scene.town.post(THANKS.replace("great", "splendid"), by="joe")
        await scene.read()
        await scene.turn(hours=1.1)
        await scene.card("splendid crew")

        scene.town.delete("p2")
        await scene.card("The author deleted this post")
        await scene.settled()

        assert "splendid" not in await everywhere(scene) and "great crew" in await everywhere(scene)


async def test_words_leave_slack_after_their_time_and_open_cases_stay(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, keep_days=30, stale_claim_minutes=0) as scene:
        old = await a_card(scene, TYPO)
        await scene.answer(ANA, old, "We found it.")
        await scene.settled()
        await scene.told(ANA, "resolve 1 answered")
        scene.town.post(MONEY, by="nils")
        await scene.card("charged me twice")
        await scene.settled()

        for _ in range(4):
            await scene.turn(hours=24 * 8)
        await scene.card("Removed after 30 days")
        await scene.settled()

        assert not [words for words in ("Lisbno", "We found it", "@mara") if words in await everywhere(scene)]
        assert "charged me twice" in await everywhere(scene)


async def test_what_slack_refuses_is_told_to_who_asked(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock()) as scene:
        await a_card(scene, TYPO, by="mara.quill")
        await scene.told(CLEO, "erase mara.quill")
        question = await scene.whispered(CLEO)
        value = next(one["value"] for one in elements(question) if one["action_id"] == "case.erase")
        fault = {"method": "chat.update", "error": "edit_window_closed", "times": 5, "kind": "error"}
        await scene._do("faults", **fault)
        await scene._do("faults", **{**fault, "method": "chat.delete", "error": "cant_delete_message"})
        await scene.press(CLEO, question, "case.erase", value=value)
        for _ in range(20):
            await scene.settled()
            await scene.turn(seconds=3)
        told = [
            text_of(one) for name, found in (await scene.state())["messages"].items() if name[0] == "D" for one in found
        ]

        assert any("1 message could not be: 1 × cant_delete_message" in one for one in told), told


async def test_nobody_but_an_admin_is_asked(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await a_card(scene)

        assert "needs the role admin" in await scene.told(BEN, "erase @mara")
