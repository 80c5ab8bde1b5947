"""The law of the record: every verb leaves exactly one event, with its person, its moment, and the print of a text.

The verbs are found by looking: whatever in ``bot/cases`` takes a person as ``by`` stands in one of the two lists
below, or this page fails. What one act brings with it (a claim by pressing Reply, a case that ends with its reply)
has an event of its own, which is named behind it.
"""

import hashlib
import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import bot.cases
from bot.cases import promises
from bot.cases.erasure import Erasures
from bot.cases.letters import Letters
from bot.domain.approval import ApprovalRule
from bot.domain.case import Resolution
from bot.domain.event import DESK, Event, Happening
from bot.domain.reply import ReplyState
from bot.domain.role import Grant, Role
from bot.domain.staff import Staff
from bot.jobs.runner import LEASE
from tests.fakes import feed as platform
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, BEN, CLEO
from tests.fakes.posts import complaint, mention, praise

UNDO = timedelta(seconds=15)
WORDS = "We found it."
PRINT = hashlib.sha256(WORDS.encode()).hexdigest()
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

GRANTS = (
    Grant(role=Role.RESPONDER, who=frozenset({ANA.id, BEN.id}), names=("@social-care",)),
    Grant(role=Role.ADMIN, who=frozenset({CLEO.id}), names=("@cleo",)),
)

#: What looks, or keeps a draft: nothing happened yet that anybody would ask about.
QUIET = {
    "Approvals.beside",
    "Approvals.waiting",
    "Attention.colleague",
    "Desk.holder",
    "Attention.enter",
    "Attention.leave",
    "Boards.show",
    "Drafts.keep",
    "Drafts.look",
    "Erasures.find",
}


@pytest.fixture
def office(store, clock) -> Office:
    return Office(store, clock, replace(POLICY, grants=GRANTS, approval=ApprovalRule(words=("sorry",))))


async def record(office) -> list[Event]:
    found = await office.store.read(lambda unit: unit.events.page(since=BEGINNING, after=0, limit=1_000))
    return [one for _, one in found]


def takes_a_person(method) -> bool:
    given = inspect.signature(method).parameters.get("by")
    return given is not None and given.annotation == "Staff"


def verbs() -> set[str]:
    """Everything in bot/cases that a person does."""
    found = set()
    for one in pkgutil.iter_modules(bot.cases.__path__, "bot.cases."):
        module = importlib.import_module(one.name)
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ == one.name and not name.startswith("_"):
                methods = inspect.getmembers(kind, inspect.isfunction)
                found |= {f"{name}.{word}" for word, method in methods if word[0] != "_" and takes_a_person(method)}
    return found


# --- what each verb is tried on, and what it leaves


async def claimed(office):
    case = await office.case_of()
    return await office.desk.claim(case.id, by=ANA)


async def asked(office):
    """A reply that waits for approval."""
    case = await office.case_of()
    return await office.answer(case.id, "We are sorry.")


async def doubtful(office):
    case = await office.case_of()
    reply = await office.answer(case.id, WORDS)
    office.feed.will(platform.lost)
    office.feed.will_not_tell(platform.SendDoubtful("Nobody can look."))
    await office.pass_time(UNDO)
    await office.pass_time(timedelta(seconds=5))
    assert (await office.board.reply(reply.id)).state is ReplyState.UNKNOWN
    return reply


def letters_of(office) -> Letters:
    return Letters(office.store, office.clock, office.policy)


async def given_up(office):
    """A burst with one card that could not be drawn."""
    await office.case_of()

    def bury(unit) -> None:
        for job in unit.jobs.claim([promises.REDRAW], at=office.clock.now(), lease=LEASE, limit=9):
            unit.jobs.bury(job, at=office.clock.now(), trouble="It broke.")
            letters_of(office).given_up(unit, job)

    await office.store.transact(bury)
    [told] = await office.jobs(promises.DEAD)
    return int(told.subject)


async def drafted(office):
    case = await claimed(office)
    return await office.drafts.begin(case.id, by=ANA, text=WORDS)


async def frozen(office):
    await office.case_of()
    return await office.gate.freeze(by=ANA, reason="drill")


async def set_aside(office):
    """A mention that was not flagged."""
    await office.receive((mention("Thank you!"), praise()))
    return (await office.store.read(lambda unit: unit.mentions.unflagged()))[0]


Before = Callable[[Office], Awaitable[object]]
Act = Callable[[Office, object], Awaitable[object]]

