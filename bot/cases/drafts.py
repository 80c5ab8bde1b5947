"""Replies while they are written: begun, kept, looked at once more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.cases.changes import refuse_gone
from bot.cases.desk import promise_all
from bot.cases.rights import may, may_somewhere
from bot.cases.waiting import reasons, waiting
from bot.clock import Clock
from bot.domain.case import Case
from bot.domain.event import Happening, event
from bot.domain.ids import CaseId, ReplyId
from bot.domain.mention import ReplyMode, Terms
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState
from bot.domain.staff import Staff
from bot.domain.verdict import Kept
from bot.domain.voice import Template, alike, words_of
from bot.errors import NotAllowed
from bot.privacy.veil import shown
from bot.store.engine import Store
from bot.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Desktop:
    """What somebody needs in front of them to write a reply."""

    case: Case
    kept: Kept
    """The mention that is answered, without personal data; its writer may read what is private."""
    draft: Reply
    before: str = ""
    """Why any reply to it needs approval, whatever is written; empty when none does."""
    why: str = ""
    """Why the draft as it stands needs approval."""
    box: bool = False
    """Whether its writer may ask for a second pair of eyes."""
    new: bool = False
    """Whether its writer has sent so few replies that the exact text is shown once more."""
    same: int = 0
    """So many other people were sent the same words in the last hour."""
    mark: str = ""
    """The signature that is added to it; empty: none is."""
    offers: tuple[Template, ...] = ()
    """The templates that fit the mention."""


class Drafts:
    """The verbs on what is being written."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def asked(self, case: Case) -> Kept:
        """Return the mention that an answer to a case goes to, as everybody here may read it.

        Raises:
            NotAllowed: none is left.
        """
        return shown(await self._store.read(lambda unit: newest(unit, case)))

    async def begin(self, case_id: CaseId, *, by: Staff, text: str = "") -> Desktop:
        """Open the case for an answer by ``by``, claiming it when it is free; ``text`` fills a new draft.

        Raises:
            NotAllowed: somebody else has it, a reply is under way, or the platform takes none from us.
        """
        may_somewhere(by, "reply", self._policy)
        now = self._clock.now()

        def work(unit: Unit) -> Desktop:
            case = unit.cases.hold(case_id)
            may(by, "reply", self._policy, case)
            kept = newest(unit, case)
            refuse_gone(kept)
            _refuse_other_ways(kept.mention.terms, kept.mention.url)
            if any(reply.under_way for reply in unit.replies.of_case(case_id)):
                raise NotAllowed("A reply to this case is on its way. Undo it first, or wait until it has arrived.")
            mine = claimed_for(unit, case, by, at=now)
            return self._desktop(unit, mine, kept, self._draft(unit, mine, kept, by, text, now))

        return await self._store.transact(work)

    def _draft(self, unit: Unit, case: Case, kept: Kept, by: Staff, text: str, now: datetime) -> Reply:
        found = unit.replies.draft_of(case.id, by.id)
        if found is None:
            asked = [reply.text for reply in waiting(unit, case) if reply.by == by.id]
            return unit.replies.add(_blank(case, kept, by, text or "".join(asked), now))
        private = kept.mention.private
        current = replace(found, mention_id=kept.id, private=private, text=text or found.text, read_at=now)
        unit.replies.save(found, current)
        return current

    def _desktop(self, unit: Unit, case: Case, kept: Kept, draft: Reply, *, eyes: bool = False) -> Desktop:
        by, policy = draft.writer, self._policy
        before = reasons(unit, policy, case, by=by)
        why = reasons(unit, policy, case, by=by, text=draft.text, asked=eyes)
        desktop = Desktop(case, shown(kept, closed=True), draft, before, why, policy.approval.box and not before)
        mark = policy.voice.signature_of(by) if policy.voice.signs else ""
        return replace(desktop, mark=mark, offers=tuple(policy.voice.fitting(kept.mention)))

    async def keep(self, reply_id: ReplyId, *, by: Staff, text: str) -> None:
        """Store what was typed so far, so that closing the window loses nothing."""

        def work(unit: Unit) -> None:
            draft = unit.replies.get(reply_id)
            if draft.by == by.id and draft.state is ReplyState.DRAFT:
                unit.replies.save(draft, replace(draft, text=text))

        await self._store.transact(work)

    async def look(self, reply_id: ReplyId, *, by: Staff, eyes: bool = False) -> Desktop:
        """Return a draft with its case and mention, for the check view; ``eyes``: its writer wants a second pair.

        Raises:
            NotAllowed: it is not theirs, or they may not answer the case any more.
        """

        def work(unit: Unit) -> Desktop:
            draft = unit.replies.get(reply_id)
            case = unit.cases.get(draft.case_id)
            may(by, "reply", self._policy, case)
            refuse_others(draft, by)
            kept = answered_by(unit, draft)
            refuse_open(case, kept)
            desktop = self._desktop(unit, case, kept, draft, eyes=eyes)
            first = self._policy.check_new_replies
            new = bool(first) and unit.replies.count_sent(draft.by) < first
            return replace(desktop, new=new, same=_same(unit, kept, draft.text, since=now - timedelta(hours=1)))

        now = self._clock.now()
        return await self._store.read(work)


