"""What can be typed: every sub-command, its synonyms, and what happens when it is misspelt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.stage import ANA, BEN, CARE, GOSHAWK, MONEY, PLAIN, Stage, elements, labels, stage, text_of


async def three_cases(scene: Stage) -> None:
    scene.town.post(PLAIN, by="mara")
    scene.town.post(MONEY, by="nils")
    scene.town.post("@harbourline the app is broken again, terrible", by="olga")
    await scene.card("@mara")
    await scene.card("@nils")
    await scene.card("@olga")
    await scene.settled()


#: What Ana, who has case 1, types; and what the private answer holds.
ANSWERS = [
    ("", "Open work"),
    ("queue", "Open work"),
    ("list", "Open work"),
    ("inbox", "Open work"),
    ("queue mine", "Yours"),
    ("queue unanswered", "Unanswered"),
    ("queue late", "Late: nothing here"),
    ("queue unflagged", "No tagged mention was left aside"),
    ("mine", "Yours"),
    ("show 1", "opened"),
    ("show #1", "assigned"),
    ("case 1", "assigned"),
    ("timeline 1", "assigned"),
    ("claim 2", "Case 2 is yours"),
    ("ack 2", "Case 2 is yours"),
    ("take 2", "Case 2 is yours"),
    ("CLAIM 2", "Case 2 is yours"),
    ("claim next", "is yours"),
    ("release 1", "Case 1 is back in the queue"),
    ("unclaim 1", "Case 1 is back in the queue"),
    ("unack 1", "Case 1 is back in the queue"),
    ("drop 1", "Case 1 is back in the queue"),
    ("assign 1 @ben she speaks Danish", "Case 1 is ben's now"),
    ("give 2 @ben", "Case 2 is ben's now"),
    ("resolve 1", "Case 1: resolved, answered"),
    ("close 1 spam", "Case 1: resolved, spam"),
    ("done 1 handed over to the port", "Case 1: resolved, handed over"),
    ("resolve 1 not about us", "Case 1: resolved, not about us"),
    ("archive 1", "Case 1: resolved, no action"),
    ("dismiss 1", "Case 1: resolved, not about us"),
    ("snooze 1 2h", "Case 1 sleeps until"),
    ("silence 1 30 min", "Case 1 sleeps until"),
    ("snooze 1", "Case 1 sleeps until"),
    ("escalate 1 lead she cries", "Case 1 is escalated to lead"),
    ("page 1 she cries", "Case 1 is escalated to pr"),
    ("note 1 she called twice", "Noted on case 1"),
    ("why 1", "lost or late delivery"),
    ("status", "town"),
    ("health", "listening since"),
    ("feeds", "last mention"),
    ("help", "What you can type"),
    ("? resolve", "resolve 12 13 [reason] [note]"),
    ("undo 1", "Too late to undo: nothing waits"),
]


async def test_every_sub_command_and_synonym_answers_privately(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await three_cases(scene)
        for typed, answer in ANSWERS:
            for number in (1, 2):
                await scene.command(ANA, f"reopen {number}")
                await scene.command(ANA, f"assign {number} @ana mine again")
            await scene.command(ANA, "release 2")

            told = await scene.told(ANA, typed)

            assert answer in told, f"/social {typed} -> {told}"
        assert {one["user"] for one in (await scene.state())["ephemerals"]} == {ANA}


@pytest.mark.parametrize("word", ["reopen", "unresolve", "unsnooze", "wake"])
async def test_a_resolved_case_is_taken_up_again(tmp_path: Path, word: str):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")
        await scene.command(ANA, "claim 1")
        await scene.command(ANA, "resolve 1 duplicate")
        await scene.card("Dismissed by ana: duplicate")

        assert "Case 1 is open again. ana has it." in await scene.told(BEN, f"{word} 1")
        await scene.card("Claimed by ana")


async def test_several_cases_are_resolved_at_once_and_each_refusal_is_named(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await three_cases(scene)
        await scene.command(BEN, "resolve 2 spam")

        told = await scene.told(ANA, "resolve #1 2 3 77 duplicate of the storm notice")

        assert "Case 1: resolved, duplicate." in told and "Case 3: resolved, duplicate." in told
        assert "Case 2: Case 2 was resolved by ben (spam), so there is nothing to resolve." in told
        assert "Case 77: I know no case 77" in told
        assert "of the storm notice" in await scene.told(ANA, "show 1")


@pytest.mark.parametrize(
    ("typed", "near"),
    [("clame 12", "/social claim 12"), ("asign", "/social assign 12 @ben [note]"), ("xyzzy", "/social queue")],
)
async def test_an_unknown_word_gets_near_hints(tmp_path: Path, typed: str, near: str):
    async with stage(tmp_path) as scene:
        told = await scene.told(ANA, typed)

        assert f"I don't know “{typed.split(maxsplit=1)[0]}”. Did you mean:" in told and near in told


async def test_an_unknown_number_gets_the_nearest_cases(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await three_cases(scene)

        told = await scene.told(ANA, "claim 11")

        assert "I know no case 11. Did you mean 1 (mara on Mastodon)" in told


async def test_a_case_is_named_by_the_address_of_its_card_or_its_post(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await three_cases(scene)
        card = await scene.card("@nils")
        address = f"https://harbourline.slack.com/archives/{CARE}/p{card['ts'].replace('.', '')}"

        assert "Case 2 is yours" in await scene.told(ANA, f"claim {address}")
        assert "Case 3 is yours" in await scene.told(ANA, "claim https://square.example/p3")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("claim twelve", "Name a case by its number"),
        ("show", "Name a case by its number"),
        ("assign 1 ben", "Mention the person with @"),
        ("snooze 1 soonish", "I don't understand soonish as a time"),
        ("resolve 1 because", "because is no reason. Write one of: answered"),
        ("queue yesterday", "I know no pile yesterday"),
        ("note 1", "Write the note behind the case number"),
        ("escalate 1 everyone", "is escalated to lead"),
    ],
)
async def test_a_command_that_cannot_be_done_says_what_to_type(tmp_path: Path, typed: str, why: str):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")

        assert why in await scene.told(ANA, typed)


async def test_claim_alone_lists_the_most_urgent_and_takes_nothing(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await three_cases(scene)

        await scene.command(ANA, "", command="/claim")

        listed = await scene.whispered(ANA)
        assert labels(listed) == ["Claim", "Claim", "Claim"]
        assert text_of(listed).index("@nils") < text_of(listed).index("@mara")
        assert "Claimed" not in "".join(text_of(card) for card in await scene.cards())


async def test_claiming_from_the_list_says_whose_it_is_and_where(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")
        await scene.command(ANA, "", command="/claim")

        await scene.press(ANA, await scene.whispered(ANA), "case.claim")

        told = await scene.whispered(ANA)
        assert "Case 1 is yours" in text_of(told) and "my suitcase never arrived" in text_of(told)
        assert card["ts"].replace(".", "") in text_of(told)
        assert labels(told) == ["Reply"]


async def test_claim_next_takes_the_most_urgent_and_offers_to_reply(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await three_cases(scene)

        await scene.command(ANA, "next", command="/claim")

        told = await scene.whispered(ANA)
        assert "Case 2 is yours: @nils on Mastodon." in text_of(told) and "charged me twice" in text_of(told)
        await scene.press(ANA, told, "case.reply")
        assert (await scene.views(ANA))[-1]["title"] == "Reply to complaint"


async def test_claim_next_says_when_nothing_is_left(tmp_path: Path):
    async with stage(tmp_path) as scene:
        assert "Nothing is unclaimed. Well done." in await scene.told(ANA, "next", command="/claim")


async def test_reply_alone_opens_the_only_case_one_has(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await three_cases(scene)
        await scene.command(ANA, "claim 1")

        await scene.command(ANA, "", command="/reply")

        (view,) = await scene.views(ANA)
        assert "my suitcase never arrived" in text_of(view)


async def test_reply_alone_lists_what_one_has(tmp_path: Path):
    async with stage(tmp_path) as scene:
        await three_cases(scene)
        assert "You have no case. `/claim next` takes the most urgent one" in await scene.told(
            ANA, "", command="/reply"
        )
        await scene.command(ANA, "claim 1")
        await scene.command(ANA, "claim 2")

        await scene.command(ANA, "", command="/reply")

        listed = await scene.whispered(ANA)
        assert labels(listed) == ["Reply", "Reply"] and await scene.views(ANA) == []


async def test_reply_with_text_fills_the_window_and_sends_nothing(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        await scene.card("Unclaimed")

        await scene.command(ANA, "1 Sorry & hello @ben 👋", command="/reply")

        (view,) = await scene.views(ANA)
        field = next(one for one in elements(view) if one["type"] == "plain_text_input")
        assert field["initial_value"] == "Sorry & hello @ben 👋"
        await scene.settled()
        assert scene.town.said == []
        await scene.card("Claimed by ana")


async def test_a_mention_in_the_thread_answers_privately_with_a_button(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        await scene.say(ANA, f"<@{GOSHAWK}> reply We are looking for it", thread_ts=card["ts"])

        told = await scene.whispered(ANA)
        assert "Thread text stays here." in text_of(told)
        await scene.press(ANA, told, "case.reply")
        (view,) = await scene.views(ANA)
        assert "We are looking for it" in text_of(view)
        assert scene.town.said == []


async def test_ordinary_thread_text_goes_nowhere(tmp_path: Path):
    async with stage(tmp_path) as scene:
        scene.town.post(PLAIN)
        card = await scene.card("Unclaimed")

        await scene.say(ANA, "what a nuisance this customer is", thread_ts=card["ts"])
        await scene.settled()

        assert scene.town.said == [] and await scene.whispers(ANA) == []


async def test_help_lists_every_verb_and_each_verb_explains_itself(tmp_path: Path):
    async with stage(tmp_path) as scene:
        told = await scene.told(ANA, "help")

        for verb in ("queue", "mine", "show", "claim", "release", "assign", "reply", "undo", "resolve", "reopen"):
            assert f"/social {verb}" in told
        assert "snooze" in told and "escalate" in told and "status" in told
        assert "archive" in await scene.told(ANA, "help archive")
