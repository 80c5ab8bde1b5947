"""Hides personal data in a text: cards, e-mail addresses, phone numbers, bank accounts, booking references.

Pure, and linear in the length of the text: every pattern is of bounded width.
The text is cut at what is hidden already and at what is found, and the pieces
are looked at again until nothing is found: hiding twice hides nothing more.
Signs that nobody sees are looked through, so that a number stays a number with
a zero-width space in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.privacy.numbers import Span, cards, ibans
from bot.privacy.phones import phones


class Found(StrEnum):
    """A kind of personal data, in the words that staff read."""

    IBAN = "a bank account"
    EMAIL = "an e-mail address"
    CARD = "a card number"
    PHONE = "a phone number"
    BOOKING = "a booking reference"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that can be shown, and what was hidden in it."""

    text: str
    found: tuple[Found, ...]
    """Each kind once, in the order of :class:`Found`."""


#: What stands in the place of something hidden; it is never looked into again.
_MARK: Final = re.compile(r"\[(?:card|IBAN|phone) ••\w\w\]|\[e-mail\]|\[booking\]")
#: Signs that take no room: whoever reads does not see them.
_UNSEEN: Final = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
#: How often a piece may be cut in pieces: more than there are kinds; it keeps the work linear.
_DEPTH: Final = 12

#: Longest local part of an address. Source: RFC 5321, 4.5.3.1.1, from memory.
_LOCAL_LIMIT: Final = 64
_DOMAIN: Final = re.compile(r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}")
_LOCAL: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]")

_CODE: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z0-9]{6}(?![A-Za-z0-9])")
_BOOKED: Final = re.compile(
    r"\b(?:bookings?|booked|pnr|reservations?|reserved|orders?|ref|reference|confirmation|locator|ticket|itinerary|"
    r"buchung\w{0,12}|gebucht|reservierung\w{0,10}|bestellung|bestellnummer|auftrag|vorgang|"
    r"r[ée]servations?|r[ée]serv[ée]|commande|dossier|r[ée]f[ée]rence|billet|"
    r"reservas?|pedido|localizador|referencia|refer[êe]ncia|billete|bilhete|encomenda|"
    r"prenotazion[ei]|ordine|riferimento|biglietto|"
    r"boeking\w{0,8}|geboekt|reservering\w{0,8}|bestelling|kenmerk)\b",
    re.IGNORECASE,
)
#: A word for a code right before: then even six letters are one.
_NAMED: Final = re.compile(
    r"\b(?:pnr|ref|reference|locator|booking code|confirmation code|buchungscode|buchungsnummer|"
    r"r[ée]f[ée]rence|localizador|referencia|"
    r"refer[êe]ncia|kenmerk|boekingscode)(?:[\s:#.=-]{1,3}|\s(?:is|ist|est|es|é|è)\s)\Z",
    re.IGNORECASE,
)
_FLIGHT: Final = re.compile(r"[A-Z]{2}\d{4}")
#: How far before and behind a code a word for it may stand, in characters.
_BEFORE, _BEHIND, _CLOSE = 40, 25, 20


def mask(text: str) -> Masked:
    """Hide what is personal; a text that holds nothing of the kind comes back as it is."""
    seen, places = _visible(text)
    found = sorted(_search(seen))
    pieces, at = [], 0
    for (start, end), kind in found:
        begin, stop = places[start], places[end - 1] + 1
        pieces += [text[at:begin], _mark(kind, seen[start:end])]
        at = stop
    kinds = {kind for _, kind in found}
    return Masked("".join([*pieces, text[at:]]), tuple(kind for kind in Found if kind in kinds))


def _visible(text: str) -> tuple[str, range | list[int]]:
    """Return the text as it is seen, and where each of its signs stands in the original."""
    if not _UNSEEN.search(text):
        return text, range(len(text))
    places = [place for place, sign in enumerate(text) if not _UNSEEN.match(sign)]
    return "".join(text[place] for place in places), places


def _mark(kind: Found, words: str) -> str:
    """Return what stands in the place: enough to speak of it, too little to use it."""
    if kind in {Found.EMAIL, Found.BOOKING}:
        return "[e-mail]" if kind is Found.EMAIL else "[booking]"
    name = {Found.CARD: "card", Found.IBAN: "IBAN", Found.PHONE: "phone"}[kind]
    return f"[{name} ••{''.join(sign for sign in words if sign.isalnum())[-2:]}]"


def _search(text: str) -> Iterator[tuple[Span, Found]]:
    for start, end in _between((mark.span() for mark in _MARK.finditer(text)), 0, len(text)):
        yield from _within(text, start, end, _DEPTH)


def _within(text: str, start: int, end: int, depth: int) -> Iterator[tuple[Span, Found]]:
    """Find everything in one piece: what the first finder finds cuts it into smaller ones."""
    piece = text[start:end]
    for kind, finder in _FINDERS.items():
        if spans := [(start + begin, start + stop) for begin, stop in _apart(finder(piece))]:
            yield from ((span, kind) for span in spans)
            for begin, stop in _between(spans, start, end) if depth else ():
                yield from _within(text, begin, stop, depth - 1)
            return


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Leave out what overlaps something that begins earlier, or as early and ends later."""
    free = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= free:
            yield start, end
            free = end


def _between(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """Return the gaps that are left."""
    for begin, stop in spans:
        if start < begin:
            yield start, begin
        start = stop
    if start < end:
        yield start, end


def _emails(text: str) -> Iterator[Span]:
    """Find addresses: from each at-sign to the right, then to the left; ``@mara@town.example`` is a handle."""
    for domain in _DOMAIN.finditer(text):
        start = domain.start()
        while start and domain.start() - start < _LOCAL_LIMIT and _LOCAL.match(text[start - 1]):
            start -= 1
        if start < domain.start() and text[start - 1 : start] != "@":
            yield start, domain.end()


def _bookings(text: str) -> Iterator[Span]:
    """Find codes of six capitals and digits near a word for a booking; a flight number is none by itself."""
    for code in _CODE.finditer(text):
        start, end = code.span()
        if code[0].isdigit():
            continue
        before = text[max(0, start - _CLOSE) : start]
        mixed = any(sign.isdigit() for sign in code[0]) and not _FLIGHT.fullmatch(code[0])
        near = _BOOKED.search(text, max(0, start - _BEFORE), min(len(text), end + _BEHIND))
        if _NAMED.search(before) or (mixed and near):
            yield start, end


_FINDERS: Final[dict[Found, Callable[[str], Iterator[Span]]]] = {
    Found.IBAN: ibans,
    Found.EMAIL: _emails,
    Found.CARD: cards,
    Found.PHONE: phones,
    Found.BOOKING: _bookings,
}
