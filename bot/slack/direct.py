"""``/reply 12 text``, where a team lets it send at once: behind the undo window, and with the checks of the window.

A team that switches this on trades one look for a few seconds. So the answer
shows the exact text and the moment it leaves, with Undo beside it; whatever the
window would show once more before Send opens the window here, too.
"""

from __future__ import annotations

from bot.domain.ids import CaseId
from bot.domain.reply import Reply, ReplyState, text_trouble
from bot.errors import NotAllowed
from bot.slack import ids, writing
from bot.slack.blocks import button, quote, section
from bot.slack.cards import Drawing
from bot.slack.text import moment, say
from bot.slack.tools import Tools
from bot.slack.verbs import Command


def wanted(tools: Tools, said: Command, words: tuple[str, ...]) -> bool:
    """Return whether a command sends by itself: the team allows it, it names its case, and it holds a text.

    A line in a thread never does.
    """
    return tools.policy.direct_reply and "command" in said.body and len(words) < len(said.words) and bool(words)


async def send(tools: Tools, said: Command, case_id: CaseId, words: tuple[str, ...]) -> Drawing | None:
    """Send what was typed, or open the window with it where a person should look twice.

    Raises:
        NotAllowed: it cannot be sent as it is; the text is kept.
    """
    text = writing.public(tools, _typed(said, words), by=said.by)
    begun = await writing.begin(tools, case_id, by=said.by, text=text)
    desktop = await tools.drafts.look(begun.draft.id, by=said.by)
    if trouble := text_trouble(text, desktop.kept.mention.terms):
        raise NotAllowed(f"{trouble} Nothing was sent. Your text is kept: /reply {case_id} opens the window.")
    if writing.wants_a_check(tools, desktop, text):
        warnings = [*writing.warnings_in(desktop, text), "Look at it once more, then press Send: nothing has left yet."]
        await writing.open_window(tools, desktop, str(said.body["trigger_id"]), by=said.by, warnings=warnings)
        return None
    drawn = desktop.case.version
    reply = await tools.sending.send(desktop.draft.id, by=said.by, text=text, resolves=False, drawn=drawn)
    return _sent(reply, ids.Drawn(case_id, drawn))


def _typed(said: Command, words: tuple[str, ...]) -> str:
    """Return the text as it was typed, with its line breaks."""
    whole = str(said.body.get("text") or "")
    return whole.split(None, len(whole.split()) - len(words))[-1]


def _sent(reply: Reply, drawn: ids.Drawn) -> Drawing:
    if reply.state is ReplyState.AWAITING:
        words = say("🟠 Your reply to case {id} waits for approval: {why}. `/social undo {id}` takes it back.",
                    id=reply.case_id, why=reply.asked_for)  # fmt: skip
    else:
        at = moment(reply.send_at, "{time_secs}") if reply.send_at else say("at once")
        words = say("✉️ Your reply to case {id} leaves at {at}. Until then Undo, or `/social undo {id}`, takes it back.",
                    id=reply.case_id, at=at)  # fmt: skip
    press = button("Undo", ids.UNDO, drawn.value(), about=f"your reply to case {reply.case_id}")
    return Drawing(words, [section(words, accessory=press), quote(reply.text, limit=3_000)])