def newest(unit: Unit, case: Case) -> Kept:
    """Return the mention that an answer goes to: the author's newest, else the newest of all.

    In a private case only private ones count.

    Raises:
        NotAllowed: none is left.
    """
    kept = unit.mentions.newest(case.id, by=case.author, private=case.private)
    if kept is None:
        raise NotAllowed("The mentions of this case were erased.")
    return kept


def refuse_others(draft: Reply, by: Staff) -> None:
    """Refuse a draft that somebody else wrote.

    Raises:
        NotAllowed: it is not theirs.
    """
    if draft.by != by.id:
        raise NotAllowed(f"{draft.by_name} wrote this draft. Press Reply on the card to write your own.")


def answered_by(unit: Unit, draft: Reply) -> Kept:
    """Return the mention that a draft answers.

    Raises:
        NotAllowed: it is gone.
    """
    kept = unit.mentions.get(draft.mention_id)
    if kept is None:
        raise NotAllowed("The mention was erased. Nothing was sent.")
    return kept


def refuse_open(case: Case, kept: Kept) -> None:
    """Refuse to answer a public post of a case that is private.

    Raises:
        NotAllowed: it turned private since the answer was begun.
    """
    if case.private and not kept.mention.private:
        raise NotAllowed(
            f"Case {case.id} is private now, and this would answer a public post of it. Nothing was sent. "
            "Press Reply on its card in the private channel: your draft is kept."
        )


def _same(unit: Unit, kept: Kept, text: str, *, since: datetime) -> int:
    """Return how many other people were given these words, or nearly these."""
    words = words_of(text)
    return len({who for who, said in unit.replies.beside(kept.mention, since=since) if alike(words, words_of(said))})


def claimed_for(unit: Unit, case: Case, by: Staff, *, at: datetime) -> Case:
    """Return the case as ``by`` may answer it, claimed on the way when it is free."""
    mine = case.answering(by=by, at=at)
    if mine != case:
        unit.cases.save(case, mine)
        unit.events.add(event(case.id, Happening.CLAIMED, at=at, by=by))
        promise_all(unit, mine, at=at)
    return mine


def _refuse_other_ways(terms: Terms, url: str) -> None:
    if terms.mode is not ReplyMode.API:
        where = f" Answer there: {url}" if url else ""
        raise NotAllowed(f"No reply can be sent from here: {terms.why}.{where}")


def _blank(case: Case, kept: Kept, by: Staff, text: str, now: datetime) -> Reply:
    return Reply(
        id=ReplyId(0),
        case_id=case.id,
        mention_id=kept.id,
        by=by.id,
        by_name=by.name,
        text=text,
        private=kept.mention.private,
        written_at=now,
    )
