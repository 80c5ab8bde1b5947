"""The board of a storm: one message for all the cards that nobody could read, edited every few seconds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bot.cases.board import Line
from bot.cases.boards import PAGE, SHOWN, Boards, Look, Part
from bot.domain.ids import CaseId
from bot.domain.job import Job
from bot.domain.policy import Policy
from bot.domain.sla import Priority
from bot.domain.staff import Staff
from bot.errors import SlackRefused
from bot.slack import ids
from bot.slack.blocks import Block, actions, button, context, divider, section
from bot.slack.cards import LOOKS, Drawing, frozen
from bot.slack.errors import GONE
from bot.slack.lists import HANDLE_LIMIT, notice, queue_line
from bot.slack.posting import Message, Poster
from bot.slack.text import Safe, cut, dated, dotted, fit, lines, link, moment, name, one_line, person, say, whose
from bot.slack.tools import Tools

#: Characters of a post on the board.
_QUOTE: Final = 140
#: Characters of the numbers of further critical cases: 300 of them fit.
_NUMBERS: Final = 2_900


class Billboard:
    """The job ``storm.board``: it looks every few seconds while a storm lasts, and edits when anything is new."""

    def __init__(self, poster: Poster, boards: Boards, policy: Policy) -> None:
        self._poster = poster
        self._boards = boards
        self._policy = policy

    async def draw(self, job: Job) -> None:
        """Post the board of a channel, edit it, or take it down when it is calm."""
        look = await self._boards.look(job.subject)
        if look is None or (look.board.ended_at and look.board.shown == _DOWN):
            return
        if look.is_calm and look.board.is_up:
            look = replace(look, board=await self._boards.over(look.board))
        if look.board.ts:
            await self._edit(job, look)
        else:
            await self._post(job, look)

    async def _edit(self, job: Job, look: Look) -> None:
        drawing, board = drawn(look, self._policy), look.board
        shown = _shown(look, drawing)
        if shown == board.shown:
            await self._boards.again(board)
            return
        await self._boards.quotes(board, _quoted(look))
        try:
            await self._poster.gateway.update(board.place, board.ts, drawing)
        except SlackRefused as refusal:
            await self._poster.refused(board.place, refusal)
            if refusal.code not in GONE:
                raise
            await self._post(job, replace(look, board=replace(board, ts="")))
            return
        await self._boards.drawn(replace(board, shown=shown), _quoted(look))

    async def _post(self, job: Job, look: Look) -> None:
        drawing, board = drawn(look, self._policy), look.board
        place = await self._poster.open_of(board.channel, self._policy.routes.operators)
        key = f"{job.key}:{board.begun_at.timestamp():.0f}:{board.shown[:8]}"
        stands = await self._poster.post(job, Message(key=key, channel=place, drawing=drawing))
        if stands.found:
            await self._poster.gateway.update(stands.channel, stands.ts, drawing)
        posted = replace(board, place=stands.channel, ts=stands.ts, shown=_shown(look, drawing))
        await self._boards.drawn(posted, _quoted(look))

    async def now(self, channel: str, ts: str) -> Drawing:
        """Return how a board has to read at this moment, for whoever takes words out of it."""
        look = await self._boards.look(self._policy.routes.cases)
        if look is None or (look.board.place, look.board.ts) != (channel, ts):
            return notice(say("This storm is over. `/social queue` lists what is left."))
        return drawn(look, self._policy)


#: What stands for the print of a board that came down: it is not drawn any more.
_DOWN: Final = "down"


def _shown(look: Look, drawing: Drawing) -> str:
    if not look.board.is_up:
        return _DOWN
    return hashlib.sha256(json.dumps([drawing.text, drawing.blocks]).encode()).hexdigest()


def _quoted(look: Look) -> list[CaseId]:
    return [line.case.id for line in look.top] if look.board.is_up else []


def drawn(look: Look, policy: Policy) -> Drawing:
    """Draw a board: what storms, what is most urgent, and the ways to all the rest."""
    if not look.board.is_up:
        return _down(look)
    called = person(policy.oncall) if policy.oncall else None
    since = moment(look.board.begun_at)
    head = dotted(say("🌊 *Storm since {since}*", since=since), say("{n} in the last minute", n=look.lately), called)
    blocks = [section(lines(*map(frozen, look.freezes), head, _figures(look))), context(_how()), divider()]
    for line in look.top:
        blocks += _entry(line)
    if look.critical:
        blocks.append(section(_numbers(look.critical)))
    blocks.append(_ways(look))
    sentence = say("Storm since {since}: {figures}", since=since, figures=_counts(look) or "all is taken")
    return Drawing(sentence, blocks)


def _down(look: Look) -> Drawing:
    """Say that it is over, without anybody's words: what is left is one press away."""
    began, ended = moment(look.board.begun_at), moment(look.board.ended_at or look.board.begun_at)
    head = say("🌤 *The storm is over*: {began} to {ended}. New cases get their cards again.", began=began, ended=ended)
    urgent = any(look.tally.waiting.get(priority) for priority in (Priority.P1, Priority.P2))
    follow = say("The most urgent that nobody has follow as cards.") if urgent else None
    blocks = [section(lines(head, _figures(look), follow)), _ways(look)]
    return Drawing(say("The storm is over. {figures}", figures=_counts(look) or "All is taken."), blocks)


