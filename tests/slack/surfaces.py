"""Every place where a stranger's words, names, addresses or reasons can be read: one drawing each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.cases import boards
from bot.cases.board import Pile
from bot.cases.drafts import Desktop
from bot.cases.gate import Notice
from bot.cases.promises import in_microseconds
from bot.domain.history import History
from bot.domain.ids import MentionId, ReplyId, StaffId
from bot.domain.mention import Author, Visibility
from bot.domain.reply import ReplyState
from bot.domain.role import Grant, Role
from bot.domain.staff import Staff
from bot.domain.verdict import Reason
from bot.domain.voice import Template
from bot.privacy.veil import shown, shown_reply
from bot.privacy.warnings import warnings_of
from bot.slack import approving, freezes, ids, lists, modals, piles, threads
from bot.slack import boards as billboard
from bot.slack.blocks import section
from bot.slack.cards import Drawing, draw, draw_withheld
from bot.slack.home import home
from bot.slack.report import report_list
from bot.slack.reveal import reveal_modal
from bot.slack.text import say
from tests.slack import sheets

APPROVERS = Grant(role=Role.APPROVER, who=frozenset({"U0ANA00001", "U0BEN00001"}))


def _sheet(words: str, *, private: bool = False, spilt: str = "") -> Any:
    """Return a sheet with these words everywhere; ``spilt``: what the author wrote instead, as the board gives it."""
    told = spilt or words
    handle, many = words[:200], 2_000_000_000
    where = words[:200] or "X"
    visibility = Visibility.PRIVATE if private else Visibility.PUBLIC
    post = sheets.mention(
        told,
        author=Author(handle=handle, name=handle, followers=many, verified=True),
        platform=where,
        lang=words[:2],
        likes=many,
        reposts=many,
        photos=many,
        photo_urls=tuple(f"https://square.example/{n}/{words[:600]}" for n in range(9)),
        parent=f"@{told}",
        visibility=visibility,
        terms=replace(sheets.mention().terms, account=handle),
    )
    reasons = (Reason(words[:60], told[:60], 2.0), Reason("waiting", told[:60], 1.0))
    case = sheets.claimed(
        author=handle, platform=where, private=private, assignee_name=handle, late_at=sheets.AT, mentions=many
    )
    reply = sheets.reply(ReplyState.QUEUED, words[:5_000] or "x", by_name=handle, trouble=told[:500])
    first = replace(sheets.kept(post), id=MentionId(1))
    up = sheets.escalation(words[:3_000], handle)
    past = History(many, sheets.AT, many)
    sheet = sheets.sheet(case, post, reasons=reasons, escalation=up, reply=reply, first=first, history=past)
    if not spilt:
        return sheet
    return replace(sheet, kept=shown(sheet.kept), first=shown(first), reply=shown_reply(reply))


def messages(words: str, *, spilt: str = "") -> Iterator[tuple[str, Drawing, frozenset[str]]]:
    """Yield every message with these words in every place: its name, itself, and whom it may call."""
    sheet = _sheet(words, spilt=spilt)
    for state in (ReplyState.QUEUED, ReplyState.UNKNOWN, ReplyState.REFUSED, ReplyState.SENT, ReplyState.SENDING):
        reply = replace(sheet.reply, state=state, remote_url="https://square.example/r5")
        yield f"card {state}", draw(replace(sheet, reply=reply), sheets.POLICY), frozenset()
    yield from _frozen(words, sheet)
    yield "withheld", draw_withheld(_sheet(words, private=True)), frozenset()
    yield from _listed(words, sheet)
    yield from _stormy(words, sheet)
    yield from _threads(words, sheet)


def _frozen(words: str, sheet: Any) -> Iterator[tuple[str, Drawing, frozenset[str]]]:
    """Yield a freeze whose reason and account somebody chose with care, and what waits for it."""
    stop = sheets.freeze(words[:500] or "x", words[:200] or "x", account=words[:200])
    over = replace(stop, ended_at=sheets.AT, ended_by=StaffId("U0CLEO0001"), ended_by_name=words[:200])
    queued = [replace(sheet.reply, id=ReplyId(n), state=ReplyState.QUEUED, by=StaffId(f"U0{n:05}")) for n in range(300)]
    yield "card frozen", draw(replace(sheet, reply=queued[0], freeze=stop), sheets.POLICY), frozenset()
    yield "freeze", freezes.message(Notice(stop, tuple(queued))), frozenset()
    yield "freeze over", freezes.message(Notice(over, ())), frozenset()
    many = [replace(one, by=sheets.ANA_ID) for one in queued]
    yield "what waited", freezes.leaving(Notice(over, tuple(many))), frozenset({f"<@{sheets.ANA_ID}>"})


def _listed(words: str, sheet: Any) -> Iterator[tuple[str, Drawing, frozenset[str]]]:
    story = sheets.timeline(sheet, detail=words[:3_000], many=40)
    drawings = {
        "queue": lists.queue_list("Open work", [sheets.line(sheet)] * 10),
        "pile": piles.pile_list(Pile.LATE, sheets.page([sheets.writing(sheets.line(sheet), words)] * 10, total=34)),
        "report": report_list(sheets.report([sheets.line(sheet)] * 5, words), sheets.POLICY),
        "unflagged": lists.unflagged_list([sheet.kept] * 10),
        "timeline": lists.timeline_list(story),
        "why": lists.why_list(sheet.case, sheet.kept.verdict),
        "status": lists.status_list(sheets.summary(words[:500] or "down", words[:30])),
        "taken": lists.taken(sheet.case, sheet.kept, "https://harbourline.slack.com/archives/C0/p1"),
        "refusal": lists.notice(say("{sentence}", sentence=f"No: {words}")),
    }
    for name, drawing in drawings.items():
        yield name, drawing, frozenset()


def _stormy(words: str, sheet: Any) -> Iterator[tuple[str, Drawing, frozenset[str]]]:
    """Yield the board of a storm, up and down, and what lies behind it."""
    look = sheets.storm([sheets.line(sheet)] * boards.SHOWN, sheets.freeze(words[:500] or "x", words[:200] or "x"))
    down = replace(look, board=replace(look.board, ended_at=sheets.AT))
    part = boards.Part(sheets.page([sheets.writing(sheets.line(sheet), words)] * boards.PAGE).lines, 6, 13)
    yield "storm", billboard.drawn(look, sheets.POLICY), frozenset({"<!subteam^S0LEADS001>"})
    yield "storm over", billboard.drawn(down, sheets.POLICY), frozenset()
    yield "of a storm", billboard.page(part), frozenset()


def _threads(words: str, sheet: Any) -> Iterator[tuple[str, Drawing, frozenset[str]]]:
    ana = frozenset({f"<@{sheets.ANA_ID}>"})
    story = sheets.timeline(replace(sheet, cards=()), detail=f"ana: {words[:2_900]}", many=40)
    for state in (ReplyState.UNKNOWN, ReplyState.REFUSED):
        reply = replace(sheet.reply, state=state)
        told = replace(story, replies=(reply,))
        for what, ref in (
            ("heard", 7),
            ("sent", 5),
            ("elsewhere", 5),
            (str(state), 5),
            ("ping", 1),
            ("handed", f"{sheets.ANA_ID}--{in_microseconds(sheets.AT + timedelta(minutes=4))}-1"),
            ("woken", 1),
        ):
            said = threads.line(told, what, str(ref))
            if said:
                yield f"thread {what}", threads.with_pointer(said.drawing, "https://square.example/c"), ana
    for what, state in (("asked", "AWAITING"), ("unapproved", "AWAITING"), ("changes requested", "REJECTED"),
                        ("reply rejected", "REJECTED"), ("withdrawn", "UNDONE"), ("held", "UNDONE")):  # fmt: skip
        name = words[:80] or "x"
        reply = replace(sheet.reply, state=ReplyState[state], approver_name=name, trouble=words, asked_for=words)
        said = threads.line(replace(story, replies=(reply,)), what, "5", grants=(APPROVERS,))
        assert said
        called = frozenset({"<@U0BEN00001>"}) if state == "AWAITING" else ana
        yield f"thread {what}", said.drawing, called
    summary = threads.summary(sheet.escalation, sheet, "https://harbourline.slack.com/archives/C0/p1")
    call = frozenset({"<!subteam^S0LEADS001>"})
    blocks = [section(threads.call(sheets.POLICY.tiers[0])), *summary]
    yield "tier", Drawing(say("Escalated to {tier}", tier=words[:30] or "x"), blocks), call


def views(words: str, *, spilt: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every modal with these words in every place."""
    sheet = _sheet(words, spilt=spilt)
    desk = Desktop(sheet.case, sheet.kept, replace(sheet.reply, text=words[:3_000], state=ReplyState.DRAFT))
    yield "reply", modals.reply_modal(desk)
    ready = tuple(Template(name=f"{number}{words[:60]}", text=words[:3_000] or "x") for number in range(100))
    yield "reply with templates", modals.reply_modal(replace(desk, offers=ready, mark="^" + words[:19]), filled=3)
    memory = ids.Memory(ReplyId(1), 3, resolves=True, shown="0" * 16)
    yield "check", modals.check_modal(desk, words or "x", memory, warnings=warnings_of(words))
    asked = replace(desk.draft, by_name=words[:80] or "x", asked_for=words, trouble=words)
    yield "reply to approve", modals.reply_modal(replace(desk, draft=asked, before=words, box=True))
    yield "check to approve", modals.check_modal(replace(desk, why=words), words or "x", memory, warnings=[])
    for number in (1, 2, 12):
        several = [replace(asked, id=ReplyId(one)) for one in range(number)]
        yield f"approve {number}", approving.approve_modal(several)
        yield f"changes {number}", approving.words_modal(several, changes=True)
    yield "reject", approving.words_modal([asked], changes=False)
    yield "waiting", approving.waiting_modal(asked)
    yield "details", modals.details_modal(sheets.timeline(sheet, detail=words[:3_000], many=40))
    tiers = tuple(replace(sheets.POLICY.tiers[0], name=f"{number}{words[:30]}") for number in [1, *range(12)])
    yield "escalate", modals.escalate_modal(sheet.case, replace(sheets.POLICY, tiers=tiers))
    lines = [sheets.line(sheet)] * 10
    who = Staff(StaffId("U0ANA00001"), words[:80] or "x")
    yield "home", {"type": "home", "blocks": home(who, sheets.own_home(lines, words), sheets.POLICY)}
    yield "several", piles.several_modal(sheets.page(lines))
    yield "several told", piles.several_told([say("{why}", why=words)] * 10)
    yield "problem", modals.problem_modal(words or "x")
    yield "originals", reveal_modal(sheet.case.id, [sheet.kept] * 10)
