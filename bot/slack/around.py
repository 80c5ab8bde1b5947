"""What stands around a mention: what it answers, its photos, and what its author wrote before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from bot.cases.board import Sheet, Timeline
from bot.domain.history import Earlier
from bot.slack.blocks import Block, context, divider, section
from bot.slack.text import Safe, address, cut, dotted, lines, link, moment, name, one_line, say

#: Photos that a card links to; of further ones only the number is told.
PHOTOS: Final = 4
#: Characters of what is answered, and of an earlier mention.
_PARENT_LIMIT: Final = 200
_EARLIER_LIMIT: Final = 150
#: Longest name of a host that is shown beside a link.
_HOST_LIMIT: Final = 60


def around(sheet: Sheet) -> list[Block]:
    """Return up to three small lines; nothing when there is nothing to tell."""
    told = lines(_answering(sheet), _photos(sheet), _before(sheet))
    return [context(told)] if told else []


def _answering(sheet: Sheet) -> Safe | None:
    parent = sheet.kept.mention.parent or (sheet.first.mention.parent if sheet.first else "")
    return say("↩️ answering: {words}", words=cut(one_line(parent), _PARENT_LIMIT)) if parent else None


def _photos(sheet: Sheet) -> Safe | None:
    """Return a link to each photo, with its host: people see where a press leads."""
    mention = sheet.kept.mention
    urls = [url for url in mention.photo_urls if address(url)][:PHOTOS]
    if not urls:
        return None
    rest = max(len(mention.photo_urls), mention.photos) - len(urls)
    told = [
        say("{link} ({host})", link=link(url, f"photo {n}"), host=_host(url)) for n, url in enumerate(urls, start=1)
    ]
    return dotted(Safe("📷 " + told[0]), *told[1:], say("{n} more", n=rest) if rest > 0 else None)


def _host(url: str) -> str:
    try:
        return cut(urlsplit(url).hostname or "?", _HOST_LIMIT)
    except ValueError:  # half an IPv6 address, for instance
        return "?"


def _before(sheet: Sheet) -> Safe | None:
    found = sheet.history
    if found is None:
        return None
    days = max(1, -((found.since - sheet.case.posted_at) // timedelta(days=1)))
    span = "a day" if days == 1 else f"{days} days"
    vain = f", {found.unanswered} unanswered" if found.unanswered else ""
    return say("👤 {nth} mention by this author in {span}{vain}", nth=_nth(found.earlier + 1), span=span, vain=vain)


def _nth(number: int) -> str:
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def earlier(timeline: Timeline) -> list[Block]:
    """Return what the author wrote before, for Details: a line each; nothing when there is nothing."""
    if not timeline.earlier:
        return []
    who = say("*Earlier by @{who}*", who=name(timeline.sheet.case.author))
    return [divider(), section(lines(who, *_told(timeline.earlier)))]


def _told(found: Sequence[Earlier]) -> list[Safe]:
    return [
        dotted(
            moment(one.kept.mention.posted_at, "{date_short_pretty}"),
            say("“{words}”", words=cut(one_line(one.kept.mention.text), _EARLIER_LIMIT)),
            _fate(one),
        )
        for one in found
    ]


def _fate(one: Earlier) -> Safe:
    if one.kept.case_id is None:
        return say("no case")
    answer = "answered" if one.answered else "not answered"
    return say("case {id}, {answer}", id=one.kept.case_id, answer=answer)
