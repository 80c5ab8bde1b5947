"""The one way to what was hidden: for the person who has the case, with a line in its timeline."""

from __future__ import annotations

from bot.cases.rights import may, may_somewhere
from bot.clock import Clock
from bot.domain.case import Case
from bot.domain.event import Happening, event
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.staff import Staff
from bot.domain.verdict import Kept
from bot.errors import NotAllowed
from bot.privacy.veil import veiled
from bot.store.engine import Store
from bot.store.unit import Unit


class Originals:
    """Mentions as their authors wrote them."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def reveal(self, case_id: CaseId, *, by: Staff) -> list[Kept]:
        """Return the mentions of a case in which something is hidden, whole; that ``by`` looked is written down.

        Raises:
            NotAllowed: ``by`` does not have the case, may not read it, or nothing is hidden.
        """
        may_somewhere(by, "reveal", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> list[Kept]:
            case = unit.cases.get(case_id)
            may(by, "reveal", self._policy, case)
            _refuse_others(case, by)
            found = [kept for kept in unit.mentions.of_case(case_id) if veiled(kept).hidden]
            if not found:
                raise NotAllowed(f"Nothing is hidden in case {case_id}.")
            numbers = " ".join(str(kept.id) for kept in found)
            unit.events.add(event(case_id, Happening.REVEALED, at=now, by=by, detail=f"mentions {numbers}"))
            return found

        return await self._store.transact(work)


def _refuse_others(case: Case, by: Staff) -> None:
    if case.assignee is None:
        raise NotAllowed(f"Only who has case {case.id} sees what is hidden. Claim it first, then press again.")
    if case.assignee != by.id:
        raise NotAllowed(f"Only {case.assignee_name}, who has case {case.id}, sees what is hidden. Ask them.")
