"""``python -m tests.cases.racer URL``: claims the cases that are named on its input, with fifty hands at once."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from bot.cases.desk import Desk
from bot.clock import SystemClock
from bot.domain.ids import CaseId, StaffId
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.store.engine import Store
from tests.fakes.office import POLICY

HANDS = 50


async def claims(desk: Desk, case_id: int, *, at: float, first: int) -> dict[str, Any]:
    """Let fifty people claim at one moment; return who was told that they have it, and what the others read."""
    team = [Staff(StaffId(f"U{number:09}"), f"Colleague {number}") for number in range(first, first + HANDS)]
    await asyncio.sleep(max(0.0, at - time.time()))
    answers = await asyncio.gather(*[_claim(desk, case_id, one) for one in team])
    won = [one.id for one, (words, _) in zip(team, answers, strict=True) if not words]
    refused = sorted({words.partition(" already has this")[0] for words, _ in answers if words})
    return {"won": won, "refused": refused, "slowest_s": max(took for _, took in answers)}


async def _claim(desk: Desk, case_id: int, by: Staff) -> tuple[str, float]:
    begun = time.monotonic()
    try:
        await desk.claim(CaseId(case_id), by=by)
    except NotAllowed as refusal:
        return str(refusal), time.monotonic() - begun
    return "", time.monotonic() - begun


def main() -> None:
    """Answer each line ``[case, moment]`` with what came of it."""
    store = Store(sys.argv[1])
    store.open()
    desk = Desk(store, SystemClock(), POLICY)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        case_id, at = json.loads(line)
        sys.stdout.write(json.dumps(asyncio.run(claims(desk, case_id, at=at, first=HANDS))) + "\n")
        sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main()
