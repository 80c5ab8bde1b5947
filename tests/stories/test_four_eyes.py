"""Four eyes: Ana writes, Ben and Cleo approve, and nothing leaves that nobody but its writer has read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import TurnableClock
from tests.stories.stage import (
    ANA,
    BEN,
    CARE,
    CLEO,
    GOSHAWK,
    GUS,
    Stage,
    a_card,
    elements,
    field_of,
    labels,
    stage,
    text_of,
)

#: Cleo is the one lead; Ben may approve, too; Ana answers.
ROLES = [{"role": "approver", "who": ["@social-leads", "@ben"]}, {"role": "responder", "who": ["@ana", "@dev"]}]
ALWAYS = {"routes": ["cases"]}
WORDS = {"words": ["refund"], "box": True}
SORRY = "It is on the next boat. Sorry!"


async def asked(scene: Stage, text: str = SORRY) -> dict[str, Any]:
    """Let Ana write, and wait until her reply waits."""
    await scene.answer(ANA, await a_card(scene), text)
    return await scene.card("Needs approval")


async def test_a_reply_leaves_after_a_second_person_agreed(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=15, roles=ROLES, approval=ALWAYS) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.reply")
        (view,) = await scene.views(ANA)
        assert view["submit"] == "Ask for approval" and "Needs approval: public case" in text_of(view)
        await scene.submit(ANA, text=SORRY)

        waiting = await scene.card("Needs approval")
        assert labels(waiting) == ["Approve", "Request changes", "Reject", "Escalate", "Release", "Details…"]
        assert SORRY in text_of(waiting) and "ana asked at" in text_of(waiting) and "public case" in text_of(waiting)
        await scene.settled()
        (line,) = await scene.thread(card)
        assert f"<!subteam^S0LEADS001> <@{BEN}> ana asks for approval of a reply to case 1: public case." in line
        assert await scene.pings() == [(CARE, [CLEO, BEN])]

        await scene.press(ANA, waiting, "case.approve")
        assert "You can't approve" in await scene.hears(ANA, "approve")
        await scene.press(GUS, waiting, "case.approve")
        assert "guests of this workspace" in await scene.hears(GUS, "guests")
        assert (await scene.press(CLEO, waiting, "case.approve"))["ok"]

        assert "ana · approved by cleo" in text_of(await scene.card("Sending at"))
        await scene.turn(seconds=16)
        assert "approved by cleo" in text_of(await scene.card("Replied by ana"))
        assert scene.town.said == [SORRY]
        assert "approval asked · by ana" in await scene.told(BEN, "show 1")


async def test_changes_are_asked_for_and_the_writer_reads_them_where_she_writes(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES, approval=ALWAYS) as scene:
        waiting = await asked(scene)

        await scene.press(CLEO, waiting, "case.request_changes")
        assert SORRY in text_of((await scene.views(CLEO))[-1])
        await scene.submit(CLEO, reason="Name the boat & the hour")

        card = await scene.card("Claimed by ana")
        await scene.settled()
        told = (await scene.thread(card))[-1]
        assert f"<@{ANA}> cleo asks for changes before your reply leaves." in told
        assert "“Name the boat &amp; the hour”" in told
        await scene.press(ANA, card, "case.reply")
        (view,) = await scene.views(ANA)
        assert "cleo: Name the boat &amp; the hour" in text_of(view)
        assert field_of(view)["initial_value"] == SORRY
        await scene.submit(ANA, text="It is on the Osprey at noon. Sorry!")
        await scene.press(BEN, await scene.card("on the Osprey"), "case.approve")
        await scene.card("Replied, waiting")
        assert scene.town.said == ["It is on the Osprey at noon. Sorry!"]


async def test_ones_own_reply_is_for_somebody_else(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES, approval=ALWAYS) as scene:
        await scene.answer(CLEO, await a_card(scene), SORRY)
        waiting = await scene.card("Needs approval")

        await scene.press(CLEO, waiting, "case.approve")

        assert "You wrote this, so somebody else has to approve it." in await scene.hears(CLEO, "You wrote this")
        assert "You wrote this" in await scene.told(CLEO, "reject 1")
        assert "Taken back" in await scene.told(CLEO, "undo 1")
        assert scene.town.said == []


async def test_the_words_alone_may_ask_and_the_answer_to_send_says_so(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES, approval=WORDS) as scene:
        card = await a_card(scene)
        await scene.press(ANA, card, "case.reply")
        (view,) = await scene.views(ANA)
        assert view["submit"] == "Send" and "Second pair of eyes" in text_of(view)

        answer = await scene.submit(ANA, text="We REFUND you.")

        assert answer["response_action"] == "update"
        (after,) = await scene.views(ANA)
        assert "Your reply waits for approval: the word “refund”. Nothing was sent yet." in text_of(after)
        await scene.card("Needs approval")
        assert scene.town.said == []


async def test_the_check_view_names_why_and_asks(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES, approval=WORDS) as scene:
        card = await a_card(scene)

        await scene.answer(ANA, card, "Refund: see bit.ly/help", eyes=["eyes"])

        check = (await scene.views(ANA))[-1]
        assert check["submit"] == "Ask for approval"
        assert "*Needs approval*: the word “refund”; ana wants a second pair of eyes" in text_of(check)
        await scene.submit(ANA)
        assert "ana wants a second pair of eyes" in text_of(await scene.card("Needs approval"))


async def test_two_that_wait_are_chosen_from_in_a_window(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES, approval=ALWAYS) as scene:
        await asked(scene)
        await scene.told(CLEO, "assign 1 @ben")
        await scene.command(BEN, "1", command="/reply")
        await scene.submit(BEN, text="A taxi brings it tonight.")
        both = await scene.card("A taxi brings it tonight.")
        assert SORRY in text_of(both) and labels(both)[0] == "Approve…"

        await scene.press(CLEO, both, "case.approve")
        view = (await scene.views(CLEO))[-1]
        which = next(one for one in elements(view) if one["action_id"] == "which")["options"][1]["value"]
        await scene.submit(CLEO, which=which, others="reject")

        await scene.card("Replied by ben")
        await scene.settled()
        assert scene.town.said == ["A taxi brings it tonight."]
        told = [line for line in await scene.thread(both) if f"<@{ANA}> cleo did not approve your reply." in line]
        assert len(told) == 1 and "ben's reply was chosen instead." in told[0]


async def test_what_is_typed_shows_the_text_and_one_press_decides(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=15, roles=ROLES, approval=ALWAYS) as scene:
        await asked(scene)
        await scene.command(BEN, "changes 1 Name the boat")
        view = (await scene.views(BEN))[-1]
        assert SORRY in text_of(view) and field_of(view)["initial_value"] == "Name the boat"
        await scene.submit(BEN)
        await scene.answer(ANA, await scene.card("Claimed by ana"), "On the Osprey.")
        await scene.card("On the Osprey.")
        await scene.command(BEN, "reject 1 not & today")
        assert field_of((await scene.views(BEN))[-1])["initial_value"] == "not & today"
        await scene.submit(BEN)
        await scene.answer(ANA, await scene.card("Claimed by ana"), "On the Osprey at noon.")
        await scene.card("On the Osprey at noon.")
        assert "You can't approve" in await scene.told(ANA, "approve 1")

        await scene.command(BEN, "approve 1")

        assert "On the Osprey at noon." in text_of((await scene.views(BEN))[-1])
        await scene.submit(BEN)
        await scene.card("Sending at")
        await scene.turn(seconds=16)
        assert scene.town.said == ["On the Osprey at noon."]
        assert "Nothing waits for approval on case 1." in await scene.told(BEN, "approve 1")


async def test_a_line_in_the_thread_is_answered_with_the_text_and_its_buttons(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, undo_s=15, roles=ROLES, approval=ALWAYS) as scene:
        card = await asked(scene)

        await scene.say(BEN, f"<@{GOSHAWK}> approve", thread_ts=card["ts"])

        await scene.hears(BEN, "Nothing is decided yet")
        answer = await scene.whispered(BEN)
        assert SORRY in text_of(answer) and labels(answer) == ["Approve", "Request changes", "Reject"]
        assert "Needs approval" in text_of(await scene.card("It is on the next boat"))
        await scene.press(BEN, answer, "case.approve")
        await scene.hears(BEN, "Approved: ana's reply to case 1 leaves at")
        await scene.turn(seconds=16)
        assert scene.town.said == [SORRY]


@pytest.mark.parametrize("typed", ["approve", "changes Shorter, please", "reject"])
async def test_whoever_typed_decides_about_nothing_that_was_written_behind_their_back(tmp_path: Path, typed: str):
    verb, _, words = typed.partition(" ")
    async with stage(tmp_path, roles=ROLES, approval=ALWAYS) as scene:
        await asked(scene)
        await scene.command(BEN, f"{verb} 1 {words}")
        await scene.command(ANA, "1 It is lost. Sorry!", command="/reply")
        await scene.submit(ANA)
        await scene.card("It is lost.")

        assert SORRY in text_of((await scene.views(BEN))[-1])
        await scene.submit(BEN, **({} if verb == "approve" else {"reason": words}))

        assert "ana took this back. Nothing was done." in text_of(await scene.views(BEN))
        await scene.settled()
        assert "Needs approval" in text_of(await scene.card("It is lost.")) and scene.town.said == []


async def test_a_customer_who_writes_again_takes_approve_away(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES, approval=ALWAYS) as scene:
        waiting = await asked(scene)
        scene.town.post("@harbourline forget it, my neighbour found it!", thread="p1")
        fresh = await scene.card("my neighbour found it")

        await scene.press(CLEO, waiting, "case.approve")

        assert labels(fresh)[:2] == ["Request changes", "Reject"]
        assert "it cannot be approved as it is" in text_of(fresh)
        assert "The customer wrote again since ana wrote this" in await scene.hears(CLEO, "wrote again")
        assert scene.town.said == []


async def test_nobody_looks_and_the_approvers_are_called_again(tmp_path: Path):
    clock = TurnableClock()
    async with stage(tmp_path, clock=clock, roles=ROLES, approval=ALWAYS) as scene:
        waiting = await asked(scene)

        await scene.turn(minutes=11)

        told = (await scene.thread(waiting))[-1]
        assert "ana's reply to case 1 has waited for approval since" in told
        assert await scene.pings() == [(CARE, [CLEO, BEN])] * 2


async def test_the_case_is_resolved_and_the_writer_hears_that_nothing_was_sent(tmp_path: Path):
    async with stage(tmp_path, roles=ROLES, approval=ALWAYS) as scene:
        waiting = await asked(scene)

        await scene.told(CLEO, "resolve 1 spam")

        await scene.card("Dismissed by cleo")
        await scene.settled()
        assert f"<@{ANA}> cleo resolved case 1, so your reply was not sent." in (await scene.thread(waiting))[-1]
        assert scene.town.said == []
