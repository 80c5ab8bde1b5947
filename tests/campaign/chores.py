"""What comes by itself: timers, look-ups, notices and upkeep; what brings it about is mostly time going by."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table

from bot.cases import promises
from bot.domain.event import Happening
from bot.domain.job import Job, JobState
from bot.slack import ids
from bot.store import outbox, tables
from tests.campaign.checker import ours
from tests.campaign.effect import QUESTION, Effect, card, claim, drawn, escalate, events, handed, keys, passing
from tests.campaign.world import ANA, CARE, CLEO, ESCALATIONS, World

#: A job that nobody can do.
_BROKEN: Final = "campaign.broken"
#: New cases at once that are more than a channel takes.
_RUSH: Final = 10


async def _ask_approval(scene: World, case: int) -> bool:
    return await scene.command(f"{case} It is on the next boat.", command="/reply")


async def _begin_to_write(scene: World, case: int) -> None:
    """Open the window of a reply, and leave it open."""
    row = next(row for row in scene.checker.rows(tables.card) if row.case_id == case)
    await scene.do("close", user=ANA, all=True)
    assert await scene.do("action", user=ANA, channel=row.channel, message_ts=row.ts, action_id=ids.REPLY)
    await scene.until(lambda: not _closed(scene, case), "nobody sees who writes")


def _closed(scene: World, case: int) -> int:
    drafts = [row for row in scene.checker.rows(tables.reply) if row.case_id == case]
    return int(all(row.open_since is None for row in drafts))


async def _answer_somebody(scene: World, _case: int) -> None:
    """Let somebody complain under a post that is not about us."""
    above = scene.square.write("Our crossing is in the third hour.", by="otto", account="a bystander")
    scene.square.post("@harbourline the same here, and nobody answers me!", answers=above)


async def _resolve(scene: World, case: int) -> bool:
    return await scene.command(f"resolve {case}")


def _forgotten(scene: World, case: int) -> int:
    """Return whether the words of a case stand neither here nor in Slack."""
    kept = [row.text for row in scene.checker.rows(tables.mention) if row.case_id == case]
    return int("suitcase" not in f"{kept}{card(scene, case)}")


async def _ask_to_erase(scene: World, case: int) -> bool:
    author = next(row.author for row in scene.checker.rows(tables.case) if row.id == case)
    return await scene.command(f"erase @{author}", by=CLEO)


async def _erase(scene: World, _case: int) -> bool:
    """Press Erase under the newest question."""
    asked = [one for one in scene.sandbox._world.messages.of(CARE) if one.for_user == CLEO][-1]
    newest = max(row.id for row in scene.checker.rows(tables.mention))
    where = {"channel": CARE, "message_ts": asked.ts, "action_id": ids.ERASE, "value": str(newest)}
    return await scene.do("action", user=CLEO, **where)


def _reported(scene: World, _case: int) -> int:
    newest = max([row.id for row in scene.checker.rows(outbox.erasure)], default=0)
    rooms = [one for one in scene.sandbox._world.channels if one.startswith("D")]
    return int(any(keys(scene, one, f"erasure.report:{newest}$") for one in rooms))


async def _ask(scene: World, case: int) -> None:
    """Let somebody ask what nobody has to see at once."""
    scene.square.post(f"{QUESTION} ({case})")


def _rolled_up(scene: World, case: int) -> int:
    found = scene.sandbox._world.messages.of(CARE)
    return sum(f"Sunday? ({case})".encode() in one.blocks for one in found if not one.is_deleted)


async def _rush(scene: World, case: int) -> None:
    for number in range(_RUSH):
        scene.square.post(f"@harbourline my suitcase never arrived, says guest {case}-{number}, and nobody answers!")


def _boards(scene: World, _case: int) -> int:
    return keys(scene, CARE, f"storm.board:{CARE}:{_newest(scene, outbox.storm, 'begun_at'):.0f}:")


def _newest(scene: World, table: Table, moment: str) -> float:
    """Return the newest moment of a kind that is written down."""
    return max([getattr(row, moment).timestamp() for row in scene.checker.rows(table)], default=0.0)


async def _lose_a_line(scene: World, case: int) -> None:
    """Let a line be said twice, because the first one never arrived; somebody has to look once more."""
    scene.plan.next = ["dropped"]
    assert await scene.command(f"assign {case} @ben")
    await scene.rest()
    assert any(row.kind == promises.CHECK and row.state == JobState.READY for row in scene.checker.rows(outbox.job))


async def _shut(scene: World, case: int) -> bool:
    """Archive the channel of a tier, and call that tier."""
    assert await scene.do("faults", kind="channel_archived", channel=ESCALATIONS)
    return await escalate(scene, case)


async def _open(scene: World, _case: int) -> None:
    await scene.http.request("DELETE", "/sim/faults")
    await scene.turn(seconds=61)


async def _see_it_open(scene: World, case: int) -> None:
    await _open(scene, case)
    await scene.until(lambda: _is_open(scene), "nobody noticed that the channel is open again")


def _is_open(scene: World) -> int:
    return int(all(row.over_at for row in scene.checker.rows(outbox.outage)))


def _shut_told(scene: World, _case: int) -> int:
    return keys(scene, CARE, f"outage.notice:channel.{ESCALATIONS}:{_newest(scene, outbox.outage, 'since'):.0f}$")


async def _break(scene: World, case: int) -> None:
    """Promise what nobody can keep; what is told of it waits a moment for more."""
    key = f"{_BROKEN}:{case}"
    await scene.promise(Job(kind=promises.WAKE, key=key, subject="no number", due=scene.now()))
    states = lambda: {row.key: row.state for row in scene.checker.rows(outbox.job)}  # noqa: E731 - a look
    await scene.until(lambda: states()[key] == JobState.DEAD, "a broken job was never given up")
    await scene.turn(seconds=5)


def _given_up(scene: World, _case: int) -> int:
    newest = max([row.id for row in scene.checker.rows(outbox.burst)], default=0)
    return keys(scene, CARE, f"jobs.dead:{newest}:")


async def _use_up(scene: World, case: int) -> None:
    await scene.promise(promises.ration(f"square:acme:2026-01-{case}", used=80, cap=100, at=scene.now()))


def _rationed(scene: World, case: int) -> int:
    return keys(scene, CARE, f"replies.ration:80:square:acme:2026-01-{case}$")


async def _put_back(scene: World, case: int) -> None:
    await scene.promise(promises.restored(f"{scene.now().isoformat()} {case} 0 0", at=scene.now()))


def _told_of_backup(scene: World, case: int) -> int:
    return sum(f"{case} replies are looked for" in text for _, _, text in ours(scene.sandbox, CARE))


_FOUR_EYES: Final[dict[str, Any]] = {
    "roles": [{"role": "approver", "who": ["@social-leads"]}, {"role": "responder", "who": ["@ana", "@ben"]}],
    "approval": {"routes": ["cases"], "remind_minutes": 10},
}

CHORES: Final[dict[str, Effect]] = {
    "a reminder of approvers": Effect(
        promises.REMIND, passing(minutes=11), events(Happening.REMINDED), prepare=_ask_approval, settings=_FOUR_EYES
    ),
    "a look at quiet claims": Effect(
        promises.LOOK, passing(minutes=31), events(Happening.ASKED), prepare=claim, settings={"stale_claim_minutes": 30}
    ),
    "a window left open": Effect(promises.REST, passing(minutes=16), _closed, prepare=_begin_to_write),
    "what a post answers": Effect(promises.CONTEXT, _answer_somebody, drawn("in the third hour"), opens=True),
    "a purge": Effect(promises.PURGE, passing(days=32), _forgotten, prepare=_resolve, settings={"keep_days": 30}),
    "the copies of a purge": Effect(
        promises.COPY, passing(days=32), _forgotten, prepare=_resolve, settings={"keep_days": 30}
    ),
    # Direct messages are never read back (docs/decisions/0016), so a report whose end nobody saw is told once more.
    "the report of an erasure": Effect(
        promises.ERASED, _erase, _reported, prepare=_ask_to_erase, known="erasure.report:"
    ),
    "a roll-up": Effect(
        promises.ROLLUP, passing(minutes=61), _rolled_up, prepare=_ask, settings={"rollup_minutes": 60}
    ),
    "the board of a storm": Effect(
        promises.BOARD, _rush, _boards, after=passing(minutes=4), settings={"storm_per_minute": 30, "storm_burst": 8}
    ),
    "a second look-up": Effect(promises.CHECK, passing(seconds=10), handed, prepare=_lose_a_line),
    "the notice of an outage": Effect(promises.OUTAGE, _shut, _shut_told, after=_see_it_open),
    "a look whether it is open": Effect(promises.WATCH, _open, lambda scene, _: _is_open(scene), prepare=_shut),
    "the notice of dead letters": Effect(
        promises.DEAD, _break, _given_up, after=passing(minutes=16), known=f"job {_BROKEN}:"
    ),
    "the notice of a day's replies": Effect(promises.RATION, _use_up, _rationed),
    "the notice of a backup": Effect(promises.RESTORED, _put_back, _told_of_backup),
}
