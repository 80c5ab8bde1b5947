"""What a person at the desk can do with their hands: press, choose, fill in, and take their time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.bench.shift.eyes import Seen
from tests.bench.shift.hours import dice_of
from tests.bench.shift.office import Office
from tests.bench.shift.pace import Hand, Pace


@dataclass(kw_only=True)
class Hands:
    """Somebody's hands; every press is counted, and every span written down."""

    office: Office
    id: str
    name: str
    """As cards call them."""
    seed: int = 1

    def __post_init__(self) -> None:
        self.dice = dice_of(self.seed, self.name)

    def _click(self, card: Seen, times: int = 1) -> None:
        self.office.tally.clicks[card.case] += times

    async def _press(self, card: Seen, action: str) -> dict[str, Any]:
        self._click(card)
        return await self.office.scene.press(self.id, card.message, action)

    async def _window(self, card: Seen, action: str) -> Any:
        """Press what opens a window and return it; None when there is none, because somebody was quicker."""
        await self._press(card, action)
        return self._opened(action)

    async def _choose_in_menu(self, card: Seen, label: str, *, opens: bool = False) -> Any:
        if label not in card.menu:
            return None
        self._click(card, 2)
        await self.office.scene.press(self.id, card.message, "case.more", selected=card.menu[label])
        return self._opened(label) if opens else None

    def _opened(self, what: str) -> Any:
        windows = self.office.eyes.windows(self.id)
        if not windows:
            self.office.tally.refused[what.removeprefix("case.")] += 1
        return windows[-1] if windows else None

    async def _submit(self, window: Any, **values: Any) -> dict[str, Any]:
        return await self.office.scene._do("submit", user=self.id, view_id=window.id, values=values)

    async def _finish(self, window: Any, what: str, **values: Any) -> bool:
        await self._submit(window, **values)
        if self.office.eyes.windows(self.id):
            await self._give_up(what)
            return False
        return True

    async def _give_up(self, what: str) -> None:
        """Close every window: something was refused, and the card says what to do now."""
        self.office.tally.refused[what] += 1
        if self.office.eyes.windows(self.id):
            await self.office.scene._do("close", user=self.id, all=True)

    async def _take(self, pace: Pace, card: Seen | None = None) -> None:
        begun = self.office.hours.now()
        await self.office.hours.sleep(pace.median_s * self.dice.lognormvariate(0, pace.spread))
        case = card.case if card else 0
        self.office.tally.hands.append(Hand(self.id, pace.what, case, begun, self.office.hours.now()))
