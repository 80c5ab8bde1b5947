"""Piles of work as messages and modals: a page of cases, the next page, several of them resolved at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cases.board import FAR, Line, Pile
from bot.cases.overview import Page
from bot.domain.case import Resolution, State
from bot.errors import NotOurs
from bot.slack import ids
from bot.slack.blocks import Block, actions, button, choice, context, modal, section, ticks, typed
from bot.slack.cards import Drawing
from bot.slack.lists import HANDLE_LIMIT, notice, queue_line
from bot.slack.text import Safe, cut, lines, name, one_line, say

TITLES: Final = {Pile.TEAM: "Open work", Pile.MINE: "Yours", Pile.UNANSWERED: "Unanswered", Pile.LATE: "Late"}
#: What is left of an option's label for a customer's handle and words.
_LABEL_LIMIT: Final = 74


def pile_list(pile: Pile, page: Page) -> Drawing:
    """Return one page of a pile, each case with its next step, and the ways on."""
    title = TITLES[pile]
    if not page.lines and not page.skipped:
        return notice(say("{title}: nothing here. Well done.", title=title))
    if not page.lines:
        return notice(say("{title}: that was all.", title=title))
    first = page.skipped + 1
    last = page.skipped + len(page.lines)
    total = f"{page.total}" if page.total < FAR else f"more than {FAR - 1}"
    count = f"({page.total})" if page.total == len(page.lines) else f"({first} to {last} of {total}, most urgent first)"
    head = say("*{title}* {count}", title=title, count=count)
    ways = _ways_on(pile, page)
    foot = [actions(ways, block_id=f"pile-{pile}-{page.skipped}")] if ways else []
    blocks = [section(head), *[queue_line(line) for line in page.lines], *foot]
    return Drawing(say("{title} {count}", title=title, count=count), blocks)


def _ways_on(pile: Pile, page: Page) -> list[Block]:
    here = f"{pile}:{page.skipped}"
    found = [button("Resolve several…", ids.RESOLVE_SEVERAL, here)] if len(page.lines) > 1 else []
    if page.rest:
        found.insert(0, button(f"Show more ({page.rest})", ids.SHOW_MORE, f"{pile}:{page.skipped + len(page.lines)}"))
    return found


def place_of(value: str) -> tuple[Pile, int]:
    """Read which pile a button stands under, and how many cases come before.

    Raises:
        NotOurs: it is no pile.
    """
    pile, _, skipped = value.partition(":")
    if pile not in set(Pile):
        raise NotOurs
    return Pile(pile), ids.number(skipped or "0")


def several_modal(page: Page) -> Block:
    """Return the question which cases of a page are over, and why; what Slack brings back holds ids and versions."""
    alive = [line for line in page.lines if line.case.state is not State.RESOLVED]
    if not alive:
        return modal("Resolve several", [section(say("Nothing is left here."))], callback_id=ids.SEVERAL_DONE)
    reasons = [(str(reason).capitalize(), str(reason)) for reason in Resolution]
    boxes = ticks("Which are over?", [_option(line) for line in alive], block_id=ids.CASES)
    return modal(
        "Resolve several",
        [
            {**boxes, "optional": False},
            choice("Why?", reasons, block_id=ids.RESOLUTION, chosen=None),
            typed("Note for colleagues", block_id=ids.NOTE, optional=True),
            context(say("Each is resolved by itself: one that cannot be is told with its reason.")),
        ],
        callback_id=ids.SEVERAL_VIEW,
        submit="Resolve",
    )


def _option(line: Line) -> tuple[str, str]:
    case = line.case
    words = one_line(line.kept.mention.text) if line.kept and not case.private else "🔒 private"
    who = f" @{cut(name(case.author), HANDLE_LIMIT // 3)}" if case.author else ""
    label = f"{case.id}{who}: {words}"
    return cut(label, _LABEL_LIMIT), ids.Drawn(case.id, case.version).value()


def several_told(told: Sequence[Safe]) -> Block:
    """Return what became of each."""
    return modal("Resolve several", [section(lines(*told))], callback_id=ids.SEVERAL_DONE)
