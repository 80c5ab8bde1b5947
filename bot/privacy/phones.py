"""Phone numbers in a text, as people write them in the countries of our languages; never prices, dates or counts.

A number with a plus speaks for itself; the forms of a country only by their
grouping; anything else only behind a word like "call" or "Handy".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

Span = tuple[int, int]

_GAP: Final = r"[ \u00a0\u2009\u202f.\-\u2010-\u2015/()]"
#: No phone begins behind these: the number goes on, or is one of an address, an order or a sum.
_FREE: Final = r"(?<![\w/=#%&.,:+\u20ac$£-])"
_END: Final = r"(?!\d|[.,]\d)"

_FORMS: Final = (
    # With the country, from +298 123456 to 15 digits. Source: ITU-T E.164, from memory.
    rf"\+{_GAP}?[1-9](?:{_GAP}{{0,3}}\d){{7,14}}(?!\d)",
    rf"{_FREE}00{_GAP}?[1-9](?:{_GAP}{{0,3}}\d){{8,13}}{_END}",
    # Behind a nought: 030 1234567, 06 12 34 56 78, (020) 7946 0958, 070-123 45 67.
    rf"{_FREE}\(?0[1-9](?:{_GAP}{{0,2}}\d){{7,10}}{_END}",
    # 3-3-4: (555) 123-4567, 1-800-555-0199, 333 123 4567.
    rf"{_FREE}(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]{{1,2}}\d{{3}}[ .-]\d{{4}}{_END}",
    # Four pairs: 20 12 34 56. Three and pairs: 612 34 56 78, 91 123 45 67, 912 34 567.
    rf"{_FREE}[2-9]\d(?:[ \u00a0]\d\d){{3}}{_END}",
    rf"{_FREE}(?:[6-9]\d\d(?:[ \u00a0]\d\d){{3}}|9\d[ \u00a0]\d{{3}}(?:[ \u00a0]\d\d){{2}}){_END}",
    rf"{_FREE}9\d\d[ \u00a0]\d\d[ \u00a0]\d{{3}}{_END}",
    # 3-3-3 and 3-7: 612 345 678, 333 1234567.
    rf"{_FREE}[6-9]\d\d([ \u00a0-])\d{{3}}\1\d{{3}}{_END}(?![ \u00a0]?\d)",
    rf"{_FREE}3\d\d[ -]\d{{6,7}}{_END}",
)  # fmt: skip
_FORM: Final = tuple(re.compile(form) for form in _FORMS)

_WORDS: Final = (
    r"\b(?:phone|mobile|cell|tel|call|ring|whats?app|text|sms|fax|tlf|my (?:number|no)|handy|telefon(?:nummer)?|"
    r"mobil(?:nummer)?|rufnummer|meine nummer|portable|t[ée]l[ée]phone|mon num[ée]ro|appele[zr]|m[óo]vil|"
    r"tel[ée]fono|ll[aá]m\w{2,5}|mi n[úu]mero|telefone|telem[óo]vel|celular|meu n[úu]mero|cellulare|chiam\w{2,5}|"
    r"mio numero|telefoon(?:nummer)?|mobiel|mijn nummer|bel)\b"
)
#: What is called: any number close behind such a word, or one of seven digits (555-0142) some words later.
_CALL: Final = re.compile(
    rf"{_WORDS}"
    r"(?:[\W_]{1,3}(?:me|us|him|her|back|on|at|is|under|no|number|nr|n|num|nummer|unter|auf|an|au|al|a|el|le|il|"
    r"est|ist|es|é|è|op|på|mich|mij|moi|my|mine|mein|mon|mi|mio|meu|mijn)){0,3}[\W_]{0,4}?"
    rf"(\+?\d(?:{_GAP}{{0,2}}\d){{6,14}})(?!\d)",
    re.IGNORECASE,
)
_CALL_LATER: Final = re.compile(rf"{_WORDS}[^\d]{{1,30}}?{_FREE}(\d{{3}}[ -]\d{{4}}){_END}", re.IGNORECASE)

#: A day at the beginning: 21.11.2026, 03/04/26 and then something else; and "24/7".
_DAY: Final = re.compile(
    r"24/7\b|(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|[12]\d|3[01])\1(?:(?:19|20)\d\d(?!\d)|\d\d(?!\1?\d))"
    r"|(?:19|20)\d\d([./-])\d\d\2\d\d(?!\d)"
)
_SUM: Final = re.compile(
    r"\s?(?:€|\$|£|%|kr\b|eur|usd|gbp|dkk|sek|nok|chf|euros?\b|dollars?\b|pounds?\b)", re.IGNORECASE
)


def phones(text: str) -> Iterator[Span]:
    """Find phone numbers; they may overlap."""
    for form in _FORM:
        for found in form.finditer(text):
            if _is_phone(text, *found.span()):
                yield found.span()
    for call in (_CALL, _CALL_LATER):
        for found in call.finditer(text):
            if _is_phone(text, *found.span(1)):
                yield found.span(1)


def _is_phone(text: str, start: int, end: int) -> bool:
    """Tell a phone number from a date, a sum of money and a round count."""
    if _DAY.match(text, start) or _SUM.match(text, end):
        return False
    return not text[start:end].endswith(("000000", "000 000", "000.000"))