#: Each verb: what it is tried on, the act, who does it, the event it leaves, and what it brings with it.
VERBS: dict[str, tuple[Before, Act, Staff, Happening, list[Happening]]] = {
    "Desk.claim": (Office.case_of, lambda o, c: o.desk.claim(c.id, by=ANA), ANA, Happening.CLAIMED, []),
    "Desk.claim_next": (Office.case_of, lambda o, _: o.desk.claim_next(by=ANA), ANA, Happening.CLAIMED, []),
    "Desk.release": (claimed, lambda o, c: o.desk.release(c.id, by=ANA), ANA, Happening.RELEASED, []),
    "Desk.assign": (claimed, lambda o, c: o.desk.assign(c.id, to=BEN, by=ANA), ANA, Happening.ASSIGNED, []),
    "Desk.escalate": (
        claimed, lambda o, c: o.desk.escalate(c.id, by=ANA, reason="angry"), ANA, Happening.ESCALATED, [],
    ),
    "Desk.snooze": (claimed, lambda o, c: o.desk.snooze(c.id, by=ANA), ANA, Happening.SNOOZED, []),
    "Desk.resolve": (
        claimed, lambda o, c: o.desk.resolve(c.id, by=ANA, resolution=Resolution.SPAM), ANA, Happening.RESOLVED, [],
    ),
    "Desk.reopen": (
        lambda o: _after(claimed(o), lambda c: o.desk.snooze(c.id, by=ANA)),
        lambda o, c: o.desk.reopen(c.id, by=ANA), ANA, Happening.REOPENED, [],
    ),
    "Desk.note": (claimed, lambda o, c: o.desk.note(c.id, by=ANA, text="called them"), ANA, Happening.NOTED, []),
    "Drafts.begin": (Office.case_of, lambda o, c: o.drafts.begin(c.id, by=ANA), ANA, Happening.CLAIMED, []),
    "Sending.send": (
        drafted,
        lambda o, d: o.sending.send(d.draft.id, by=ANA, text=WORDS, resolves=False, drawn=d.case.version),
        ANA, Happening.QUEUED, [],
    ),
    "Sending.undo": (
        lambda o: _after(drafted(o), lambda d: o.answer(d.case.id, WORDS)),
        lambda o, r: o.sending.undo(r.case_id, by=BEN), BEN, Happening.UNDONE, [],
    ),
    "Sending.settle": (
        doubtful, lambda o, r: o.sending.settle(r.id, by=BEN, arrived=True), BEN, Happening.SENT, [],
    ),
    "Sending.answered_there": (
        Office.case_of, lambda o, c: o.sending.answered_there(c.id, by=ANA), ANA, Happening.SENT, [Happening.CLAIMED],
    ),
    "Approvals.approve": (
        asked, lambda o, r: o.approvals.approve(r.id, by=CLEO, shown=r.text_hash), CLEO, Happening.APPROVED, [],
    ),
    "Approvals.request_changes": (
        asked, lambda o, r: o.approvals.request_changes(r.id, by=CLEO, shown=r.text_hash, words="warmer"),
        CLEO, Happening.CHANGES, [],
    ),
    "Approvals.reject": (
        asked, lambda o, r: o.approvals.reject(r.id, by=CLEO, shown=r.text_hash, words="no"),
        CLEO, Happening.REJECTED, [],
    ),
    "Attention.stay": (claimed, lambda o, c: o.attention.stay(c.id, by=ANA), ANA, Happening.KEPT, []),
    "Reception.flag": (
        set_aside, lambda o, m: o.reception.flag(m.id, by=ANA), ANA, Happening.OPENED, [],
    ),
    "Reception.track": (
        Office.cases, lambda o, _: o.reception.track(mention(), complaint(), by=ANA), ANA, Happening.OPENED, [],
    ),
    "Originals.reveal": (
        lambda o: _after(
            o.case_of((mention("Call me: +49 30 901820123, my bag is lost."), complaint())),
            lambda c: o.desk.claim(c.id, by=ANA),
        ),
        lambda o, c: o.originals.reveal(c.id, by=ANA), ANA, Happening.REVEALED, [],
    ),
    "Erasures.erase": (
        lambda o: _after(o.case_of(), lambda c: _first_mention(o, c)),
        lambda o, m: Erasures(o.store, o.clock, o.policy).erase(m, by=CLEO), CLEO, Happening.ERASED,
        [Happening.RESOLVED],
    ),
    "Gate.freeze": (Office.case_of, lambda o, _: o.gate.freeze(by=ANA, reason="drill"), ANA, Happening.FROZEN, []),
    "Letters.retry": (
        given_up, lambda o, burst: letters_of(o).retry(burst, by=CLEO), CLEO, Happening.REVIVED, [],
    ),
    "Letters.drop": (given_up, lambda o, burst: letters_of(o).drop(burst, by=CLEO), CLEO, Happening.DROPPED, []),
    "Gate.unfreeze": (frozen, lambda o, _: o.gate.unfreeze(by=CLEO), CLEO, Happening.UNFROZEN, []),
}  # fmt: skip


