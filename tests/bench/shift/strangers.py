"""A guest and a stranger from another company who sit in the channel and press everything, all day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

from tests.bench.shift.hours import dice_of
from tests.bench.shift.office import Office
from tests.stories.stage import CARE, GUS, OTTO

PEOPLE: Final = (GUS, OTTO)
#: Median seconds between two tries, and the spread of its logarithm.
PAUSE: Final = (300.0, 0.6)

_TYPED: Final = (
    *("claim {n}", "resolve {n} spam", "release {n}", "escalate {n} please", "snooze {n} 2h", "note {n} hello"),
    *("assign {n} @ben", "reopen {n}", "show {n}", "freeze just because", "queue", "undo {n}"),
)
_EMOJI: Final = ("eyes", "white_check_mark", "rotating_light", "zzz")


class Stranger:
    """One of the two."""

    def __init__(self, office: Office, person: str, *, ends: datetime, seed: int) -> None:
        self._office = office
        self._person = person
        self._ends = ends
        self._dice = dice_of(seed, person)
        self.tries: Counter[str] = Counter()
        self.windows: Counter[str] = Counter()
        """Titles of what opened under their hands."""

    async def live(self) -> None:
        """Press, type and react until the day is over."""
        hours = self._office.hours
        while hours.now() < self._ends:
            await hours.sleep(PAUSE[0] * self._dice.lognormvariate(0, PAUSE[1]))
            await self._try()
            for window in self._office.eyes.windows(self._person):
                self.windows[window.definition["title"]["text"]] += 1
                await self._office.scene._do("submit", user=self._person, view_id=window.id, values={})
                await self._office.scene._do("close", user=self._person, all=True)

    async def _try(self) -> None:
        cards = self._office.eyes.cards(CARE)
        if not cards:
            return
        scene, dice = self._office.scene, self._dice
        card = dice.choice(cards[-30:])
        how = dice.choice(("button", "menu", "command", "reply", "emoji"))
        self.tries[how] += 1
        match how:
            case "button" if card.buttons - {"case.more"}:
                await scene.press(self._person, card.message, dice.choice(sorted(card.buttons - {"case.more"})))
            case "menu" if card.menu:
                chosen = card.menu[dice.choice(sorted(card.menu))]
                await scene.press(self._person, card.message, "case.more", selected=chosen)
            case "reply":
                await scene.command(self._person, f"{card.case} We do not care.", command="/reply")
            case "emoji":
                await scene.react(self._person, card.message, dice.choice(_EMOJI))
            case _:
                await scene.command(self._person, dice.choice(_TYPED).format(n=card.case))
