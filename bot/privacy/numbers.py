"""Cards and bank accounts in a text: numbers that prove themselves by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

Span = tuple[int, int]

#: Digits in groups, as people write a card: one or two blanks, dashes or dots between.
_GROUPED: Final = re.compile(r"\d+(?:[ \t\u00a0\u2007-\u200a\u202f.·\u2010-\u2015-]{1,2}\d+)*")
_GROUP: Final = re.compile(r"\d+")
#: Fewest and most digits of a card. Source: ISO/IEC 7812, from memory.
_CARD: Final = range(13, 20)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
#: Signs before a number in an address: what follows is mostly the number of a post.
_IN_ADDRESS: Final = frozenset("/=&#")
#: First digits of payment cards, and their most digits, where a longer number is more likely a post's.
_PAYS: Final = (frozenset("23456"), 16)

#: Characters of an IBAN by country. Source: the SWIFT IBAN registry, from memory.
_IBAN_LENGTHS: Final = {
    country: int(length)
    for length, countries in {
        "15": "NO", "16": "BE", "18": "DK FI FO GL NL SD", "19": "MK SI", "20": "AT BA EE KZ LT LU MN XK",
        "21": "CH HR LI LV", "22": "BG BH CR DE GB GE IE ME RS VA", "23": "AE GI IL IQ OM TL",
        "24": "AD CZ ES MD PK RO SA SE SK TN VG", "25": "LY PT ST", "26": "IS TR", "27": "BI DJ FR GR IT MC MR SM",
        "28": "AL AZ BY CY DO GT HU LB NI PL SV", "29": "BR EG PS QA UA", "30": "JO KW MU", "31": "MT SC",
        "32": "LC", "33": "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
_IBAN_HEAD: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=[ \u00a0-]?[A-Za-z0-9])")
_IBAN_SIGN: Final = re.compile(r"[ \u00a0-]?([A-Za-z0-9])")


def cards(text: str) -> Iterator[Span]:
    """Find card numbers: 13 to 19 digits, in groups or not, that the check of Luhn proves."""
    for run in _GROUPED.finditer(text):
        groups = [(group.start(), group.end()) for group in _GROUP.finditer(text, *run.span())]
        yield from _cards_of(text, groups)


def _cards_of(text: str, groups: Sequence[Span]) -> Iterator[Span]:
    """Find cards that begin and end with a group of one run, the longest at each place, side by side.

    Sums from the beginning, for both ways to double every second digit, make each window one subtraction.
    """
    digits = [int(sign) for start, end in groups for sign in text[start:end]]
    sums = [list(accumulate((_add(digit, place + odd) for place, digit in enumerate(digits)), initial=0))
            for odd in (0, 1)]  # fmt: skip
    places = list(accumulate((end - start for start, end in groups), initial=0))
    first = 0
    while first < len(groups):
        last = _longest(text, groups, first, places, sums)
        if last:
            yield groups[first][0], groups[last - 1][1]
        first = last or first + 1


def _longest(
    text: str, groups: Sequence[Span], first: int, places: Sequence[int], sums: Sequence[Sequence[int]]
) -> int:
    """Return the group behind the longest card that begins with group ``first``, or 0."""
    found = 0
    for last in range(first + 1, len(groups) + 1):
        begin, end = places[first], places[last]
        if end - begin >= _CARD.stop:
            break
        total = sums[end % 2][end] - sums[end % 2][begin]  # 0 only for noughts, which are no card
        if total and total % 10 == 0 and end - begin in _CARD and _is_card(text, groups[first:last]):
            found = last
    return found


def _add(digit: int, place: int) -> int:
    """Return what a digit adds: the last of a number counts once, the one before it twice, and so on."""
    return digit if place % 2 else sum(divmod(digit * 2, 10))


def _is_card(text: str, groups: Sequence[Span]) -> bool:
    """Tell a card from numbers that pass by chance: a row of years, the number of a post in an address."""
    start, end = groups[0][0], groups[-1][1]
    if all(_YEAR.fullmatch(text[one:other]) for one, other in groups):
        return False
    firsts, most = _PAYS
    return text[start - 1 : start] not in _IN_ADDRESS or (text[start] in firsts and end - start <= most)


def ibans(text: str) -> Iterator[Span]:
    """Find bank accounts: as long as their country has them, and right by the check of ISO 7064."""
    for head in _IBAN_HEAD.finditer(text):
        length = _IBAN_LENGTHS.get(head[0][:2].upper(), 0)
        signs, end = list(head[0]), head.end()
        while len(signs) < length and (sign := _IBAN_SIGN.match(text, end)):
            signs.append(sign[1])
            end = sign.end()
        whole = length and len(signs) == length and not text[end : end + 1].isalnum()
        if whole and int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1:
            yield head.start(), end
