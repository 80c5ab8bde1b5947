"""Message shortcuts: a post that a colleague found becomes a case, a colleague's words become a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cases.rights import may_somewhere
from bot.domain.ids import CaseId
from bot.domain.mention import ByHand
from bot.domain.staff import Staff
from bot.errors import NotAllowed
from bot.slack import ids, inputs
from bot.slack.blocks import Block, context, modal, section, typed
from bot.slack.text import Safe, address, clean, from_slack, say
from bot.slack.tools import Tools

Json = Mapping[str, Any]

#: Longest name of a network and of an author that is kept from a window.
_NETWORK_LIMIT: Final = 60
_HANDLE_LIMIT: Final = 200
_ADDRESS: Final = re.compile(r"https?://[^\s<>|]+")
_NUMBER: Final = re.compile(r"#?(\d{1,12})")


def listen(app: AsyncApp, tools: Tools) -> None:
    """Hear both shortcuts."""

    @app.shortcut(ids.TRACK)
    async def track(ack: AsyncAck, body: dict[str, Any]) -> None:
        may_somewhere(await tools.staff(body), "track", tools.policy)
        channel, message = str(body["channel"]["id"]), body["message"]
        if (case_id := await _case_here(tools, channel, message)) and message.get("user") == tools.directory.me:
            raise NotAllowed(f"Goshawk wrote this, about case {case_id}. It is tracked already.")
        private = not await tools.directory.is_public(channel)
        window = track_modal(message, private=private, memory=f"{channel}:{message['ts']}:{int(private)}")
        await tools.gateway.open(str(body["trigger_id"]), window)
        await ack()

    @app.shortcut(ids.KEEP)
    async def keep(ack: AsyncAck, body: dict[str, Any]) -> None:
        may_somewhere(await tools.staff(body), "note", tools.policy)
        case_id = await _case_here(tools, str(body["channel"]["id"]), body["message"])
        await tools.gateway.open(str(body["trigger_id"]), note_modal(body["message"], case_id))
        await ack()


async def _case_here(tools: Tools, channel: str, message: Json) -> CaseId | None:
    """Return the case of the card that a message is, or in whose thread it stands."""
    may_be_fresh = message.get("user") == tools.directory.me
    look = tools.case_of_card if may_be_fresh else tools.board.case_of_card
    return await look(channel, str(message.get("thread_ts") or message["ts"]))


def track_modal(message: Json, *, private: bool, memory: str = "") -> Block:
    """Return the question what was found where, filled in as far as the message tells."""
    told = _told(message)
    where = (
        say("🔒 This message stands in a private place: its case goes to the private channel only.")
        if private
        else say("🌍 Its card goes to the channel of public cases.")
    )
    return modal(
        "Track a mention",
        [
            typed("Network", block_id=ids.NETWORK, value=told["network"], tall=False, hint="For instance Mastodon."),
            typed("Author", block_id=ids.AUTHOR, value=told["author"], tall=False),
            typed("What they wrote", block_id=ids.TEXT, value=told["text"]),
            typed("Link to it", block_id=ids.LINK, value=told["link"], optional=True, tall=False),
            context(where),
        ],
        callback_id=ids.TRACK_VIEW,
        submit="Track",
        memory=memory,
    )


def _told(message: Json) -> dict[str, str]:
    """Return what a message tells of a post: Slack's own preview of the link first, then its text."""
    text = clean(from_slack(str(message.get("text") or ""))).strip()
    preview: Json = next(iter(message.get("attachments") or []), {})
    found = _ADDRESS.search(text)
    link = str(preview.get("from_url") or (found[0] if found else ""))
    own_words = re.sub(r" {2,}", " ", _ADDRESS.sub("", text)).strip()
    return {
        "network": clean(str(preview.get("service_name") or _host(link)))[:_NETWORK_LIMIT],
        "author": clean(str(preview.get("author_name") or preview.get("author_subname") or ""))[:_HANDLE_LIMIT],
        "text": clean(from_slack(str(preview.get("text") or ""))).strip() or own_words,
        "link": link,
    }


def _host(link: str) -> str:
    return link.partition("://")[2].partition("/")[0].removeprefix("www.")


def note_modal(message: Json, case_id: CaseId | None) -> Block:
    """Return the question to which case a message belongs."""
    text = clean(from_slack(str(message.get("text") or ""))).strip()
    return modal(
        "Add to case notes",
        [
            typed("Case", block_id=ids.CASE, value=str(case_id or ""), tall=False, hint="Its number, for instance 12."),
            typed("Note", block_id=ids.NOTE, value=text),
            context(say("Notes never leave the house. `/social show 12` reads them.")),
        ],
        callback_id=ids.NOTE_VIEW,
        submit="Add",
    )


async def tracked(tools: Tools, view: dict[str, Any], by: Staff) -> dict[str, Any]:
    """Open a case for what was found, and say which."""
    channel, ts, private = ids.split(str(view["private_metadata"]), 3)
    filled = {name: clean(inputs.words(view, name)).strip() for name in (ids.NETWORK, ids.AUTHOR, ids.TEXT)}
    link = inputs.typed(view, ids.LINK).strip()
    errors = {name: "Fill this in." for name, value in filled.items() if not value}
    if link and not address(link):
        errors[ids.LINK] = "This is no address of the web. Write one that begins with https://, or none."
    if errors:
        return {"response_action": "errors", "errors": errors}
    found = ByHand(
        network=filled[ids.NETWORK][:_NETWORK_LIMIT],
        author=filled[ids.AUTHOR].removeprefix("@")[:_HANDLE_LIMIT],
        text=filled[ids.TEXT],
        url=link,
        message=f"{channel}:{ts}",
        # Its channel may have been turned private while the window was open.
        private=private == "1" or not await tools.directory.is_public(channel),
    )
    case_id, is_new = await tools.pipeline.track(found, by=by)
    words = "Case {id} is open. Its card is on the way." if is_new else "Case {id} is about this already."
    return _said("Track a mention", say(words, id=case_id))


async def noted(tools: Tools, view: dict[str, Any], by: Staff) -> dict[str, Any]:
    """Write the words into the case's timeline."""
    number = _NUMBER.fullmatch(inputs.typed(view, ids.CASE).strip())
    if number is None:
        return {"response_action": "errors", "errors": {ids.CASE: "Name the case by its number, for instance 12."}}
    case_id = CaseId(int(number[1]))
    await tools.desk.note(case_id, by=by, text=inputs.words(view, ids.NOTE))
    return _said("Add to case notes", say("Noted on case {id}.", id=case_id))


def _said(title: str, words: Safe) -> dict[str, Any]:
    return {"response_action": "update", "view": modal(title, [section(words)], callback_id=ids.SEVERAL_DONE)}
