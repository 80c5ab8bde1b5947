"""Reads a post into words and marks: what the cues are compared with.

The original text is never changed; matching works on a copy without handles, links and invisible signs, so that a
brand's name cannot move a score. Every pattern here runs in time linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.triage.cues.spelling import SPELLINGS

#: Characters that are looked at; a hostile text beyond it costs nothing.
CHARACTER_LIMIT: Final = 4_000
#: Words that are looked at, with the same purpose: keeps the slowest post under 5 ms.
WORD_LIMIT: Final = 500
#: Longest quotation in a reason, in characters: one line of a card.
QUOTE_LIMIT: Final = 60
#: What ends a sentence, as it is called among the words: a stop, and calm and loud marks. No gap crosses one.
ENDS: Final = frozenset({".", "!", "!!", "<?>", "<??>"})
#: What any number is called among the words.
NUMBER: Final = "0"
#: What a number from 70 to 109 is called: maybe somebody's age. A cue's ``0`` means it as well.
OLD: Final = "70"
#: What "10/10" and the like are called among the words.
FULL_MARKS: Final = "<full>"
#: What a link is called among the words.
LINK: Final = "<link>"

_INVISIBLE = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]+"
)
#: Piled-up accents and letters that stand for whole sentences: costly to normalise, and nothing to read.
_PILES = re.compile("[\u0300-\u036f]{3,}|[\ufdf0-\ufdfd]+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}", re.IGNORECASE)
_THRICE: Final = tuple(letter * 3 for letter in "aehimnoprstuy")
_CAPITALS = re.compile("[A-Z]{3}")
_HANDLE = re.compile(r"@\w[\w.@-]*(?<![.@-])")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@\w[\w.-]*")
_LINKS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HASHTAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: Words of judgement that people run together with others in a hashtag.
_RUN_ON = re.compile(
    r"(worst|horrible|terrible|awful|pathetic|rude|never|again|customer|service|disappoint(?:ed|ing)|staff|scam|unhappy"
    r"|delay(?:ed|s)?|cancelled|refund|unacceptable|frustrat(?:ed|ing)|stranded|sucks?|fail(?:ed|s)?(?!u))",
    re.IGNORECASE,
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'"})
#: Letters of all scripts, roughly: a plain range is read three times as fast as asking what each sign is.
_LETTERS = "[A-Za-z\u00aa\u00b5\u00ba\u00c0-\u1fff\u2c00-\u2dff\u3005-\ud7ff\uf900-\ufdff\ufe70-\ufefe\uff66-\uffdc]+"
_PRAISED = re.compile(r"(?:10|(?i:ten))(?:/| (?i:out of) )(?:10|(?i:ten))(?![\w/])")
_TOKEN = re.compile(
    rf"{_PRAISED.pattern}|{_LETTERS}(?:'{_LETTERS})?|\d+(?:[.,:]\d+)*"
    r"|[:;=]['-]?[()DPp/|\[\]]|[.!?;\n]+|[£$€%]|/s\b|<link>"
    r"|[\u203c-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
)


@dataclass(frozen=True, slots=True)
class Post:
    """A text as the cues see it."""

    text: str
    """The copy that was read."""
    words: list[str]
    """Lower-case words without apostrophes; numbers, spans of time and sentence ends under their common names."""
    shouted: list[int]
    """Positions of the words in capitals, three letters or more."""

    def quotes(self, places: Sequence[tuple[int, int]]) -> list[str]:
        """Return the author's own words at each of ``places``, from word to word, at most 60 characters."""
        last = max((end for _, end in places), default=0)
        spans = [match.span() for match in islice(_TOKEN.finditer(self.text), last)]
        return [_short(self.text[spans[start][0] : spans[end - 1][1]]) for start, end in places]


def read(text: str) -> Post:
    """Read ``text`` into a post; any string will do."""
    copy = _plain(text[:CHARACTER_LIMIT])
    low = copy.lower()
    if len(low) != len(copy):
        copy = low
    words = [
        SPELLINGS.get(token, token) if token.isalpha() else _mark(token) for token in _TOKEN.findall(low)[:WORD_LIMIT]
    ]
    return Post(copy, words, _shouted(copy) if _CAPITALS.search(copy) else [])


def _plain(text: str) -> str:
    if "`" in text:
        text = text.replace("`", "'")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _PILES.sub("", text))[:CHARACTER_LIMIT]
        text = _INVISIBLE.sub("", text).translate(_QUOTES)
    if "@" in text:
        text = _without_addresses(text)
    if "http" in text or "www." in text:
        text = _LINKS.sub(f" {LINK} ", text)
    if "#" in text:
        text = _HASHTAG.sub(lambda tag: _RUN_ON.sub(r" \1 ", _HUMP.sub(" ", tag[1])), text)
    low = text.lower()
    if any(thrice in low for thrice in _THRICE):
        text = _DRAWN_OUT.sub(r"\1\1", text)
    return text


def _without_addresses(text: str) -> str:
    if any(before[-1:].isalnum() for before in text.split("@")[:-1]):
        text = _MAIL.sub(" ", text)
    return _HANDLE.sub(" ", text)


def _shouted(text: str) -> list[int]:
    tokens = _TOKEN.findall(text)[:WORD_LIMIT]
    return [at for at, token in enumerate(tokens) if len(token) > 2 and token.isupper()]


def _short(said: str) -> str:
    said = " ".join(said.split()).replace(" ,", ",")
    for opens, closes in ("()", "“”"):
        if said.count(opens) != said.count(closes):
            said = said.replace(opens, "").replace(closes, "")
    said = said.replace('"', "") if said.count('"') % 2 else said
    return said if len(said) <= QUOTE_LIMIT else said[: QUOTE_LIMIT - 1] + "…"


def _mark(token: str) -> str:
    """Return the name of a token that is no plain word: a number, a sentence end, an emoji, a word like "don't"."""
    if token.strip(".!?;\n") == "":
        return _end(token)
    if token.startswith(("10", "ten")) and _PRAISED.fullmatch(token):
        return FULL_MARKS
    if token[0].isdigit():
        return OLD if token.isascii() and token.isdecimal() and 70 <= int(token[:4]) < 110 else NUMBER
    return plain_word(token)


def _end(token: str) -> str:
    if "?" in token:
        return "<?>" if len(token) == 1 else "<??>"
    return "." if "!" not in token else "!" if len(token) == 1 else "!!"


def plain_word(word: str) -> str:
    """Return ``word`` as it is compared: "Don't" is "dont", "hours" a "day", but "I'll" is not "ill"."""
    word = word.lower()
    if "'" in word and not word.endswith(("'ll", "'re", "'d")):
        word = word.replace("'", "")
    return SPELLINGS.get(word, word)
