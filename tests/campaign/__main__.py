"""Runs the fault campaign: ``python -m tests.campaign [F1 F2 ...] [--seed N] [--store sqlite|postgresql] [--long]``.

F25 plays ``--seeds`` histories, beginning with ``--seed``; 10,000 when it is to be ``--long``.

Prints one line a fault: how it went, what was counted, and the seed. What has
tests of its own elsewhere is run there, not doubled here.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.campaign.clicks import clicked
from tests.campaign.effect import Effect
from tests.campaign.effects import EFFECTS
from tests.campaign.kills import Load, campaign
from tests.campaign.simulation import simulate
from tests.campaign.stores import KINDS
from tests.campaign.walk import Walk, walk

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Given:
    """What was asked for on the command line."""

    seed: int
    store: str
    long: bool
    seeds: int = 0


@dataclass(frozen=True)
class Row:
    """How one fault went."""

    passed: bool
    counts: str


def kills(given: Given) -> Row:
    """``kill -9`` at random, with lost answers and late applications: F1 and F3."""
    load = Load(mentions=10_000, replies=2_000, kills=300) if given.long else Load()
    return _killed(given, load)


def kills_blind(given: Given) -> Row:
    """The same without the right to read history: what stands twice is counted, the public side stays single."""
    load = Load(mentions=10_000, replies=2_000, kills=300) if given.long else Load(100, 20, 10)
    return _killed(given, Load(load.mentions, load.replies, load.kills, look_back=False))


def _killed(given: Given, load: Load) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(campaign(Path(folder), load, store=given.store, seed=given.seed))
    counts = (
        f"{found.kills} kills, {found.mentions} mentions, {found.cases} cases, {found.replies} replies "
        f"({found.public} public, {found.unknown} unknown), {sum(found.faults.values())} faults, "
        f"{len(found.breaches)} breaches, {found.double_cards} cards twice"
    )
    return Row(not found.breaches, "; ".join([counts, *found.breaches[:3]]))


def points(given: Given) -> Row:
    """Death at every named point of every kind of effect: F2."""
    killed, breaches = 0, []
    for name, effect in EFFECTS.items():
        done = _walked(effect, given)
        print(f"      {name}: {done.killed} deaths, {done.breaches or 'all well'}", flush=True)  # noqa: T201 - it takes long
        killed += done.killed
        breaches += [f"{name}: {one}" for one in done.breaches]
    counts = f"{len(EFFECTS)} kinds of effect, {killed} deaths, {len(breaches)} breaches"
    return Row(not breaches, "; ".join([counts, *breaches[:3]]))


def _walked(effect: Effect, given: Given) -> Walk:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return asyncio.run(walk(Path(folder), effect, store=given.store, every=given.long))
        except AssertionError as stuck:
            return Walk(breaches=[str(stuck).partition("\n")[0]])


def simulated(given: Given) -> Row:
    """Whole histories on a virtual clock, one a seed; each broken one is printed with the seed that plays it again."""
    seeds = range(given.seed, given.seed + (given.seeds or (10_000 if given.long else 200)))
    begun, told, broken = time.process_time(), Counter[str](), []
    for seed in seeds:
        history = simulate(seed)
        told.update(history.counts)
        if history.breaches:
            broken.append(seed)
            print(f"seed {seed}: {'; '.join(history.breaches[:3])}", flush=True)  # noqa: T201 - what is to be played again
    spent = time.process_time() - begun
    counts = ", ".join(f"{count} {name}" for name, count in told.items())
    speed = f"{told['steps'] / spent:.0f} steps a second of one core"
    return Row(not broken, f"{len(seeds)} seeds, {counts}; {speed}; {len(broken)} broken {broken[:5] or ''}".rstrip())


def clicks(given: Given) -> Row:
    """Count how long Slack waits for an ack in a storm, on a slow database: F7."""
    found = clicked(60.0 if given.long else 10.0)
    return Row(
        found.holds, f"acks p50 {found.p50:.0f} ms, p99 {found.p99:.0f} ms, most {found.longest:.0f} ms; {found}"
    )


#: What makes a test play its long form.
LONG: Final = {"FALLS": "20", "HOLE_S": "30", "BACKLOG": "50000", "RACES": "200", "STOPS": "all"}


def tested(*names: str) -> Callable[[Given], Row]:
    """Return a row that is the outcome of tests which stand elsewhere."""

    def run(given: Given) -> Row:
        if missing := [name for name in names if not (ROOT / name).exists()]:
            return Row(passed=False, counts=f"no such test: {' '.join(missing)}")
        done = subprocess.run(  # noqa: S603 - a command of our own
            [sys.executable, "-m", "pytest", "-v", "-n", "2", *names],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "CAMPAIGN_MUTANTS": "all", "STOPS": "all", **(LONG if given.long else {})},
        )
        return Row(done.returncode == 0, (done.stdout.strip().splitlines() or ["nothing"])[-1])

    return run


#: Each fault of the specification, and what plays it. A fault without a line here is not played by this command.
FAULTS: Final[dict[str, Callable[[Given], Row]]] = {
    "F1 F3 kill -9 in bad weather": kills,
    "F1 F3 the same, blind": kills_blind,
    "F2 every crash point": points,
    "F4 a look-up that fails": tested("tests/cases/test_courier_sends.py"),
    "F5 Slack says wait, fails, or lies": tested(
        "tests/stories/test_lost_answers.py", "tests/stories/test_slack_limits.py"
    ),
    "F6 broken sockets": tested("tests/slack/test_sockets.py"),
    "F7 clicks in a storm": clicks,
    "F8 a feed that was away": tested("tests/stories/test_back_after_hours.py"),
    "F9 a feed that brings nothing": tested("tests/cases/test_quiet_feed.py"),
    "F10 a locked or full disk": tested("tests/store/test_store_engine.py", "tests/attack/test_attack_disk.py"),
    "F11 the database server falls": tested(
        "tests/stories/test_server_restarts.py", "tests/store/test_store_server.py"
    ),
    "F12 F13 clocks and orders": tested("tests/campaign/test_campaign_order.py"),
    "F14 races": tested("tests/cases/test_claim_races.py", "tests/cases/test_claim_races_of_processes.py"),
    "F15 leases and zombies": tested("tests/jobs/test_job_leases.py", "tests/jobs/test_job_attempts.py"),
    "F16 told to stop": tested("tests/stories/test_told_to_stop.py"),
    "F18 poison": tested("tests/jobs/test_job_runner.py", "tests/jobs/test_job_leases.py"),
    "F19 upgrades": tested("tests/store/test_store_upgrade.py"),
    "F20 backups": tested("tests/store/test_store_backup.py"),
    "F21 damage": tested("tests/store/test_store_damage.py"),
    "F22 Slack closes": tested("tests/stories/test_slack_closes.py"),
    "F23 a locked account": tested("tests/cases/test_locked_account.py", "tests/stories/test_locked_account.py"),
    "F24 hostile words": tested("tests/attack", "tests/slack/test_hostile.py"),
    "F25 simulation": simulated,
    "F26 mutants": tested("tests/campaign/test_campaign_mutants.py"),
}


def main() -> int:
    """Play what was named, or everything, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="F1", help="only the rows that bear one of these numbers")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--store", choices=KINDS, default="sqlite")
    parser.add_argument("--long", action="store_true", help="300 kills, 10,000 mentions, 2,000 replies, every point")
    parser.add_argument("--seeds", type=int, default=0, help="how many histories F25 plays; 200 unless told")
    asked = parser.parse_args()
    given = Given(asked.seed, asked.store, asked.long, asked.seeds)
    chosen = {name: play for name, play in FAULTS.items() if not asked.names or {*name.split()} & {*asked.names}}
    outcomes = [_played(name, play, given) for name, play in chosen.items()]
    return 0 if all(outcomes) else 1


def _played(name: str, play: Callable[[Given], Row], given: Given) -> bool:
    begun = time.monotonic()
    try:
        row = play(given)
    except AssertionError as stuck:
        row = Row(passed=False, counts=str(stuck).splitlines()[0])
    spent = time.monotonic() - begun
    fate = "pass" if row.passed else "FAIL"
    print(f"{fate}  {name:35} {given.store:10} seed {given.seed:<6} {spent:6.0f} s  {row.counts}", flush=True)  # noqa: T201 - the table
    return row.passed


if __name__ == "__main__":
    sys.exit(main())
