"""How the six work: they see, read, press and write as people do, each in their own time (``pace``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tests.bench.shift import words
from tests.bench.shift.eyes import Seen
from tests.bench.shift.hands import Hands
from tests.bench.shift.pace import CHECK, LOOK_UP, READ, SEE, WRITE
from tests.stories.stage import CARE, elements

#: How they take up a case, of a hundred: Reply at once, Claim and look something up, 👀 and look something up,
#: Resolve without an answer, Escalate and go on, Claim and Snooze.
WAYS: Final = {"reply": 62, "claim": 15, "eyes": 7, "dismiss": 10, "escalate": 3, "snooze": 3}
#: How often somebody does not notice that a card was taken while they read it, and takes the newest but one.
INATTENTIVE, SECOND_BEST = 0.3, 0.4
#: How often somebody types ``/claim next`` where several cases wait for anybody.
ASKS_FOR_NEXT: Final = 0.5
#: How often "resolve as answered" is ticked.
TICKS: Final = 0.7
#: How long a customer is given to write back before an answered case is closed by hand.
TIDY: Final = timedelta(minutes=40)


@dataclass(kw_only=True)
class Person(Hands):
    """One of the six."""

    begins: datetime
    ends: datetime
    breaks: Sequence[datetime] = ()
    """When they go for half an hour, once the case at hand is done and no P1 is nobody's."""
    channels: Sequence[str] = (CARE,)
    forgets: bool = False
    """Goes home without releasing anything, with two cases claimed a moment ago."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.busy: list[tuple[datetime, datetime]] = []
        self.rests: list[tuple[datetime, datetime]] = []
        self._handed: set[int] = set()
        self._answered_at: dict[int, datetime] = {}
        self._breaks = sorted(self.breaks)

    # --- the day

    async def live(self) -> None:
        """Come, work, go."""
        hours = self.office.hours
        await hours.until(self.begins)
        self.office.on_duty.add(self.name)
        await self.office.scene._do("home", user=self.id)
        while hours.now() < self.ends:
            if self._breaks and hours.now() >= self._breaks[0] and not self._is_pressing():
                self._breaks.pop(0)
                await self._rest()
            begun = hours.now()
            card = await self._next() if self._has_a_queue() else self._choose()
            if card is None and hours.now() > begun:
                continue
            if card is None:
                if await hours.news(600):
                    await self._take(SEE)
                continue
            await self._work_on(card)
            self.busy.append((begun, hours.now()))
        await self._go_home()
        self.office.on_duty.discard(self.name)

    async def _rest(self) -> None:
        begun = self.office.hours.now()
        await self.office.hours.sleep(1_800)
        self.rests.append((begun, self.office.hours.now()))

    async def _go_home(self) -> None:
        """Hand over what customers still wait for; one of them does not."""
        if self.forgets:
            for card in [card for card in self._cards() if card.is_free][:2]:
                await self._press(card, "case.claim")
            return
        await self._take(CHECK)
        for card in self._cards():
            if card.holder == self.name and card.wants_an_answer:
                await self._take(CHECK, card)
                await self._choose_in_menu(card, "Release")

    # --- what to do next

    def _cards(self) -> list[Seen]:
        return [card for channel in self.channels for card in self.office.eyes.cards(channel)]

    def _choose(self) -> Seen | None:
        """Choose: what is in doubt, then what presses most, mine before nobody's, then what is over.

        It is the order of ``/claim next`` and of the lists in Home.
        """
        cards = self._cards()
        mine = [card for card in cards if card.holder == self.name]
        doubtful = [card for card in cards if card.is_doubtful and card.holder not in self.office.on_duty - {self.name}]
        waiting = sorted((card for card in mine if card.wants_an_answer), key=_urgency)
        free = self._free()
        if doubtful:
            return doubtful[0]
        if waiting and not (free and _urgency(free[0])[:2] < _urgency(waiting[0])[:2]):
            return waiting[0]
        if len(free) > 1 and self.dice.random() < SECOND_BEST:
            return free[1]
        return free[0] if free else self._to_tidy(mine)

    def _free(self) -> list[Seen]:
        return sorted((card for card in self._cards() if card.is_free), key=_urgency)

    def _has_a_queue(self) -> bool:
        """Several wait for anybody, none for me: now and then one asks Goshawk instead of scrolling."""
        mine = any(card.holder == self.name and (card.wants_an_answer or card.is_doubtful) for card in self._cards())
        waiting = sum(not card.was_answered for card in self._free())
        return not mine and waiting > 1 and self.dice.random() < ASKS_FOR_NEXT

    async def _next(self) -> Seen | None:
        """Type ``/claim next``: the case is mine before I read it, so that nobody reads it beside me."""
        held = {card.case for card in self._cards() if card.holder == self.name}
        await self.office.scene.command(self.id, "next", command="/claim")
        await self.office.hours.sleep(2)
        handed = [card for card in self._cards() if card.holder == self.name and card.case not in held]
        self._handed.update(card.case for card in handed)
        return handed[0] if handed else None

    def _is_pressing(self) -> bool:
        """Nobody goes for a rest while a P1 is nobody's."""
        return any(card.priority == "P1" and not card.was_answered for card in self._free())

    def _to_tidy(self, mine: Sequence[Seen]) -> Seen | None:
        late = self.office.hours.now() - TIDY
        over = (card for card in mine if card.is_answered and self._answered_at.get(card.case, self.begins) < late)
        return next(over, None)

    # --- one case

    async def _work_on(self, card: Seen) -> None:
        """Read the card, then act on it as it stands by then; now and then somebody has not noticed the change."""
        await self._take(READ, card)
        now = self.office.eyes.card(card)
        if card.is_free and (now is None or not now.is_free):
            now = card if self.dice.random() < INATTENTIVE else None
        if now is None:
            return
        if now.is_doubtful:
            await self._settle(now)
        elif now.is_answered or (now.is_free and now.was_answered):
            await self._resolve(now, "answered")
        elif now.is_free or now.case in self._handed:
            way = self.dice.choices(list(WAYS), list(WAYS.values()))[0]
            await getattr(self, f"_{way}")(now)
            self._handed.discard(now.case)
        elif now.wants_an_answer and any(text in now.words for text in words.THANK_YOUS):
            await self._resolve(now, "answered")
        elif now.wants_an_answer:
            await self._reply(now)

    async def _reply(self, card: Seen) -> None:
        """Press Reply, write, send; what the window refuses stays in it, is read again and sent later."""
        window = await self._window(card, "case.reply")
        if window is None:
            return
        kept = next((one.get("initial_value") for one in elements(window.definition) if "initial_value" in one), "")
        await self._take(CHECK if kept else WRITE, card)
        text = kept or words.answer(self.dice, self.name, len(self.office.tally.sent))
        ticks = self.dice.random() < TICKS
        self._click(card, 2 if ticks else 1)
        answer = await self._submit(window, text=text, **({"options": ["resolve"]} if ticks else {}))
        if answer.get("response_action") == "push":
            await self._take(CHECK, card)
            self._click(card)
            answer = await self._submit(self.office.eyes.windows(self.id)[-1])
        if answer.get("ok") and not self.office.eyes.windows(self.id):
            self._sent(card, text)
            await self.office.hours.sleep(2)
        else:
            await self._give_up("send")

    def _sent(self, card: Seen, text: str) -> None:
        tally = self.office.tally
        tally.sent.append(text)
        self._answered_at[card.case] = self.office.hours.now()
        if card.is_free or card.case in self._handed:
            tally.answered.append(tally.clicks[card.case])
            tally.asked.append(card.case in self._handed)

    async def _claim(self, card: Seen) -> None:
        if card.is_free:
            await self._press(card, "case.claim")
            await self.office.hours.sleep(2)
        await self._look_up(card)

    async def _eyes(self, card: Seen) -> None:
        if card.is_free:
            self._click(card)
            await self.office.scene.react(self.id, card.message, "eyes")
            await self.office.hours.sleep(2)
        await self._look_up(card)

    async def _look_up(self, card: Seen) -> None:
        """Look something up, and answer if the case became mine."""
        if not self._is_mine(card):
            self.office.tally.refused["claim"] += 1
            return
        await self._take(LOOK_UP, card)
        if self._is_mine(card):
            await self._reply(card)

    def _is_mine(self, card: Seen) -> bool:
        now = self.office.eyes.card(card)
        return now is not None and now.holder == self.name

    async def _dismiss(self, card: Seen) -> None:
        why = self.dice.choice(["no action", "not about us", "duplicate"])
        if await self._resolve(card, why):
            self.office.tally.dismissed.append(self.office.tally.clicks[card.case])

    async def _resolve(self, card: Seen, why: str) -> bool:
        """Resolve by button or menu; return whether that was let through."""
        pressed = "case.resolve" in card.buttons
        window = await (
            self._window(card, "case.resolve") if pressed else self._choose_in_menu(card, "Resolve…", opens=True)
        )
        if window is None:
            return False
        await self._take(CHECK, card)
        self._click(card, 2)
        return await self._finish(window, "resolve", resolution=why)

    async def _escalate(self, card: Seen) -> None:
        window = await self._window(card, "case.escalate")
        if window:
            await self._take(WRITE, card)
            self._click(card)
            await self._finish(window, "escalate", reason=words.reason(self.dice))
        await self._reply(card)

    async def _snooze(self, card: Seen) -> None:
        """Take it and let it sleep until somebody who knows is back."""
        if card.is_free:
            await self._press(card, "case.claim")
            await self.office.hours.sleep(2)
        now = self.office.eyes.card(card)
        window = await self._choose_in_menu(now, "Snooze…", opens=True) if now and now.holder == self.name else None
        if window:
            await self._take(CHECK, card)
            self._click(card)
            await self._finish(window, "snooze", span="30")

    async def _settle(self, card: Seen) -> None:
        """Look on the platform whether a doubtful reply stands there, and say so."""
        await self._take(READ, card)
        said = self.office.scene.town.said
        stands = any(text in card.words for text in said if words.is_ours(text))
        await self._press(card, "case.arrived" if stands else "case.not_arrived")


def _urgency(card: Seen) -> tuple[bool, str, str]:
    return card.was_answered, card.priority, card.ts