def _how() -> Safe:
    return say("New cases stand here instead of on cards. Claim one and its card is posted; `/claim next` gives you "
               "the most urgent one, one after the other.")  # fmt: skip


def _counts(look: Look) -> Safe:
    waiting = look.tally.waiting
    found = [say("{sign} {n} {name}", sign=Safe(LOOKS[one][0]), n=waiting[one], name=str(one.name))
             for one in Priority if waiting.get(one)]  # fmt: skip
    return dotted(*found)


def _figures(look: Look) -> Safe:
    tally = look.tally
    oldest = say("oldest of {at}", at=dated(tally.oldest_at)) if tally.oldest_at else None
    taken = say("{n} taken or done", n=tally.taken) if tally.taken else None
    counts = _counts(look)
    return dotted(Safe(f"*Nobody has yet:* {counts}") if counts else say("*Somebody has each of them*"), oldest, taken)


def _entry(line: Line) -> list[Block]:
    """Return one case: what it says, who is heard by how many, and the two things to do."""
    case = line.case
    mention = line.kept.mention if line.kept else None
    followers = mention.author.followers if mention else None
    reach = say("{n} followers", n=f"{followers:,}") if followers else None
    author = whose(case.author, case.platform, private=case.private, limit=HANDLE_LIMIT)
    due = say("due {at}", at=moment(case.due_at)) if case.waits and case.due_at else None
    words = say("{words}", words=cut(one_line(mention.text), _QUOTE) or "(no text)") if mention else None
    top = dotted(say("{sign} *{id}*", sign=Safe(LOOKS[case.priority][0]), id=case.id), author, reach, due)
    value, about = ids.Drawn(case.id, case.version).value(), f"complaint from {name(case.author)}"
    row = [button("Claim", ids.CLAIM, value, about=about), button("Show", ids.SHOW_CARD, value, about=about)]
    return [section(lines(top, words)), actions(row, block_id=f"storm-{case.id}")]


def _numbers(critical: Sequence[CaseId]) -> Safe:
    words = "{sign} *{n} more critical:* {numbers} · `/claim {one}` takes one"
    numbers = fit(Safe(", ".join(map(str, critical))), _NUMBERS)
    return say(words, sign=Safe(LOOKS[Priority.P1][0]), n=len(critical), numbers=numbers, one=critical[0])


def _ways(look: Look) -> Block:
    ways = [button("Open the queue", ids.SHOW_MORE, "unanswered:0")]
    if sum(look.tally.waiting.values()) > len(look.top) or not look.board.is_up:
        skip = SHOWN if look.board.is_up else 0
        ways.insert(0, button(f"Next {PAGE}", ids.NEXT_OF_STORM, str(skip), about="of this storm"))
    return actions(ways, block_id="storm-ways")


def is_pressed(body: dict[str, Any]) -> bool:
    """Return whether a button stood on a board: what becomes of the case is not in view there."""
    pressed: list[dict[str, Any]] = body.get("actions") or [{}]
    return str(pressed[0].get("block_id", "")).startswith("storm-")


async def show_next(tools: Tools, value: str, *, by: Staff, body: dict[str, Any]) -> None:
    """Answer with the next cases of a storm, in the order of its board."""
    skip = ids.number(value)
    tools.errands.spawn(tools.answer(body, page(await tools.boards.page(skip, sight=tools.sight(by)))))


def page(part: Part) -> Drawing:
    """Draw some cases of a storm, with the way to those behind them."""
    if not part.lines:
        return notice(say("That was all of this storm that nobody has."))
    head = say("*Of this storm* ({first} to {last}, most urgent first)", first=part.first, last=part.last)
    row = [button(f"Next {PAGE}", ids.NEXT_OF_STORM, str(part.last), about="of this storm")]
    foot = actions(row, block_id=f"storm-page-{part.first}")
    return Drawing(head, [section(head), *[queue_line(line) for line in part.lines], foot])


async def show_card(tools: Tools, case_id: CaseId, *, by: Staff, body: dict[str, Any]) -> None:
    """Post the card of a case that folded, or show the way to the one it has."""
    if await tools.boards.show(case_id, by=by):
        words = say("The card of case {id} is on the way.", id=case_id)
    else:
        words = say("Case {id} has a card.", id=case_id)
        cards = (await tools.board.sheet(case_id)).cards
        if cards and (where := await tools.gateway.permalink(cards[-1].channel, cards[-1].ts)):
            words = dotted(words, link(where, "Open the card"))
    tools.errands.spawn(tools.answer(body, notice(words)))