async def _after(first, then):
    """Do one thing, then another with what it gave; give what the second gave, or else the first."""
    given = await first
    return await then(given) or given


async def _first_mention(office, case):
    return (await office.store.read(lambda unit: unit.mentions.first_of(case.id))).id


def test_whatever_a_person_does_is_in_one_of_the_lists():
    assert verbs() == QUIET | set(VERBS)


@pytest.mark.parametrize("name", VERBS)
async def test_a_verb_leaves_one_event_with_its_person_and_moment(office, name):
    before, act, by, what, with_it = VERBS[name]
    things = await before(office)
    earlier = len(await record(office))
    office.clock.advance(timedelta(seconds=1))

    await act(office, things)

    left = (await record(office))[earlier:]
    assert sorted(one.what for one in left) == sorted([what, *with_it])
    (event,) = [one for one in left if one.what is what]
    assert (event.by, event.by_name, event.at) == (by.id, by.name, office.clock.now())
    assert {one.by for one in left} == {by.id}


@pytest.mark.parametrize("name", ["Sending.send", "Sending.undo", "Sending.settle"])
async def test_what_becomes_of_a_text_bears_its_print(office, name):
    before, act, _, what, _ = VERBS[name]
    things = await before(office)

    await act(office, things)

    assert [one.text_hash for one in await record(office) if one.what is what] == [PRINT]


async def test_a_refused_verb_leaves_nothing(office):
    case = await claimed(office)
    earlier = await record(office)

    for act in (
        office.desk.claim(case.id, by=BEN),
        office.desk.release(case.id, by=BEN),
        office.sending.undo(case.id, by=ANA),
        office.gate.unfreeze(by=CLEO),
        office.gate.unfreeze(by=ANA),
        office.gate.freeze(by=ANA, reason=""),
    ):
        with pytest.raises(Exception, match=r"\w"):
            await act

    assert await record(office) == earlier


async def test_every_public_effect_has_one_event_with_print_and_platform_id(office):
    case = await office.case_of()
    await office.answer(case.id, WORDS, resolves=True)
    await office.pass_time(UNDO)
    await office.pass_time(timedelta(hours=3))

    told = [(one.what, one.by_name, one.text_hash, one.remote_id) for one in await record(office)]

    assert told == [
        (Happening.OPENED, "", "", ""),
        (Happening.CLAIMED, "Ana", "", ""),
        (Happening.QUEUED, "Ana", PRINT, ""),
        (Happening.SENT, "Ana", PRINT, "r1"),
        (Happening.RESOLVED, "Ana", "", ""),
    ]


@pytest.mark.parametrize("outcome", [platform.refused, platform.lost])
async def test_what_did_not_arrive_has_one_event_too(office, outcome):
    case = await office.case_of()
    office.feed.will(outcome)
    office.feed.will_not_tell(platform.SendDoubtful("Nobody can look."))
    await office.answer(case.id, WORDS)
    await office.pass_time(UNDO)
    await office.pass_time(timedelta(seconds=5))

    ends = [one for one in await record(office) if one.what in {Happening.REFUSED, Happening.DOUBTED, Happening.SENT}]

    assert [(one.text_hash, one.remote_id, one.by_name) for one in ends] == [(PRINT, "", "Ana")]


async def test_no_event_of_a_day_holds_a_strangers_word(office):
    secret = "zebrafish"
    case = await office.case_of((mention(f"My {secret} is lost.", by=f"{secret}-fan"), complaint()))
    await office.answer(case.id, f"Your {secret} is on the next boat.")
    await office.pass_time(UNDO)
    await office.receive((mention(f"Where is my {secret}?", by=f"{secret}-fan"), complaint()))
    await office.desk.escalate(case.id, by=ANA, reason="angry")
    await office.gate.freeze(by=ANA, reason="drill")
    await office.pass_time(timedelta(hours=5))

    assert [one for one in await record(office) if secret in repr(one)] == []
    assert {one.case_id for one in await record(office)} == {case.id, DESK}
