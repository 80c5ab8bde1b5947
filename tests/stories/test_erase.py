"""A person asks to be forgotten: nothing of them is left here or in Slack, and what could not be done is said."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.fakes.clock import TurnableClock
from tests.stories.stage import ANA, CLEO, MONEY, Stage, a_card, elements, stage, text_of

#: Whatever could tell who it was, or what was said.
TRACES = ("mara.quill", "Mara.Quill", "suitcase", "Lisbon", "We found it", "square.example/p1", "square.example/p2")


async def upset(scene: Stage) -> str:
    """Let Mara complain and write again; she is escalated, noted and answered."""
    card = await a_card(scene, "@harbourline my suitcase never arrived and nobody answers me!", by="mara.quill")
    number = next(word.strip("`") for word in text_of(card).split() if word.strip("`").isdigit())
    assert (await scene.press(ANA, card, "case.claim"))["ok"]
    await scene.settled()
    scene.clock.advance(timedelta(minutes=1))
    scene.town.post("@harbourline hello? I am in Lisbon without my suitcase", by="mara.quill")
    await scene.read()
    await scene.settled()
    await scene.told(ANA, f"escalate {number} lead mara.quill lost a suitcase in Lisbon")
    await scene.told(ANA, f"note {number} mara.quill called us about the suitcase")
    await scene.answer(ANA, card, "We found it, mara.quill.")
    await scene.settled()
    return number


async def erased(scene: Stage) -> str:
    """Ask, press, and return what was told in the end."""
    await scene.told(CLEO, "erase @Mara.Quill Mastodon")
    question = await scene.whispered(CLEO)
    press = next(one for one in elements(question) if one["action_id"] == "case.erase")
    assert (await scene.press(CLEO, question, "case.erase", value=press["value"]))["ok"]
    return await told_directly(scene)


async def told_directly(scene: Stage) -> str:
    for _ in range(50):
        await scene.settled()
        for channel, found in (await scene.state())["messages"].items():
            if channel.startswith("D") and any("Erased" in text_of(one) for one in found):
                return text_of(found[-1])
        scene.clock.advance(timedelta(seconds=3))
    raise AssertionError("nobody was told")


def in_slack(state: dict[str, Any]) -> str:
    """Return every message that stands in Slack, with all that lies beneath it."""
    return repr([state["messages"], state["homes"]])


def in_files(folder: Path) -> str:
    """Return the database with its log and its free pages, as bytes that can be searched."""
    return "".join(path.read_bytes().decode("latin-1") for path in folder.glob("goshawk.db*"))


async def test_nothing_is_left_of_who_asked_to_be_erased(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), rollup_minutes=1) as scene:
        await upset(scene)
        other = await a_card(scene, MONEY, by="nils")
        before = [in_files(tmp_path), in_slack(await scene.state())]
        assert all(trace in place for trace in ("mara.quill", "Lisbon", "We found it") for place in before)

        said = await erased(scene)

        assert "2 mentions in 1 case" in said and "nothing names this person" in said and "could not be" not in said
        assert re.search(r"(\d+) messages emptied.*\1 messages not read back \(\1 × missing_scope\)", said, re.DOTALL)
        assert [trace for trace in TRACES if trace in in_slack(await scene.state())] == []
        assert [trace for trace in TRACES if trace in in_files(tmp_path)] == []
        assert "nils" in text_of(await scene.card("nils")) and other["ts"]
    assert [trace for trace in TRACES if trace in in_files(tmp_path)] == []


async def test_where_it_may_read_it_reads_every_message_back(tmp_path: Path):
    async with stage(tmp_path, clock=TurnableClock(), look_back=True) as scene:
        await upset(scene)

        said = await erased(scene)

        found = re.search(r"(\d+) messages emptied", said)
        assert found and f"{found[1]} messages read back from Slack: the words are gone." in said
        assert "not read back" not in said and "differently" not in said
