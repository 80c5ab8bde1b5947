"""Cases as cards and lists are given them: everything that can stand on a sheet, by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cases.board import Line, Sheet, Summary, Timeline
from bot.cases.boards import Look
from bot.cases.overview import Home, Page, Report
from bot.domain.attention import Writing
from bot.domain.board import StormBoard
from bot.domain.card import Card, Escalation
from bot.domain.case import Case, Resolution, State
from bot.domain.event import Event, Happening
from bot.domain.figures import Figures, FirstReply, Work
from bot.domain.freeze import Freeze
from bot.domain.health import FeedHealth, Pulse
from bot.domain.history import Earlier, History
from bot.domain.ids import CaseId, FreezeId, MentionId, ReplyId, StaffId
from bot.domain.mention import Author, Mention, ReplyMode, Terms, Visibility
from bot.domain.policy import Policy
from bot.domain.reply import Reply, ReplyState
from bot.domain.route import Routes, Tier
from bot.domain.sla import Priority
from bot.domain.verdict import Kept, Kind, Reason, Verdict
from bot.store.boards import Tally

AT = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
ANA, ANA_ID = "Ana", StaffId("U0ANA00001")
URL = "https://square.example/p7"

POLICY = Policy(
    routes=Routes(cases="C0CARE0001", private="C0PRIVATE1"),
    tiers=(Tier("lead", "C0ESCAL001", ("S0LEADS001",)), Tier("pr", "C0ESCAL001", ("S0PR000001", "U0DEV00001"))),
    oncall="S0LEADS001",
)


def mention(text: str = "My suitcase never arrived and nobody answers me!", **given: Any) -> Mention:
    author = given.pop("author", Author(handle="mara", name="Mara Voss", followers=1_240, verified=True))
    whole: dict[str, Any] = {
        "feed": "town",
        "platform": "Mastodon",
        "post_id": "p7",
        "author": author,
        "text": text,
        "posted_at": AT - timedelta(minutes=20),
        "seen_at": AT - timedelta(minutes=20) + timedelta(seconds=2),
        "url": URL,
        "thread": "p7",
        "lang": "en",
        "tagged": True,
        "visibility": Visibility.PUBLIC,
        "likes": 12,
        "reposts": 3,
        "terms": Terms(mode=ReplyMode.API, account="harbourline", limit=500),
    }
    return Mention(**{**whole, **given})


def kept(post: Mention, **given: Any) -> Kept:
    reasons = given.pop("reasons", (Reason("lost or late delivery", "never arrived", 2.1), Reason("ignored", "", 1.4)))
    verdict = Verdict(kind=given.pop("kind", Kind.COMPLAINT), score=3.5, reasons=reasons)
    return Kept(MentionId(7), post, verdict, CaseId(1042))


def case(**given: Any) -> Case:
    whole: dict[str, Any] = {
        "id": CaseId(1042),
        "priority": Priority.P3,
        "feed": "town",
        "platform": "Mastodon",
        "author": "mara",
        "thread": "p7",
        "posted_at": AT - timedelta(minutes=20),
        "seen_at": AT - timedelta(minutes=20),
        "due_at": AT + timedelta(minutes=100),
        "alarm_at": AT + timedelta(minutes=100),
        "version": 3,
    }
    return Case(**{**whole, **given})


def claimed(**given: Any) -> Case:
    return case(
        **{"state": State.CLAIMED, "assignee": ANA_ID, "assignee_name": ANA, "claimed_at": AT, **given},
    )


def reply(state: ReplyState, text: str = "It is on the next boat. Sorry!", **given: Any) -> Reply:
    whole: dict[str, Any] = {
        "id": ReplyId(5),
        "case_id": CaseId(1042),
        "mention_id": MentionId(7),
        "by": ANA_ID,
        "by_name": ANA,
        "text": text,
        "state": state,
        "written_at": AT,
        "send_at": AT + timedelta(seconds=15),
    }
    if state is ReplyState.AWAITING:
        whole |= {"send_at": None, "asked_at": AT, "asked_for": "priority P1; the word “refund”"}
    if state is ReplyState.SENT:
        whole |= {"sent_at": AT + timedelta(minutes=1), "remote_url": "https://square.example/r5"}
    return Reply(**{**whole, **given})


def sheet(about: Case | None = None, post: Mention | None = None, **given: Any) -> Sheet:
    card = Card(case_id=CaseId(1042), channel="C0CARE0001", ts="1795271000.000100", drawn_version=3, carded_at=AT)
    whole: dict[str, Any] = {"reply": None, "escalation": None, "cards": (card,)}
    verdict = {name: given.pop(name) for name in ("kind", "reasons") if name in given}
    newest = kept(post or mention(), **verdict)
    return Sheet(case=about or case(), kept=newest, **{"first": None, **whole, **given})


def freeze(reason: str = "statement in preparation", by: str = "Cleo", **given: Any) -> Freeze:
    cleo = StaffId("U0CLEO0001")
    whole: dict[str, Any] = {"id": FreezeId(1), "reason": reason, "by": cleo, "by_name": by, "at": AT, "under_way": 2}
    return Freeze(**{**whole, **given})


def escalation(reason: str = "She waits in the rain", by: str = ANA) -> Escalation:
    return Escalation(id=1, case_id=CaseId(1042), tier=1, reason=reason, by_name=by, at=AT)


def timeline(of: Sheet, *, detail: str = "lead: she waits", many: int = 3) -> Timeline:
    happenings = [Happening.OPENED, Happening.CLAIMED, Happening.ESCALATED, Happening.NOTED, Happening.ASSIGNED]
    events = tuple(
        Event(
            case_id=of.case.id,
            what=happenings[number % len(happenings)],
            at=AT + timedelta(minutes=number),
            by=ANA_ID,
            by_name=ANA,
            detail=detail,
        )
        for number in range(many)
    )
    mentions = tuple(replace(of.kept, id=MentionId(number + 5)) for number in range(min(many, 12)))
    replies = (of.reply,) if of.reply else ()
    earlier = tuple(Earlier(one, answered=bool(number % 2)) for number, one in enumerate(mentions[:5]))
    return Timeline(of, (*mentions, of.kept), events, replies, earlier)


def line(of: Sheet) -> Line:
    return Line(of.case, of.kept)


def summary(trouble: str = "", feed: str = "town") -> Summary:
    pulse = Pulse.FAILING if trouble else Pulse.LISTENING
    health = FeedHealth(feed=feed, pulse=pulse, since=AT, last_read_at=AT, last_mention_at=AT, trouble=trouble)
    return Summary({State.OPEN: 3, State.CLAIMED: 2}, (health,), 1 if trouble else 0)


def writing(of: Line, name: str) -> Line:
    return replace(of, writing=Writing(name[:200] or "x", AT), at=AT + timedelta(hours=3))


def page(lines: list[Line], *, total: int = 0) -> Page:
    apart = [replace(one, case=replace(one.case, id=CaseId(one.case.id + number))) for number, one in enumerate(lines)]
    return Page(tuple(apart), total or len(lines))


def storm(lines: list[Line], stop: Freeze) -> Look:
    """What a board shows at the height of a storm."""
    counts = dict.fromkeys(Priority, 20_000)
    return Look(
        board=StormBoard(channel="C0CARE0001", begun_at=AT),
        tally=Tally(counts, taken=400, oldest_at=AT, critical=()),
        lately=9_000,
        is_calm=False,
        top=page(lines).lines,
        critical=tuple(CaseId(100_000 + number) for number in range(300)),
        freezes=(stop,),
    )


def figures(name: str = "Ana") -> Figures:
    replies = [FirstReply(Priority.P3, AT, AT + timedelta(minutes=1), AT + timedelta(minutes=n)) for n in (4, 20, 130)]
    return Figures(
        since=AT - timedelta(hours=14),
        received=120,
        flagged=14,
        replies=tuple(replies),
        late_unanswered=1,
        open_now={State.OPEN: 3, State.CLAIMED: 2, State.SNOOZED: 1, State.RESOLVED: 40},
        staff=(Work(name[:200] or "x", 7, 5),) * 20,
    )


def report(lines: list[Line], name: str = "Ana") -> Report:
    return Report(figures(name), tuple(lines), AT, 7)


def own_home(lines: list[Line], words: str = "") -> Home:
    return Home(
        mine=page(lines, total=12),
        asleep=page(lines),
        team=page([writing(one, words) for one in lines], total=34),
        oldest_at=AT - timedelta(minutes=22),
        summary=summary(words[:500], words[:30]),
        today=figures(),
        at=AT,
        is_new=True,
    )


#: Every look of a card, by the name of its stored drawing.
LOOKS: dict[str, Sheet] = {
    "unclaimed": sheet(),
    "critical": sheet(case(priority=Priority.P1)),
    "could-not-be-judged": sheet(case(kind=Kind.UNSURE, priority=Priority.P4), kind=Kind.UNSURE, reasons=()),
    "claimed": sheet(claimed()),
    "frozen": sheet(freeze=freeze(account="harbourline")),
    "frozen-with-a-reply": sheet(claimed(), reply=reply(ReplyState.QUEUED), freeze=freeze()),
    "resolved-before-a-freeze": sheet(
        claimed(state=State.RESOLVED, resolution=Resolution.SPAM, resolved_by=ANA, due_at=None), freeze=freeze()
    ),
    "late-and-escalated": sheet(claimed(late_at=AT, tier=1), escalation=escalation()),
    "escalated-by-the-clock": sheet(case(late_at=AT, tier=1), escalation=escalation("no answer in time", "")),
    "needs-approval": sheet(claimed(priority=Priority.P2), waiting=(reply(ReplyState.AWAITING),)),
    "two-need-approval": sheet(
        claimed(),
        waiting=(
            reply(ReplyState.AWAITING),
            reply(ReplyState.AWAITING, "We refund the taxi.", id=ReplyId(6), by=StaffId("U0CLEO0001"), by_name="Cleo"),
        ),
    ),
    "approval-is-outdated": sheet(claimed(mentions=2), waiting=(reply(ReplyState.AWAITING, mention_id=MentionId(6)),)),
    "approved": sheet(
        claimed(), reply=reply(ReplyState.QUEUED, approver=StaffId("U0BEN00001"), approver_name="Ben", approved_at=AT)
    ),
    "sending-soon": sheet(claimed(), reply=reply(ReplyState.QUEUED)),
    "trying-again": sheet(claimed(), reply=reply(ReplyState.QUEUED, trouble="The platform asks us to wait.")),
    "sending": sheet(claimed(), reply=reply(ReplyState.SENDING)),
    "in-doubt": sheet(claimed(), reply=reply(ReplyState.UNKNOWN)),
    "refused": sheet(claimed(), reply=reply(ReplyState.REFUSED, trouble="You may not answer this author.")),
    "replied": sheet(claimed(due_at=None, last_reply_at=AT, first_reply_at=AT), reply=reply(ReplyState.SENT)),
    "customer-wrote-again": sheet(
        claimed(last_reply_at=AT, first_reply_at=AT, mentions=3),
        mention("Well, thank you very much, it was not on the next boat either."),
        reply=reply(ReplyState.SENT),
        first=replace(kept(mention()), id=MentionId(1)),
    ),
    "answers-with-photos-and-a-past": sheet(
        case(),
        mention(
            photos=6,
            photo_urls=("https://square.example/1.jpg", "https://square.example/2.jpg"),
            parent="@harbourline: New route to Ardmore from May! Book now.",
        ),
        history=History(earlier=2, since=AT - timedelta(days=9), unanswered=1),
    ),
    "snoozed": sheet(claimed(state=State.SNOOZED, snoozed_until=AT + timedelta(hours=18))),
    "resolved": sheet(
        claimed(state=State.RESOLVED, due_at=None, resolution=Resolution.ANSWERED, resolved_by=ANA, resolved_at=AT),
        reply=reply(ReplyState.SENT),
    ),
    "dismissed": sheet(case(state=State.RESOLVED, due_at=None, resolution=Resolution.SPAM, resolved_by=ANA)),
    "private": sheet(case(private=True), mention(visibility=Visibility.PRIVATE)),
    "answered-elsewhere-only": sheet(
        None, mention(platform="Blog", terms=Terms(mode=ReplyMode.OPEN_IN_PLATFORM, why="answer on the site"))
    ),
    "seen-late-in-danish": sheet(None, mention("Hvor er min kuffert?", lang="da", seen_at=AT, photos=2)),
    "least": sheet(
        case(due_at=None, alarm_at=None, author="x", platform="X"),
        mention("", url="", author=Author(handle="x"), likes=0, reposts=0, tagged=False, terms=Terms()),
        reasons=(),
        cards=(),
    ),
}
