"""Walks one kind of effect through every crash point that it passes."""

from __future__ import annotations

from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.campaign.effect import Effect, Step, post
from tests.campaign.world import World, world

#: Seconds within which a bot must have reached the point at which it dies.
REACHED_S = 20.0


@dataclass
class Walk:
    """What came of killing the bot at every point of one kind of effect."""

    points: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    """Points that were passed when they were listed, and not when somebody was to die there."""
    breaches: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """At how many points a bot died."""
        return len(self.points) - len(self.unreached)


async def walk(folder: Path, effect: Effect, *, store: str, every: bool = False) -> Walk:
    """List the points of an effect by letting it happen once, then let it happen again with a death at each.

    Unless ``every`` one is asked for, points that leave the same ledgers behind are walked once.
    """
    done = Walk()
    async with world(folder, store=store, **effect.settings) as scene:
        bot = await scene.start()
        case = await _prepared(scene, effect)
        scene.wish()
        case, acked = await _caused(scene, effect, case)
        assert acked, "nobody acknowledged what caused it"
        await scene.rest()
        passed = scene.passed()
        done.breaches += await _judged(scene, effect, case, "nowhere")
        mine = [point for point in passed if point.startswith(f"{effect.kind} ")]
        done.points = list(dict.fromkeys(mine)) if every else distinct(mine)
        for point in done.points:
            bot = await _die_at(scene, effect, point, bot, done)
    return done


def distinct(points: list[str]) -> list[str]:
    """Leave out what equals the point before it: who dies before a call, or a commit, has done what was done before."""
    found = dict.fromkeys(points)
    return [point for number, point in enumerate(found) if not number or " after" in point]


async def _die_at(scene: World, effect: Effect, point: str, bot: ForkServerProcess, done: Walk) -> ForkServerProcess:
    case = await _prepared(scene, effect)
    scene.wish(point)
    case, acked = await _caused(scene, effect, case)
    if await scene.dead(bot, within_s=REACHED_S):
        scene.wish()
        bot = await scene.start()
    else:
        scene.wish()
        done.unreached.append(point)
    await scene.rest()
    if not acked and not effect.count(scene, case):
        # Whoever got no answer looks, sees nothing, and tries once more.
        await effect.cause(scene, case)
        await scene.rest()
    done.breaches += await _judged(scene, effect, case, point)
    return bot


async def _prepared(scene: World, effect: Effect) -> int:
    """Return the case that it will be about; 0 where it is opened by the cause."""
    if effect.opens:
        return 0
    case = await _opened(scene, post)
    await scene.rest()
    if effect.prepare:
        assert await effect.prepare(scene, case) is not False
        await scene.rest()
    return case


async def _opened(scene: World, write: Step) -> int:
    await write(scene, 0)
    newest = [*scene.square.posts][-1]
    await scene.until(lambda: scene.checker.case_of(newest), f"post {newest} became no case")
    return scene.checker.case_of(newest)


async def _caused(scene: World, effect: Effect, case: int) -> tuple[int, bool]:
    """Let it happen; return the case, and whether it was acknowledged: who dies early may have done it all the same."""
    scene.plan.next = [effect.slack] if effect.slack else []
    scene.square.plan.next = [effect.platform] if effect.platform else []
    if effect.opens:
        return await _opened(scene, effect.cause), True
    return case, await effect.cause(scene, case) is not False


async def _judged(scene: World, effect: Effect, case: int, point: str) -> list[str]:
    """Return what was lost or doubled by a death at ``point``; then take the cause back where it lasts."""
    seen = effect.count(scene, case)
    found = [f"{seen} times instead of once"] if seen != 1 else []
    found += [one for one in scene.breaches() if effect.known not in one]
    if effect.after:
        assert await effect.after(scene, case) is not False
        await scene.rest()
    return [f"killed at {point}: {one}" for one in found]
