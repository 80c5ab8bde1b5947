"""Typed steering: stopping all sending, and letting it go on."""

from __future__ import annotations

from bot.domain.role import spelled
from bot.slack import lists
from bot.slack.cards import Drawing
from bot.slack.text import from_slack, say
from bot.slack.tools import Tools
from bot.slack.verbs import Command


async def freeze(tools: Tools, said: Command) -> Drawing:
    """Stop sending, at once, for one account or for all."""
    account, reason = await _account_first(tools, said)
    done = await tools.gate.freeze(by=said.by, reason=reason, account=account)
    begun = f"{done.under_way} on the way already can't be called back." if done.under_way else "None was on its way."
    words = "🧊 Sending{scope} is frozen: nothing leaves from now on. {begun} The channel is told."
    return lists.notice(say(words, scope=done.scope, begun=begun))


async def unfreeze(tools: Tools, said: Command) -> Drawing:
    """Let sending go on."""
    done = await tools.gate.unfreeze(by=said.by, account=from_slack(said.rest))
    words = "🟢 Sending{scope} goes on. What waited leaves after a fresh undo window; its writers are told."
    return lists.notice(say(words, scope=done.scope))


async def _account_first(tools: Tools, said: Command) -> tuple[str, str]:
    """Return the account that is named first, if one is, and the reason.

    A first word that is no account belongs to the reason: in doubt everything is frozen, never too little.
    """
    words = from_slack(said.rest).split()
    known = set(map(spelled, await tools.gate.accounts()))
    if words and (words[0].startswith("@") or spelled(words[0]) in known):
        return words[0], " ".join(words[1:])
    return "", " ".join(words)
