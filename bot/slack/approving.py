"""How a request for approval looks: its rows on the card, its lines in the thread, its windows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.cases.board import Sheet, Timeline
from bot.cases.changes import is_outdated
from bot.domain.approval import approvers
from bot.domain.case import Case
from bot.domain.event import Happening
from bot.domain.ids import ReplyId
from bot.domain.reply import Reply
from bot.domain.role import Grant
from bot.errors import NotOurs
from bot.slack import ids
from bot.slack.blocks import INPUT_LIMIT, Block, choice, context, modal, quote, section, typed
from bot.slack.text import Safe, clean, cut, dotted, lines, moment, person, say

#: Characters of a hash that a button carries: enough that no two texts share them.
PRINT: Final = 16
_PRINTED: Final = re.compile(r"[0-9a-f]{0,64}")
#: Characters of each where several wait: a message holds 12,000, and the window shows them whole.
CUT: Final = 600
#: Characters of the reasons: a list of words has no end.
WHY: Final = 300
#: Replies in one window: Slack takes 10 radio buttons.
SHOWN: Final = 10


def waits(sheet: Sheet) -> list[Block]:
    """Return the rows of a card that show what waits: who wrote it, why it waits, and the exact text."""
    blocks: list[Block] = []
    limit = INPUT_LIMIT if len(sheet.waiting) == 1 else CUT
    for reply in sheet.waiting[:SHOWN]:
        head = dotted(say("🟠 *Needs approval* · {who} asked at {at}", who=reply.by_name, at=_asked(reply)),
                      say("{why}", why=_why(reply)))  # fmt: skip
        blocks += [section(head), quote(reply.text, limit=limit, mark=" … (cut, full text behind Approve…)")]
        if outdated(sheet, reply):
            warning = "⚠️ Something was said since this was written, so it cannot be approved as it is."
            blocks.append(context(say(warning)))
    return blocks


def outdated(sheet: Sheet, reply: Reply) -> bool:
    """Whether the customer wrote again, changed their words, or was answered, since a reply was written."""
    answered = sheet.case.last_reply_at
    if sheet.kept.id != reply.mention_id or is_outdated(reply, sheet.kept):
        return True
    return bool(answered and reply.asked_at and answered > reply.asked_at)


def shown(sheet: Sheet, reply: Reply) -> str:
    """Return what a button carries: the reply, and the print of the text beside it."""
    return value_of(reply, reply.hash_as(sheet.kept.mention.terms.account))


def value_of(reply: Reply, text_hash: str) -> str:
    """Return the words by which a reply and its text come back."""
    return f"{reply.id}:{text_hash[:PRINT]}"


def read(value: str) -> tuple[ReplyId, str]:
    """Return the reply that a button or a choice names, and the print of what was shown.

    Raises:
        NotOurs: it was not made by us.
    """
    number, _, shown = value.partition(":")
    if not _PRINTED.fullmatch(shown):
        raise NotOurs
    return ReplyId(ids.number(number)), shown


def asked(timeline: Timeline, reply: Reply, grants: tuple[Grant, ...]) -> Safe:
    """Return the one line that calls the approvers."""
    words = "{whom} {who} asks for approval of a reply to case {id}: {why}. Approve stands on the card."
    case = timeline.sheet.case
    return say(words, whom=_whom(reply, case, grants), who=reply.by_name, id=case.id, why=_why(reply))


def unapproved(timeline: Timeline, reply: Reply, grants: tuple[Grant, ...]) -> Safe:
    """Return the line that calls them again."""
    words = "{whom} {who}'s reply to case {id} has waited for approval since {at}."
    case = timeline.sheet.case
    return say(words, whom=_whom(reply, case, grants), who=reply.by_name, id=case.id, at=_asked(reply))


def sent_back(reply: Reply, what: Happening) -> tuple[Safe, Safe]:
    """Return what the writer is told, and what the approver wrote."""
    did = "asks for changes before your reply leaves" if what is Happening.CHANGES else "did not approve your reply"
    head = say(f"{{whom}} {{who}} {did}. Your text is kept: press Reply on the card.",
               whom=person(reply.by), who=reply.approver_name)  # fmt: skip
    return head, say("“{words}”", words=cut(reply.trouble, 1_000)) if reply.trouble else Safe("")


def withdrawn(timeline: Timeline, reply: Reply) -> Safe:
    """Return the line that tells a writer that the case is over."""
    case = timeline.sheet.case
    return say(
        "{whom} {by} resolved case {id}, so your reply was not sent. Its text is kept.",
        whom=person(reply.by),
        by=case.resolved_by or "Somebody",
        id=case.id,
    )


def approve_modal(replies: Sequence[Reply]) -> Block:
    """Return the exact text once more, and where several wait the choice among them."""
    ends = [("Goes back to its writer", "reject"), ("Keeps waiting", "keep")]
    several = [
        _which("Which one leaves?", replies),
        choice("And the other?", ends, block_id=ids.OTHERS),
    ]
    return modal(
        "Approve a reply",
        [*_texts(replies), *(several if len(replies) > 1 else [])],
        callback_id=ids.APPROVE_VIEW,
        submit="Approve",
        memory=_memory(replies),
    )


def words_modal(replies: Sequence[Reply], *, changes: bool, words: str = "") -> Block:
    """Return the question what should be different, or why a reply does not leave; ``words`` were typed already."""
    label = "What should be different?" if changes else "Why not?"
    hint = "The writer reads this first; their text is kept."
    return modal(
        "Request changes" if changes else "Reject",
        [
            *_texts(replies),
            *([_which("Which one?", replies)] if len(replies) > 1 else []),
            typed(label, block_id=ids.REASON, value=words, hint=hint, optional=not changes),
        ],
        callback_id=ids.CHANGES_VIEW if changes else ids.REJECT_VIEW,
        submit="Request changes" if changes else "Reject",
        memory=_memory(replies),
    )


def approved(reply: Reply) -> Safe:
    """Return what an approver is told who does not see the card."""
    at = moment(reply.send_at or reply.written_at, "{time_secs}")
    words = "Approved: {who}'s reply to case {id} leaves at {at}. `/social undo {id}` takes it back."
    return say(words, who=reply.by_name, id=reply.case_id, at=at)


def waiting_modal(reply: Reply) -> Block:
    """Return what follows Send when the text itself was the reason to wait."""
    words = say("Your reply waits for approval: {why}. Nothing was sent yet.", why=_why(reply))
    then = say("The approvers are called in the card's thread. `/social undo {id}` takes it back.", id=reply.case_id)
    return modal("Waiting for approval", [section(lines(words, then))], callback_id=ids.DETAILS)


def chosen(view_memory: str, choice_value: str) -> tuple[ReplyId, str, list[ReplyId]]:
    """Return the reply that a window decides about, the print that was shown, and the others that were shown."""
    remembered = view_memory.split(",")
    reply_id, shown = read(choice_value or remembered[0])
    return reply_id, shown, [read(one)[0] for one in remembered if read(one)[0] != reply_id]


def _texts(replies: Sequence[Reply]) -> list[Block]:
    blocks: list[Block] = []
    for reply in replies[:SHOWN]:
        head = dotted(say("*{who}* asked at {at}", who=reply.by_name, at=_asked(reply)),
                      say("{why}", why=_why(reply)))  # fmt: skip
        blocks += [section(head), quote(reply.text, limit=INPUT_LIMIT)]
    return blocks


def _which(label: str, replies: Sequence[Reply]) -> Block:
    options = [(_short(reply), value_of(reply, reply.text_hash)) for reply in replies[:SHOWN]]
    return choice(label, options, block_id=ids.WHICH)


def _short(reply: Reply) -> str:
    return f"{reply.by_name}: {cut(clean(reply.text), 50)}".replace("\n", " ")


def _memory(replies: Sequence[Reply]) -> str:
    return ",".join(value_of(reply, reply.text_hash) for reply in replies[:SHOWN])


def _whom(reply: Reply, case: Case, grants: tuple[Grant, ...]) -> Safe:
    """Call whoever else may approve; where no roles are set up, name them."""
    called = approvers(grants, case, but=reply.by)[0]
    return Safe(" ".join(map(person, called))) or say("Owners and admins of this workspace:")


def _why(reply: Reply) -> str:
    return cut(reply.asked_for, WHY)


def _asked(reply: Reply) -> Safe:
    return moment(reply.asked_at or reply.written_at)
