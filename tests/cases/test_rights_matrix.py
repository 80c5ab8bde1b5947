"""Who may do what: the table below is the specification, for every verb and every role."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot import metrics
from bot.cases.letters import Letters
from bot.cases.rights import NEEDS, may, may_somewhere, role_of
from bot.domain.case import Case, Resolution
from bot.domain.ids import MentionId, ReplyId, StaffId
from bot.domain.mention import Terms, Visibility
from bot.domain.reply import ReplyState
from bot.domain.role import Grant, Place, Role
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.store.engine import Store
from tests.fakes.office import POLICY, Office
from tests.fakes.people import ANA, CLEO, GUEST, ROBOT, STRANGER
from tests.fakes.posts import mention, praise

NOBODY = Staff(StaffId("U0NORA0001"), "Nora")
VIEWER = Staff(StaffId("U0VERA0001"), "Vera")
RESPONDER = Staff(StaffId("U0RITA0001"), "Rita", groups=frozenset({"S0CARE0001"}), reads_private=True)
APPROVER = Staff(StaffId("U0ANDY0001"), "Andy", groups=frozenset({"S0CARE0001", "S0LEADS001"}))
ADMIN = Staff(StaffId("U0ADA00001"), "Ada")
#: Somebody else with every right, who prepares what a verb needs.
BOSS = Staff(StaffId("U0BOSS0001"), "Boss")

#: A guest may be named as often as one likes.
EVERYWHERE = (
    Grant(role=Role.VIEWER, who=frozenset({VIEWER.id}), names=("@vera",)),
    Grant(role=Role.RESPONDER, who=frozenset({"S0CARE0001", GUEST.id, STRANGER.id, ROBOT.id}), names=("@social-care",)),
    Grant(role=Role.APPROVER, who=frozenset({"S0LEADS001"}), names=("@social-leads",)),
    Grant(role=Role.ADMIN, who=frozenset({ADMIN.id, BOSS.id}), names=("@ada", "@boss")),
)

OUTSIDE = (GUEST, STRANGER, ROBOT)
INSIDE = (NOBODY, VIEWER, RESPONDER, APPROVER, ADMIN)

#: The specification: yes, or the role that a refusal names.
MATRIX = """
verb             nobody  viewer  responder  approver  admin
look             no      yes     yes        yes       yes
claim            no      no      yes        yes       yes
claim next       no      no      yes        yes       yes
release          no      no      yes        yes       yes
assign           no      no      yes        yes       yes
escalate         no      no      yes        yes       yes
snooze           no      no      yes        yes       yes
resolve          no      no      yes        yes       yes
reopen           no      no      yes        yes       yes
note             no      no      yes        yes       yes
reply            no      no      yes        yes       yes
send             no      no      yes        yes       yes
undo             no      no      yes        yes       yes
settle           no      no      yes        yes       yes
answered there   no      no      yes        yes       yes
flag             no      no      yes        yes       yes
reveal           no      no      yes        yes       yes
freeze           no      no      yes        yes       yes
track            no      no      yes        yes       yes
stay             no      no      yes        yes       yes
act              no      no      yes        yes       yes
take over        no      no      no         yes       yes
approve          no      no      no         yes       yes
request changes  no      no      no         yes       yes
reject           no      no      no         yes       yes
unfreeze         no      no      no         yes       yes
export           no      no      no         no        yes
erase            no      no      no         no        yes
retry            no      no      no         no        yes
drop             no      no      no         no        yes
"""

#: Verbs of the desk that ask for the right of another word.
ASKS = {"claim next": "claim", "send": "reply", "answered there": "reply"}


def rows() -> list[tuple[str, list[bool]]]:
    found = []
    for line in MATRIX.split("\n")[2:-1]:
        *words, a, b, c, d, e = line.split()
        found.append((" ".join(words), [one == "yes" for one in (a, b, c, d, e)]))
    return found


CELLS = [
    pytest.param(verb, person, allowed, id=f"{verb}-{person.name.lower()}")
    for verb, answers in rows()
    for person, allowed in [*zip(INSIDE, answers, strict=True), *((one, False) for one in OUTSIDE)]
]


async def drafted(office: Office, by: Staff, case: Case) -> ReplyId:
    return (await office.drafts.begin(case.id, by=by, text="We found it.")).draft.id


async def put(office: Office, reply_id: ReplyId, state: ReplyState) -> None:
    def work(unit: Any) -> None:
        reply = unit.replies.get(reply_id)
        unit.replies.save(reply, replace(reply, state=state))

    await office.store.transact(work)


Deed = Callable[[Staff], Awaitable[Any]]


async def prepared(office: Office, verb: str, case: Case, by: Staff) -> Deed:  # noqa: C901, PLR0911, PLR0912 - a table
    """Bring a case to where the verb can be done, and return the deed."""
    match verb:
        case "claim":
            return lambda by: office.desk.claim(case.id, by=by)
        case "claim next":
            return lambda by: office.desk.claim_next(by=by)
        case "release":
            holder = by if by in {RESPONDER, APPROVER, ADMIN} else BOSS
            await office.desk.assign(case.id, to=holder, by=BOSS)
            return lambda by: office.desk.release(case.id, by=by)
        case "assign":
            return lambda by: office.desk.assign(case.id, to=RESPONDER, by=by)
        case "escalate":
            return lambda by: office.desk.escalate(case.id, by=by, reason="It burns.")
        case "snooze":
            return lambda by: office.desk.snooze(case.id, by=by)
        case "resolve":
            return lambda by: office.desk.resolve(case.id, by=by, resolution=Resolution.SPAM)
        case "reopen":
            await office.desk.resolve(case.id, by=BOSS, resolution=Resolution.SPAM)
            return lambda by: office.desk.reopen(case.id, by=by)
        case "note":
            return lambda by: office.desk.note(case.id, by=by, text="Called twice.")
        case "reply":
            return lambda by: office.drafts.begin(case.id, by=by)
        case "send":
            draft = await drafted(office, by if by in {RESPONDER, APPROVER, ADMIN} else BOSS, case)
            drawn = (await office.case(case.id)).version
            return lambda by: office.sending.send(draft, by=by, text="Hello", resolves=False, drawn=drawn)
        case "undo":
            await office.answer(case.id, by=BOSS)
            return lambda by: office.sending.undo(case.id, by=by)
        case "settle":
            draft = await drafted(office, BOSS, case)
            await put(office, draft, ReplyState.UNKNOWN)
            return lambda by: office.sending.settle(draft, by=by, arrived=True)
        case "answered there":
            return lambda by: office.sending.answered_there(case.id, by=by)
        case "flag":
            await office.receive((mention(by="nils"), praise()))
            return lambda by: office.reception.flag(MentionId(2), by=by)
        case "retry":
            return lambda by: Letters(office.store, office.clock, office.policy).retry(1, by=by)
        case "drop":
            return lambda by: Letters(office.store, office.clock, office.policy).drop(1, by=by)
        case "freeze":
            return lambda by: office.gate.freeze(by=by, reason="statement in preparation")
        case "unfreeze":
            await office.gate.freeze(by=BOSS, reason="statement in preparation")
            return lambda by: office.gate.unfreeze(by=by)
        case "approve" | "reject" | "request changes":
            draft = await drafted(office, BOSS, case)
            drawn = (await office.case(case.id)).version
            sent = await office.sending.send(draft, by=BOSS, text="Hello", resolves=False, drawn=drawn, eyes=True)
            read = {"shown": sent.text_hash}
            return {
                "approve": lambda by: office.approvals.approve(draft, by=by, **read),
                "reject": lambda by: office.approvals.reject(draft, by=by, **read),
                "request changes": lambda by: office.approvals.request_changes(draft, by=by, words="Warmer.", **read),
            }[verb]
        case _:

            async def asked(by: Staff) -> None:
                may(by, verb, office.policy, case)

            return asked


@pytest.mark.parametrize(("verb", "person", "allowed"), CELLS)
async def test_each_role_may_do_what_the_table_says(new_file, clock, verb: str, person: Staff, allowed: bool):  # noqa: FBT001
    store = Store(url := new_file())
    store.open()
    office = Office(store, clock, replace(POLICY, grants=EVERYWHERE))
    deed = await prepared(office, verb, await office.case_of(), person)
    before = written(url)

    if allowed:
        await deed(person)
    else:
        with pytest.raises(NotAllowed) as refusal:
            await deed(person)
        assert refused_well(str(refusal.value), person, NEEDS[ASKS.get(verb, verb)])
        assert written(url) == before
    store.close()


def written(url: str) -> list[str]:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        return list(connection.iterdump())


def refused_well(sentence: str, person: Staff, needed: Role) -> bool:
    """A refusal says why, and whom to ask."""
    if person in OUTSIDE:
        return "act for the brand. Ask a full member of the team." in sentence
    whom = {Role.VIEWER: "@vera", Role.RESPONDER: "@social-care", Role.APPROVER: "@social-leads", Role.ADMIN: "@ada"}
    return f"that needs the role {needed.word}. Ask {whom[needed]}" in sentence


def test_the_table_holds_every_verb_that_there_is():
    assert {verb for verb, _ in rows()} - ASKS.keys() == NEEDS.keys()


@pytest.mark.parametrize("person", [*OUTSIDE, ANA, CLEO], ids=lambda one: one.name.lower())
def test_without_roles_members_answer_and_owners_do_all(person: Staff):
    role = role_of(person, POLICY)

    assert role == {ANA: Role.RESPONDER, CLEO: Role.ADMIN}.get(person)
    for verb, needed in NEEDS.items():
        if role is not None and role >= needed:
            may(person, verb, POLICY)
        else:
            with pytest.raises(NotAllowed, match=r"for the brand|Ask an owner or admin of this workspace"):
                may(person, verb, POLICY)


def test_a_verb_that_nobody_wrote_down_is_refused_to_all():
    with pytest.raises(NotAllowed, match="nobody can"):
        may(CLEO, "delete everything", POLICY)


def test_each_refusal_is_counted_by_what_was_refused():
    refused = metrics.DENIED.labels("unfreeze")
    before = refused._value.get()

    may(CLEO, "unfreeze", POLICY)
    with pytest.raises(NotAllowed):
        may(GUEST, "unfreeze", POLICY)

    assert refused._value.get() - before == 1


# --- where a right holds

ACME = Terms(mode=mention().terms.mode, account="Acme", limit=280)


def bounded(**bounds: frozenset[str]) -> tuple[Grant, ...]:
    rita = Grant(role=Role.RESPONDER, who=frozenset({RESPONDER.id}), names=("@rita",), **bounds)
    return (rita, Grant(role=Role.ADMIN, who=frozenset({BOSS.id}), names=("@boss",)))


@pytest.mark.parametrize(
    ("grants", "place", "allowed"),
    [
        (bounded(), Place("acme", private=True), True),
        (bounded(accounts=frozenset({"acme"})), Place("Acme", private=False), True),
        (bounded(accounts=frozenset({"acme"})), Place("@acme", private=True), True),
        (bounded(accounts=frozenset({"acme"})), Place("harbourline", private=False), False),
        (bounded(accounts=frozenset({"acme"})), Place("", private=False), False),
        (bounded(accounts=frozenset({"acme"})), Place(), False),
        (bounded(routes=frozenset({"cases"})), Place("acme", private=False), True),
        (bounded(routes=frozenset({"cases"})), Place("acme", private=True), False),
        (bounded(routes=frozenset({"private"})), Place("acme", private=True), True),
        (bounded(routes=frozenset({"private"})), Place("acme"), False),
        (bounded(routes=frozenset({"cases", "private"})), Place(), True),
    ],
)
def test_a_grant_holds_where_its_bounds_say(grants: tuple[Grant, ...], place: Place, allowed: bool):  # noqa: FBT001
    policy = replace(POLICY, grants=grants)

    may_somewhere(RESPONDER, "note", policy)
    if allowed:
        may(RESPONDER, "note", policy, place)
    else:
        with pytest.raises(NotAllowed, match=r"that needs the role responder\. Ask @boss\."):
            may(RESPONDER, "note", policy, place)


def test_whoever_may_pull_the_brake_somewhere_may_pull_it_everywhere():
    policy = replace(POLICY, grants=bounded(accounts=frozenset({"acme"})))

    may(RESPONDER, "freeze", policy)
    with pytest.raises(NotAllowed, match="freeze sending"):
        may(NOBODY, "freeze", policy)


def test_a_refusal_names_the_account_that_would_speak():
    policy = replace(POLICY, grants=EVERYWHERE)

    with pytest.raises(NotAllowed) as refusal:
        may(VIEWER, "reply", policy, Place("acme", private=False))

    assert (
        str(refusal.value)
        == "You can't reply as @acme: that needs the role responder. Ask @social-care or @social-leads or @ada."
    )


def test_where_nobody_has_the_role_the_refusal_says_who_gives_it():
    policy = replace(POLICY, grants=EVERYWHERE[:1])

    with pytest.raises(NotAllowed, match="Nobody has it yet: whoever runs Goshawk"):
        may(VIEWER, "reply", policy)


async def test_next_is_the_most_urgent_case_that_one_may_work_on(store, clock):
    office = Office(store, clock, replace(POLICY, grants=bounded(accounts=frozenset({"acme"}))))
    other = await office.case_of(by="mara")
    ours = await office.case_of(by="nils", terms=ACME)

    assert (await office.desk.claim_next(by=RESPONDER)).id == ours.id
    with pytest.raises(NotAllowed, match="Nothing is unclaimed"):
        await office.desk.claim_next(by=RESPONDER)
    assert (await office.case(other.id)).assignee is None


async def test_a_private_case_is_for_those_whom_its_route_names(store, clock):
    office = Office(store, clock, replace(POLICY, grants=bounded(routes=frozenset({"cases"}))))
    case = await office.case_of(visibility=Visibility.PRIVATE)

    with pytest.raises(NotAllowed, match="needs the role responder"):
        await office.desk.claim(case.id, by=RESPONDER)
    with pytest.raises(NotAllowed, match=r"Rita can't be given this case: that needs the role responder\. Ask @boss\."):
        await office.desk.assign(case.id, to=RESPONDER, by=BOSS)


async def test_who_hands_on_anothers_case_says_why_unless_they_lead(store, clock):
    office = Office(store, clock, replace(POLICY, grants=EVERYWHERE))
    case = await office.case_of()
    await office.desk.claim(case.id, by=APPROVER)

    with pytest.raises(NotAllowed, match=r"Andy has case \d+\. Add a note that says why"):
        await office.desk.assign(case.id, to=RESPONDER, by=RESPONDER)
    taken = await office.desk.assign(case.id, to=RESPONDER, by=RESPONDER, note="Andy went home")
    led = await office.desk.assign(case.id, to=APPROVER, by=APPROVER)

    assert (taken.assignee, led.assignee) == (RESPONDER.id, APPROVER.id)


async def test_lists_hold_what_one_may_see(store, clock):
    office = Office(store, clock, replace(POLICY, grants=bounded(accounts=frozenset({"acme"}))))
    await office.case_of(by="mara")
    await office.case_of(by="nils", terms=ACME)
    await office.receive((mention(by="lena"), praise()), (mention(by="jo", terms=ACME), praise()))

    def sight(place: Any) -> bool:
        return (role_of(RESPONDER, office.policy, place) or 0) >= Role.VIEWER

    assert [line.case.author for line in await office.board.queue(sight=sight)] == ["nils"]
    assert [line.case.author for line in await office.board.unclaimed(sight=sight)] == ["nils"]
    assert [kept.mention.author.handle for kept in await office.board.unflagged(sight=sight)] == ["jo"]
    assert len(await office.board.queue()) == 2
